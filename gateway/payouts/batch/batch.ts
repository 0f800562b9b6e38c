import type { Asset } from '../../money/asset.ts'
import type { AccountPath, Claim } from '../../ports/books.ts'
import type { PartyId, PayoutId } from '../../ports/ids.ts'
import type { Metadata } from '../../ports/metadata.ts'
import type { BatchId, PlanData } from './facts.ts'

const ACCOUNT = 'batch:'
/** A row's place takes the last four hex digits of its payout's id; those of a batch's id are zero. */
const ROW_DIGITS = 4

/**
 * Payouts that were asked for in one call, as the journal's facts make them. `units` went into its account, and `unmade` of them are for rows that are no
 * payouts yet. `taken` rows were to be paid; `made` of them are payouts, and `settled` and `failed` of those have their end; `returned` of the settled came
 * back since.
 */
export type Batch = Readonly<{
  id: BatchId
  status: 'staged' | 'open' | 'ended' | 'abandoned'
  party: PartyId
  asset: Asset | undefined
  units: bigint
  feeUnits: bigint
  unmade: bigint
  rows: number
  taken: number
  /** Characters that its rows take. */
  text: number
  refused: number
  made: number
  settled: number
  failed: number
  returned: number
  canceled: boolean
  /** By which ways its rows are best paid; absent until it is known, and in batches of before there were plans. */
  plan?: PlanData
  /** Of each row that says none itself: as that of a payout (ms). */
  deliverBy?: number
  metadata?: Metadata
  createdBy: string
  createdAt: number
  endedAt: number | undefined
  claims: readonly string[]
}>

/** Where the money of a batch's rows is until their payouts take it. */
export function batchPath(id: BatchId): AccountPath {
  return `${ACCOUNT}${id}`
}

/** The batch whose account it is; undefined for any other. */
export function batchOfPath(path: string): BatchId | undefined {
  return path.startsWith(ACCOUNT) ? (path.slice(ACCOUNT.length) as BatchId) : undefined // As `batchPath` writes it.
}

/** A new id as that of a batch: with room for the rows. */
export function toBatchId(id: BatchId): BatchId {
  return `${id.slice(0, -ROW_DIGITS)}${'0'.repeat(ROW_DIGITS)}` as BatchId
}

/** The payout of a row has one name, whoever makes it and however often. */
export function payoutOfRow(id: BatchId, row: number): PayoutId {
  return `po_${id.slice('pb_'.length, -ROW_DIGITS)}${row.toString(16).padStart(ROW_DIGITS, '0')}`
}

/** What the batch and the payouts of its rows have in common. */
export function stemOf(id: string): string {
  return id.slice(id.indexOf('_') + 1, -ROW_DIGITS)
}

/** What is taken once: that a row becomes a payout, or never will. */
export function rowClaim(id: BatchId, row: number): Claim {
  return { key: `payout_batch:${id}:${row}`, fingerprint: payoutOfRow(id, row) }
}

/** Rows that were to be paid and are no payouts, nor refused. */
export function waitingOf({ taken, made, refused, rows }: Pick<Batch, 'taken' | 'made' | 'refused' | 'rows'>): number {
  return taken - made - (refused - (rows - taken))
}
