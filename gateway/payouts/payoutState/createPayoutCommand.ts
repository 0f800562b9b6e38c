import type { Money } from '../../money/money.ts'
import type { AccountPath, Claim, Fact } from '../../ports/books.ts'
import type { EntryId, PayoutId } from '../../ports/ids.ts'
import type { Metadata } from '../../ports/metadata.ts'
import type { Destination } from '../../ports/sender.ts'
import type { Behalf } from '../fees/purses.ts'
import type { FeeBearer, PlannedWay, Promised } from './payout.ts'
import type { PayoutView } from './view.ts'

/** What becomes durable in the same submission as the payout. */
export type Alongside = Readonly<{ claims: readonly Claim[]; facts: readonly Fact[] }>

/**
 * `source`: `party:...`, `surplus:...`, `exchange:...`, `netting:...` or `batch:...`; `amount` in its asset; `destinations`: one to eight, any of which
 * will do. `behalf` is for whom it is made, when that is not the source itself; `feeMax`, in units of the amount's asset, is what the source bears of a fee
 * above the operator's budget. `along` is given the payout as it will be made and adds the caller's claims and facts, such as an idempotency key and the
 * answer kept for it.
 */
export type CreatePayout = Readonly<{
  id?: PayoutId
  source: AccountPath
  amount: Money
  destinations: readonly Destination[]
  reference: string
  metadata?: Metadata
  createdBy: string
  behalf?: Behalf
  feeMax?: bigint
  /** Refused where less than so many units would stay on the source besides. */
  keep?: bigint | undefined
  /** What the operator bears of its fees at most, in units of the amount's asset, where the policy would let it cost more. */
  ownFeeMax?: bigint
  /** No try is made before it (ms). */
  sendAt?: number | undefined
  /** No try is made whose payee would have good funds after it (ms). */
  deliverBy?: number | undefined
  /** It waits for the cheapest time until `deliverBy`. */
  cheapest?: true | undefined
  /** Who bears the fee that `feeMax` says, which is charged whatever the rail takes. */
  feeBearer?: FeeBearer | undefined
  /** What a quote has promised the payee. */
  promised?: Promised
  /** No try is made after it (ms). */
  sendBy?: number
  /** In so many parts it may be paid at most, where it is too much for each way; whole or not at all when absent. */
  partsMax?: number | undefined
  /** By which way the plan of its batch has it paid. */
  planned?: PlannedWay | undefined
  /** The entry that holds its money already, as `holdEntry` does: it is the payout's from now on. */
  held?: EntryId
  along?: (made: PayoutView) => Alongside
}>
