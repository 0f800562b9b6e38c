import { flagsAt, ID, TIMESTAMP } from '../rows/layout.ts'
import { type LedgerState, type Mark, markOf } from '../rows/state.ts'
import { getU64 } from '../rows/words.ts'
import { answeredAt, type Batch, eventAt } from './batch.ts'
import { burn, rollbackTo } from './effects.ts'

/** The same bit for accounts and transfers. */
const LINKED = 1
/** Timestamps are 63 bits. */
export const TIMESTAMP_MAX = 2n ** 63n - 1n

/** Failures that depend on the state of the moment. Their transfer id is burned: a late retry must not succeed by accident. */
const TRANSIENT: ReadonlySet<string> = new Set([
  'debit_account_not_found',
  'credit_account_not_found',
  'pending_transfer_not_found',
  'exceeds_credits',
  'exceeds_debits',
  'debit_account_already_closed',
  'credit_account_already_closed',
])

/** Statuses that are decided before an event is looked at by its own kind. */
type BatchStatus =
  | 'created'
  | 'linked_event_failed'
  | 'linked_event_chain_open'
  | 'imported_event_expected'
  | 'imported_event_not_expected'
  | 'imported_event_timestamp_out_of_range'
  | 'imported_event_timestamp_must_not_advance'
  | 'timestamp_must_be_zero'

type BatchRules = Readonly<{
  importedFlag: number
  /** Accepts or refuses event `i`. */
  create(state: LedgerState, batch: Batch, i: number): string
}>

/**
 * Runs the first `count` events of a batch in order and leaves a status and a timestamp for each. Events joined by `linked` are one chain: all are
 * created or none, and the first failure keeps its status while the others read `linked_event_failed`. Every event consumes a timestamp, failed ones
 * too; timestamps of a batch are consecutive and never repeat.
 */
export function runBatch(state: LedgerState, batch: Batch, count: number, nowNs: bigint, rules: BatchRules): void {
  giveTimestamps(batch, count, takeTimestamps(state, count, nowNs))
  batch.debit = undefined
  const { statuses } = batch
  const { words } = batch.rows
  const importing = count > 0 && (flagsAt(words, 0) & rules.importedFlag) !== 0
  let chain: { start: number; mark: Mark; broken: boolean } | undefined
  for (let i = 0; i < count; i++) {
    const flags = flagsAt(words, eventAt(i))
    const linked = (flags & LINKED) !== 0
    if (linked && !chain) chain = { start: i, mark: markOf(state), broken: false }
    let status: string | undefined
    if (linked && i === count - 1) status = 'linked_event_chain_open'
    else if (chain?.broken) status = 'linked_event_failed'
    else status = timestampStatus(batch, i, rules, importing) ?? rules.create(state, batch, i)
    statuses[i] = status
    if (status !== 'created' && chain && !chain.broken) {
      chain.broken = true
      rollbackTo(state, chain.mark)
      for (let k = chain.start; k < i; k++) statuses[k] = 'linked_event_failed'
    }
    if (status !== 'created' && TRANSIENT.has(status)) burn(state, words, eventAt(i) + ID)
    if (!linked) chain = undefined
  }
}

/** Reserves `count` timestamps and returns the first: after every earlier one, and not behind the clock that was passed in. */
export function takeTimestamps(state: LedgerState, count: number, nowNs: bigint): bigint {
  if (count === 0) return state.last
  const base = nowNs > state.last + 1n ? nowNs : state.last + 1n
  state.last = base + BigInt(count)
  return base + 1n
}

function giveTimestamps({ timestamps }: Batch, count: number, first: bigint): void {
  let high = Number(first >> 32n) // not money: half of a time
  let low = Number(first & 0xffff_ffffn) // not money: half of a time
  for (let i = 0; i < count; i++) {
    timestamps[2 * i] = low
    timestamps[2 * i + 1] = high
    low += 1
    if (low > 0xffff_ffff) {
      low = 0
      high += 1
    }
  }
}

/** Whether event `i` may or must bring a timestamp, and whether it can have the one it brings. */
function timestampStatus(batch: Batch, i: number, { importedFlag }: BatchRules, importing: boolean): BatchStatus | undefined {
  const { rows } = batch
  const imported = (flagsAt(rows.words, eventAt(i)) & importedFlag) !== 0
  if (importing !== imported) return importing ? 'imported_event_expected' : 'imported_event_not_expected'
  const at = eventAt(i) + TIMESTAMP
  const isZero = (rows.words[at]! | rows.words[at + 1]!) === 0
  if (!imported) return isZero ? undefined : 'timestamp_must_be_zero'
  const timestamp = getU64(rows, at)
  if (isZero || timestamp > TIMESTAMP_MAX) return 'imported_event_timestamp_out_of_range'
  return timestamp >= answeredAt(batch, i) ? 'imported_event_timestamp_must_not_advance' : undefined
}
