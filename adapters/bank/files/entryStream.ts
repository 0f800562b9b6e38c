import { invariant } from '../../../gateway/errors/invariant.ts'
import type { Asset } from '../../../gateway/money/asset.ts'
import type { BankRailName } from '../../../gateway/ports/railName.ts'
import type { Settlement } from '../../../gateway/ports/receiver.ts'
import type { Bell } from './bell.ts'
import type { CodeMeaning } from './codeMeaning.ts'
import type { BankStore, EntryRow } from './store.ts'

/** The one place where a bank holds money for us. */
export const PLACE = 'account'
const PAGE = 200
const CURSOR = /^([0-9]{0,15})(?:\.([0-9A-F]{16}))?$/

/** What is told of a code: its reason is that of a failure, and this came back. */
const inWords = ({ title, next }: CodeMeaning) => ({ words: title, next })

type Told = Readonly<{ store: BankStore; asset: Asset; rail: BankRailName; meaningOf: (code: string) => CodeMeaning }>

/**
 * A booking as the domain reads it. Our own payments are answered by `lookup`, and a debit nobody explains is a problem for a person, not a cost:
 * neither is in the stream. A return is money back: received, with the attempt it returns.
 */
function toSettlement(row: EntryRow, { store, asset, rail, meaningOf }: Told): Settlement | undefined {
  if (row.kind === 'paid' || row.kind === 'unexplained') return undefined
  const named = row.kind === 'received' && row.endToEndId !== null ? store.paymentByEndToEndId(row.endToEndId) : undefined
  return {
    kind: row.kind === 'charge' ? 'spent' : 'received',
    id: row.id,
    cursor: `${row.seq}.${row.mark}`,
    rail,
    place: PLACE,
    amount: { asset, units: row.units },
    at: row.at,
    proof: row.proof,
    ...(row.reference ? { reference: row.reference } : {}),
    ...(row.attemptId ? { attemptId: row.attemptId } : {}),
    ...(named ? { namesAttempt: named.attemptId } : {}),
    ...(row.payer ? { payer: row.payer } : {}),
    ...(row.payerIban ? { payerIban: row.payerIban } : {}),
    ...(row.remittance ? { remittance: row.remittance } : {}),
    ...(row.reason ? { reason: row.reason, meaning: inWords(meaningOf(row.reason)) } : {}),
  }
}

/**
 * Where the cursor's entry is in this file, else the beginning: the cursor is then of a file that was lost or was newer, or from when it was a bare number,
 * and nothing says what of this file was told. What was has its old id, so telling it again is harmless.
 */
function seqOf(cursor: string, store: BankStore): number {
  const parts = CURSOR.exec(cursor)
  invariant(parts, `"${cursor.slice(0, 20)}" is not a cursor of the bank rail`)
  const [, seq = '', mark] = parts
  return mark !== undefined && store.hasEntry(Number(seq), mark) ? Number(seq) : 0
}

/** All settlements after the cursor, then live ones, until the signal aborts. `check` throws when the rail can not go on. */
export async function* streamSettlements(
  source: Told & { bell: Bell; check: () => void },
  after: string,
  signal: AbortSignal,
): AsyncGenerator<Settlement> {
  let seq = seqOf(after, source.store)
  while (!signal.aborted) {
    source.check()
    const page = source.store.entriesAfter(seq, PAGE)
    for (const row of page) {
      seq = row.seq
      const settlement = toSettlement(row, source)
      if (settlement) yield settlement
      if (signal.aborted) return
    }
    if (page.length === 0) await source.bell.wait(signal)
  }
}
