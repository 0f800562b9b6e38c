import { integerOf, type LndStore, textOf } from '../node/store.ts'

/** A hold that we asked for. Amount in msat, time in ms. */
type HoldRow = Readonly<{ hash: string; amountMsat: bigint; expiresAt: bigint; invoice: string; ended: boolean }>

export function recordHold(store: LndStore, h: Omit<HoldRow, 'ended'> & { holdableMs: number; description: string }): void {
  store.write(
    'INSERT OR IGNORE INTO holds (payment_hash, amount_msat, expires_at, holdable_ms, description, invoice) VALUES (?, ?, ?, ?, ?, ?)',
    ...[h.hash, h.amountMsat, h.expiresAt, BigInt(Math.ceil(h.holdableMs)), h.description, h.invoice],
  )
}

/** LND has settled or cancelled it: nothing of it is watched any more. */
export function recordHoldEnd(store: LndStore, hash: string): void {
  store.write('UPDATE holds SET ended = 1 WHERE payment_hash = ? AND ended = 0', hash)
}

const COLUMNS = 'payment_hash, amount_msat, expires_at, invoice, ended'

export function holdByHash(store: LndStore, hash: string): HoldRow | undefined {
  const found = store.statement(`SELECT ${COLUMNS} FROM holds WHERE payment_hash = ?`).get(hash)
  return found && row(found)
}

export function openHolds(store: LndStore): HoldRow[] {
  return store.statement(`SELECT ${COLUMNS} FROM holds WHERE ended = 0`).all().map(row)
}

function row(found: Record<string, unknown>): HoldRow {
  return {
    hash: textOf(found.payment_hash),
    amountMsat: integerOf(found.amount_msat),
    expiresAt: integerOf(found.expires_at),
    invoice: textOf(found.invoice),
    ended: integerOf(found.ended) !== 0n,
  }
}
