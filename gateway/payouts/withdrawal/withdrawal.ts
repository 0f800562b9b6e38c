import type { WithdrawalPlan } from '../../ports/chainWallet.ts'
import type { EntryId, WithdrawalId } from '../../ports/ids.ts'
import type { Metadata } from '../../ports/metadata.ts'
import type { RailName } from '../../ports/railName.ts'

/** `begun`: the books hold it, and the rail may have heard of it. `settled`: it has left for good. `failed`: nothing left, and the hold is released. */
type WithdrawalStatus = 'begun' | 'settled' | 'failed'

/** Money on its way out of a rail's wallet. `entry` holds the amount (leg 0) and the fee (leg 1) until the end. Times in ms. */
export type Withdrawal = Readonly<{
  id: WithdrawalId
  rail: RailName
  place: string
  plan: WithdrawalPlan
  metadata?: Metadata
  entry: EntryId
  status: WithdrawalStatus
  /** Of the transaction, once it has settled; why not, when it failed. */
  transaction: string | undefined
  detail: string | undefined
  createdAt: number
  endedAt: number | undefined
}>
