import { type FactOf, factKinds } from '../../ports/factKinds.ts'
import type { AttemptId, Hex } from '../../ports/ids.ts'
import type { EvmRailName } from '../../ports/railName.ts'

/** `sweep`: what a split's receiver holds goes into its pot. `claim`: the pot pays the gateway's row. */
export type ClaimStep = 'sweep' | 'claim'

/** `units` of the chain's token, as the contract and the ledger said alike. */
type BegunData = Readonly<{ rail: EvmRailName; splitId: Hex; step: ClaimStep; units: string }>
type EndedData = Readonly<{
  rail: EvmRailName
  splitId: Hex
  step: ClaimStep
  outcome: 'settled' | 'failed'
  transaction?: string
  reason?: string
}>

export type ShareClaimEnded = FactOf<'share_claim.ended', AttemptId, EndedData>

/** Every fact that this room writes. Id: what the rail knows the transaction by. */
type ShareClaimFact = FactOf<'share_claim.begun', AttemptId, BegunData> | ShareClaimEnded

const kinds = factKinds<ShareClaimFact>({ 'share_claim.begun': true, 'share_claim.ended': true })

/** A fact of this room as the journal takes it. */
export const toShareClaimFact = kinds.write
/** The fact as this room wrote it; undefined for another room's. */
export const readShareClaimFact = kinds.read
