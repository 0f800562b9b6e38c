import type { CreateResult } from '../../gateway/ports/ledger.ts'
import { acceptRecord, rollbackTo } from './effects.ts'
import type { LedgerState } from './state.ts'

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

type Event = Readonly<{ id: bigint; flags: number; timestamp: bigint }>

/** Statuses that are decided before an event is looked at by its own kind. */
export type BatchStatus =
  | 'created'
  | 'linked_event_failed'
  | 'linked_event_chain_open'
  | 'imported_event_expected'
  | 'imported_event_not_expected'
  | 'imported_event_timestamp_out_of_range'
  | 'imported_event_timestamp_must_not_advance'
  | 'timestamp_must_be_zero'

export type BatchRules<E extends Event, S extends string> = Readonly<{
  importedFlag: number
  /** Accepts or refuses one event at its timestamp. */
  create(event: E, timestamp: bigint): CreateResult<S>
}>

/**
 * Runs a batch in order. Events joined by `linked` are one chain: all are created or none, and the first failure keeps its status while the others
 * read `linked_event_failed`. Every event consumes a timestamp, failed ones too; timestamps of a batch are consecutive and never repeat.
 */
export function runBatch<E extends Event, S extends string>(
  state: LedgerState,
  events: readonly E[],
  nowNs: bigint,
  rules: BatchRules<E, S>,
): CreateResult<S | BatchStatus>[] {
  const first = takeTimestamps(state, events.length, nowNs)
  const importing = events.length > 0 && (events[0]!.flags & rules.importedFlag) !== 0
  const results: CreateResult<S | BatchStatus>[] = []
  let chain: { start: number; mark: number; broken: boolean } | undefined
  for (const [i, event] of events.entries()) {
    const timestamp = first + BigInt(i)
    const linked = (event.flags & LINKED) !== 0
    const open = linked && i === events.length - 1
    if (linked && !chain) chain = { start: i, mark: state.records.length, broken: false }
    const early = open
      ? 'linked_event_chain_open'
      : chain?.broken
        ? 'linked_event_failed'
        : timestampStatus(event, timestamp, importing, (event.flags & rules.importedFlag) !== 0)
    const result = early ? { status: early, timestamp } : rules.create(event, timestamp)
    if (result.status !== 'created' && chain && !chain.broken) {
      chain.broken = true
      rollbackTo(state, chain.mark)
      for (let k = chain.start; k < i; k++) results[k] = { ...results[k]!, status: 'linked_event_failed' }
    }
    if (TRANSIENT.has(result.status)) acceptRecord(state, { kind: 'burned', id: event.id })
    results.push(result)
    if (!linked) chain = undefined
  }
  return results
}

/** Reserves `count` timestamps and returns the first: after every earlier one, and not behind the clock that was passed in. */
export function takeTimestamps(state: LedgerState, count: number, nowNs: bigint): bigint {
  if (count === 0) return state.last
  const base = nowNs > state.last + 1n ? nowNs : state.last + 1n
  state.last = base + BigInt(count)
  return base + 1n
}

function timestampStatus(event: Event, timestamp: bigint, importing: boolean, imported: boolean): BatchStatus | undefined {
  if (importing !== imported) return importing ? 'imported_event_expected' : 'imported_event_not_expected'
  if (!imported) return event.timestamp === 0n ? undefined : 'timestamp_must_be_zero'
  if (event.timestamp === 0n || event.timestamp > TIMESTAMP_MAX) return 'imported_event_timestamp_out_of_range'
  return event.timestamp >= timestamp ? 'imported_event_timestamp_must_not_advance' : undefined
}
