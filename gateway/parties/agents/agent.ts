import type { Asset } from '../../money/asset.ts'
import { type Money, money } from '../../money/money.ts'
import type { PartyId } from '../../ports/ids.ts'
import { type Metadata, saidMetadata } from '../../ports/metadata.ts'
import type { AgentFact, AgentId, AgentStatus, MandateData } from './facts.ts'

/** What an agent may spend. Amounts in USD; to what costs more than `approvalAbove` a person agrees. */
type Policy = Readonly<{
  requestMax: Money
  dayMax: Money
  approvalAbove?: Money | undefined
  payees: readonly PartyId[] | undefined
  endsAt: number | undefined
}>
/**
 * What somebody has signed that it may spend, but for what its policy has of that already. Digests in hex, of the tokens, which the journal has. `issuer`: the
 * thumbprint of the key. `usesMax`: payments in all. `items`: the addresses that may be bought.
 */
export type Mandate = Readonly<{
  paymentSha256: string
  checkoutSha256: string | undefined
  issuer: string
  budgetMax: Money | undefined
  usesMax: number | undefined
  items: readonly string[] | undefined
}>
/** A program that spends a party's balance. Times in ms. */
export type Agent = Readonly<{
  id: AgentId
  party: PartyId
  name: string
  status: AgentStatus
  policy: Policy
  mandate?: Mandate
  metadata?: Metadata
  createdAt: number
}>
/** What a new one is made of. */
export type NewAgent = Readonly<{
  party: PartyId
  name: string
  policy: Policy
  mandate?: MandateData | undefined
  metadata?: Metadata
  by: string
}>

/** The agent that this fact makes. */
export function agentOf({ id, at, data }: Extract<AgentFact, { type: 'agent.created' }>, usd: Asset): Agent {
  const { party, name, requestUsdMax, dayUsdMax, approvalAboveUsd, payees, endsAt, mandate, metadata } = data
  const of = (units: string) => money(usd, BigInt(units))
  const above = approvalAboveUsd === undefined ? {} : { approvalAbove: of(approvalAboveUsd) }
  const policy = { requestMax: of(requestUsdMax), dayMax: of(dayUsdMax), ...above, payees, endsAt }
  const signed = mandate ? { mandate: mandateOf(mandate, usd) } : {}
  return { id, party, name, status: 'active', policy, ...signed, ...saidMetadata(metadata), createdAt: at }
}

/** Its tokens stay in the journal: they are read when somebody asks for them. */
function mandateOf({ paymentSha256, checkoutSha256, issuer, budgetUsdMax, usesMax, items }: MandateData, usd: Asset): Mandate {
  const budgetMax = budgetUsdMax === undefined ? undefined : money(usd, BigInt(budgetUsdMax))
  return { paymentSha256, checkoutSha256, issuer, budgetMax, usesMax, items }
}
