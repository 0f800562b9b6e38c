import type { EntryId, Hex, PartyId } from '../ports/ids.ts'
import type { FailureReason } from '../ports/outcome.ts'
import type { EvmRailName } from '../ports/railName.ts'
import type { Authorization } from '../ports/receiver.ts'

export type ErrandId = `er_${string}`

/** One payment that the gateway carries to the chain for a seller whose money it is not. */
export type Errand = Readonly<{
  id: ErrandId
  seller: PartyId
  claimKey: string
  fingerprint: string
  rail: EvmRailName
  payer: Hex
  /** Only while it may still have to be sent. */
  authorization: Authorization | undefined
  /** What the seller is charged, in the asset of balances; held by leg 0 of the entry until the end. */
  feeUnits: bigint
  entry: EntryId
  takenAt: number
  state: 'open' | 'settled' | 'failed'
  transaction: Hex | undefined
  reason: FailureReason | undefined
}>
