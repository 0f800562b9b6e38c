import type { Asset } from '../../money/asset.ts'
import type { Fact } from '../../ports/books.ts'
import { type FactOf, factKinds } from '../../ports/factKinds.ts'
import type { PartyId } from '../../ports/ids.ts'
import type { Metadata } from '../../ports/metadata.ts'
import type { RailName } from '../../ports/railName.ts'
import type { Destination } from '../../ports/sender.ts'
import { type PayoutFact, readFact as readPayoutFact } from '../payoutState/facts.ts'
import type { PartWay } from '../payoutState/payout.ts'

export type BatchId = `pb_${string}`

/** A row that is to be paid, by its place in what was sent. Units are decimal strings. */
export type RowData = Readonly<{
  row: number
  units: string
  destinations: readonly Destination[]
  reference: string
  metadata?: Metadata
  feeMax?: string
  /** As that of a payout, in place of its batch's (ms). */
  deliverBy?: number
}>

/** A row that is not paid, and why. */
export type RefusedData = Readonly<{ row: number; code: string; detail: string }>

/** What one rail carries of a plan. Costs in nano-USD, units of the batch's asset; `fundsAt` (ms) for what is sent at once. */
type PlannedRailData = Readonly<{
  rail: RailName
  rows: number
  units: string
  costNano: string
  /** What it costs once, beside that. */
  fixedNano: string
  fundsAt: number
}>

/**
 * A plan of a batch. `ways` of its rows, which `rows` names by their places for each row that was sent, -1 where it has none; `prefer`: by how much another way
 * must cost less, for each of them, and `costs` what it was expected to cost itself, absent before 2026-11-25. No plan by the
 * same terms costs less than `leastNano`; one by one they would cost `oneByOneNano`.
 */
export type PlanData = Readonly<{
  rails: readonly PlannedRailData[]
  costNano: string
  leastNano: string
  oneByOneNano: string
  /** Rows that no rail has room for now, or pays. */
  without: number
  /** How often rails were asked for terms. */
  asked: number
  ways: readonly PartWay[]
  rows: readonly number[]
  prefer: readonly string[]
  costs?: readonly string[]
}>

/** Every fact that this room writes; all of them are named by the batch. */
export type BatchFact =
  /** Rows that a batch will have, once it is created. */
  | FactOf<'payout_batch.staged', BatchId, Readonly<{ party: PartyId; rows: readonly RowData[] }>>
  /** Its rows were staged, and their money is in its account: `units` in all, what they bear of fees included. */
  | FactOf<
      'payout_batch.created',
      BatchId,
      Readonly<{
        party: PartyId
        asset: Asset
        units: string
        /** Of the rows, what they bear of fees. */
        feeUnits: string
        /** Rows that were sent, and of them those that will be paid. */
        rows: number
        taken: number
        refused: readonly RefusedData[]
        /** Of each row that says none itself (ms). */
        deliverBy?: number
        metadata?: Metadata
        createdBy: string
        claims: readonly string[]
      }>
    >
  /** By which ways its rows are best paid together. */
  | FactOf<'payout_batch.planned', BatchId, PlanData>
  /** It never was created: what was staged is void. */
  | FactOf<'payout_batch.abandoned', BatchId, Readonly<Record<string, never>>>
  /** A row cannot become a payout any more; `units` of its money are free. */
  | FactOf<'payout_batch.row_refused', BatchId, RefusedData & Readonly<{ units: string }>>
  /** Rows that are no payouts yet will not be. */
  | FactOf<'payout_batch.canceled', BatchId, Readonly<{ by: string }>>
  | FactOf<'payout_batch.ended', BatchId, Readonly<{ settled: number; failed: number; refused: number; canceled: number }>>

const kinds = factKinds<BatchFact>({
  'payout_batch.staged': true,
  'payout_batch.created': true,
  'payout_batch.planned': true,
  'payout_batch.abandoned': true,
  'payout_batch.row_refused': true,
  'payout_batch.canceled': true,
  'payout_batch.ended': true,
})

export const toBatchFact = kinds.write
export const readBatchFact = kinds.read

/** What a batch learns from: its own facts, how its payouts begin and end, and which come back. */
export type AppliedFact =
  | BatchFact
  | Extract<PayoutFact, { type: 'payout.created' | 'payout.settled' | 'payout.failed' | 'payout.returned' }>

/** The fact when a batch may learn from it. */
export function readFact(fact: Fact): AppliedFact | undefined {
  const own = readBatchFact(fact)
  if (own) return own
  const known = readPayoutFact(fact)
  switch (known?.type) {
    case 'payout.created':
    case 'payout.settled':
    case 'payout.failed':
    case 'payout.returned':
      return known
    default:
      return undefined
  }
}
