import { invariant } from '../../errors/invariant.ts'
import type { Entry, Leg, LegId } from '../../ports/books.ts'
import { type Transfer, TransferFlags, type TransferInit } from '../../ports/ledger.ts'
import type { BookAccount } from '../journal/chart.ts'
import { readHex128 } from '../journal/hexBits.ts'
import { entryBase, transferId } from '../journal/legIds.ts'
import * as f from '../rows/layout.ts'
import { copyWords, ROW_WORDS, type Rows, setU64, setU128 } from '../rows/words.ts'
import { paymentTag, writePaymentTag } from './fingerprint.ts'

/** The code of every transfer that the books make; the ledger wants one that is not zero. */
const TRANSFER_CODE = 1

const KIND_FLAGS = {
  move: 0,
  hold: TransferFlags.pending,
  post: TransferFlags.post_pending_transfer,
  void: TransferFlags.void_pending_transfer,
} as const

/** The ledger accounts of a leg; a post or void inherits those of its hold. */
type LegAccounts = Readonly<{ debitAccountId: bigint; creditAccountId: bigint }> | undefined

/** The entry as linked transfers, each with the payment's tag and the entry's fingerprint. `accounts` are those of each leg. */
export function entryTransfers(entry: Entry, fingerprint: bigint, accounts: readonly LegAccounts[]): TransferInit[] {
  const tag = paymentTag(entry.payment)
  const base = entryBase(entry.id)
  const last = entry.legs.length - 1
  return entry.legs.map((leg, i) => ({
    id: base | BigInt(i),
    debitAccountId: accounts[i]?.debitAccountId ?? 0n,
    creditAccountId: accounts[i]?.creditAccountId ?? 0n,
    amount: leg.kind === 'void' ? 0n : leg.units,
    pendingId: resolves(leg) ? transferId(leg.pending) : 0n,
    userData128: tag,
    userData64: fingerprint,
    timeout: leg.kind === 'hold' ? leg.timeoutS : 0,
    ledger: leg.asset.ledger,
    code: resolves(leg) ? 0 : TRANSFER_CODE,
    flags: KIND_FLAGS[leg.kind] | (i < last ? TransferFlags.linked : 0),
  }))
}

/** The debit and the credit account of each leg, one after the other; undefined for a post or void. */
export type EntryAccounts = readonly (BookAccount | undefined)[]

/** Writes the transfers of `entryTransfers` as rows, without an object for each. */
export function writeEntryRows(rows: Rows, entry: Entry, fingerprint: bigint, accounts: EntryAccounts): void {
  const { words } = rows
  const last = entry.legs.length - 1
  invariant(readHex128(entry.id, ENTRY_PREFIX, rows, f.ID), 'the id of an entry was checked')
  // The last 8 bits of an entry's id name the leg.
  words[f.ID] = words[f.ID]! & ~0xff
  writePaymentTag(rows, f.USER_DATA_128, entry.payment)
  setU64(rows, f.USER_DATA_64, fingerprint)
  for (let i = 0; i <= last; i++) {
    const leg = entry.legs[i]!
    const at = i * ROW_WORDS
    if (i > 0) {
      copyWords(words, at + f.ID, words, f.ID, 4)
      words[at + f.ID] = (words[f.ID]! & ~0xff) | i
      copyWords(words, at + f.USER_DATA_128, words, f.USER_DATA_128, 6)
    }
    // Most entries pay from one account.
    if (i > 0 && accounts[2 * i] === accounts[2 * i - 2])
      copyWords(words, at + f.DEBIT_ACCOUNT_ID, words, at - ROW_WORDS + f.DEBIT_ACCOUNT_ID, 4)
    else setU128(rows, at + f.DEBIT_ACCOUNT_ID, accounts[2 * i]?.id ?? 0n)
    setU128(rows, at + f.CREDIT_ACCOUNT_ID, accounts[2 * i + 1]?.id ?? 0n)
    setU128(rows, at + f.AMOUNT, leg.kind === 'void' ? 0n : leg.units)
    setU128(rows, at + f.PENDING_ID, resolves(leg) ? transferId(leg.pending) : 0n)
    words[at + f.USER_DATA_32] = 0
    words[at + f.TIMEOUT] = leg.kind === 'hold' ? leg.timeoutS : 0
    words[at + f.LEDGER] = leg.asset.ledger
    f.setCodeAndFlags(words, at, resolves(leg) ? 0 : TRANSFER_CODE, KIND_FLAGS[leg.kind] | (i < last ? TransferFlags.linked : 0))
    words[at + f.TIMESTAMP] = 0
    words[at + f.TIMESTAMP + 1] = 0
  }
}

/** Behind `en_`. */
const ENTRY_PREFIX = 3

function resolves(leg: Leg): leg is Extract<Leg, { kind: 'post' | 'void' }> {
  return leg.kind === 'post' || leg.kind === 'void'
}

/** A booked transfer as the leg it came from. The units of a post are those it took. */
export function legOf(transfer: Transfer, accountOf: (id: bigint) => BookAccount | undefined, pendingLeg: (id: bigint) => LegId): Leg {
  const debit = accountOf(transfer.debitAccountId)
  const credit = accountOf(transfer.creditAccountId)
  invariant(debit && credit, 'the accounts of a booked transfer are known')
  const asset = debit.asset
  if (transfer.flags & TransferFlags.post_pending_transfer) {
    return { kind: 'post', pending: pendingLeg(transfer.pendingId), asset, units: transfer.amount }
  }
  if (transfer.flags & TransferFlags.void_pending_transfer) return { kind: 'void', pending: pendingLeg(transfer.pendingId), asset }
  const accounts = { debit: debit.path, credit: credit.path, asset, units: transfer.amount }
  return transfer.flags & TransferFlags.pending ? { kind: 'hold', ...accounts, timeoutS: transfer.timeout } : { kind: 'move', ...accounts }
}
