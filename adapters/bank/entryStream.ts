import { invariant } from '../../gateway/errors/invariant.ts'
import type { Asset } from '../../gateway/money/asset.ts'
import type { Settlement } from '../../gateway/ports/receiver.ts'
import type { Bell } from './bell.ts'
import type { BankStore, EntryRow } from './store.ts'

/** The one place where a bank holds money for us. */
export const PLACE = 'account'
const PAGE = 200

/**
 * A booking as the domain reads it. Our own payments are answered by `lookup`, and a debit nobody explains is a problem for a person, not a cost:
 * neither is in the stream. A return is money back: received, with the attempt it returns.
 */
function toSettlement(row: EntryRow, asset: Asset): Settlement | undefined {
  if (row.kind === 'paid' || row.kind === 'unexplained') return undefined
  return {
    kind: row.kind === 'charge' ? 'spent' : 'received',
    id: row.id,
    cursor: String(row.seq),
    rail: 'bank',
    place: PLACE,
    amount: { asset, units: row.units },
    at: row.at,
    proof: row.proof,
    ...(row.reference ? { reference: row.reference } : {}),
    ...(row.attemptId ? { attemptId: row.attemptId } : {}),
    ...(row.payer ? { payer: row.payer } : {}),
    ...(row.remittance ? { remittance: row.remittance } : {}),
    ...(row.reason ? { reason: row.reason } : {}),
  }
}

/**
 * All settlements after the cursor, then live ones, until the signal aborts. `check` throws when the rail can not go on. A cursor behind `reached`, the last
 * entry when the file was opened or that was told since, is of a file that was lost or was newer: this one is told from its beginning, and what was told before has its old id.
 */
export async function* streamSettlements(
  source: { store: BankStore; reached: { seq: number }; asset: Asset; bell: Bell; check: () => void },
  after: string,
  signal: AbortSignal,
): AsyncGenerator<Settlement> {
  invariant(/^[0-9]{0,15}$/.test(after), `"${after.slice(0, 20)}" is not a cursor of the bank rail`)
  const known = after === '' ? 0 : Number(after)
  let seq = known > source.reached.seq ? 0 : known
  while (!signal.aborted) {
    source.check()
    const page = source.store.entriesAfter(seq, PAGE)
    for (const row of page) {
      seq = row.seq
      if (seq > source.reached.seq) source.reached.seq = seq
      const settlement = toSettlement(row, source.asset)
      if (settlement) yield settlement
      if (signal.aborted) return
    }
    if (page.length === 0) await source.bell.wait(signal)
  }
}
