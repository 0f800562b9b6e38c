import { type FactOf, factKinds } from '../../ports/factKinds.ts'
import type { PartyId } from '../../ports/ids.ts'
import type { Metadata } from '../../ports/metadata.ts'

export type AgentId = `ag_${string}`
/** What a party can do with one: `revoked` is for good. */
export type AgentStatus = 'active' | 'paused' | 'revoked'

/**
 * A mandate of AP2: the tokens as they were given, the key that has signed them, and their SHA-256 in hex; `issuer` is the key's thumbprint (RFC 7638),
 * `signedSha256` of what was signed of the payment, without signature and disclosures: it is the same of each copy. What it limits beside the policy:
 * `budgetUsdMax` in units of USD, `usesMax` payments, `items` that may be bought.
 */
export type MandateData = Readonly<{
  payment: string
  checkout?: string
  issuerKey: Readonly<{ kty: 'EC'; crv: 'P-256'; x: string; y: string }>
  paymentSha256: string
  checkoutSha256?: string
  signedSha256: string
  issuer: string
  budgetUsdMax?: string
  usesMax?: number
  items?: readonly string[]
}>

/**
 * `requestUsdMax` and `dayUsdMax` in units of USD; without `payees` (parties) it may pay anybody, without `endsAt` (ms) until it is
 * ended; what costs more than `approvalAboveUsd` a person agrees to.
 */
type AgentData = Readonly<{
  party: PartyId
  name: string
  requestUsdMax: string
  dayUsdMax: string
  approvalAboveUsd?: string
  payees?: readonly PartyId[]
  endsAt?: number
  mandate?: MandateData
  metadata?: Metadata
  by: string
}>

/** Every fact that this room writes. */
export type AgentFact =
  | FactOf<'agent.created', AgentId, AgentData>
  | FactOf<'agent.changed', AgentId, Readonly<{ status: AgentStatus; by: string }>>

const kinds = factKinds<AgentFact>({ 'agent.created': true, 'agent.changed': true })

/** A fact of this room as the journal takes it. */
export const toAgentFact = kinds.write
/** The fact as this room wrote it; undefined for another room's. */
export const readAgentFact = kinds.read
