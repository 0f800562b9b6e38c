import { hash } from 'node:crypto'
import type { Json } from '../../ports/books.ts'
import type { EntryId, Hex, ReceiptId } from '../../ports/ids.ts'
import { canonicalJson } from './canonicalJson.ts'
import type { MoneyText } from './moneyText.ts'

/** What has become of a payment: where its money is, why, and what proves it. */
export type News = Readonly<{
  state: 'held' | 'settled' | 'failed' | 'refund_due' | 'refunded'
  reason?: string
  transaction?: Hex
  block?: string
  entry?: EntryId
  /** What is taken of a maximum. */
  charged?: MoneyText
  /** Of a part that goes back; without it, all of it does. */
  amount?: Readonly<{ asset: string; amount: string }>
}>

/** Why a receipt says `settled` of a payment that is settled already: a dispute of it or a refund has begun or ended, and its money stays. */
const STAYS_SETTLED: ReadonlySet<string> = new Set(['disputed', 'dispute_won', 'refund_failed', 'refund_expired', 'refund_canceled'])

/** Whether a word says only that the money stays where it was. */
export function staysSettled({ state, reason }: News): boolean {
  return state === 'settled' && reason !== undefined && STAYS_SETTLED.has(reason)
}

/**
 * A later word on a payment, signed as its receipt is. The receipt is entry 1 of a chain; `n` counts on, and `before` is the SHA-256 in hex of the entry
 * before it in canonical JSON, so that none can be left out or put in.
 */
export type ReceiptUpdate = Readonly<{ receipt: ReceiptId; n: number; at: string; before: string }> & News

/** The last entry of a receipt's chain: all that the next one needs to know. */
export type ChainHead = Readonly<{ receipt: ReceiptId; n: number; hash: string }>

/** A receipt, or a later entry of its chain. */
type ChainEntry = Readonly<{ id: ReceiptId }> | ReceiptUpdate

export function headOf(entry: ChainEntry & Json): ChainHead {
  const own = hash('sha256', canonicalJson(entry))
  return isUpdate(entry) ? { receipt: entry.receipt, n: entry.n, hash: own } : { receipt: entry.id, n: 1, hash: own }
}

function isUpdate(entry: ChainEntry): entry is ReceiptUpdate {
  return 'before' in entry
}

/** The entry that follows. `at` in ms. */
export function updateAfter(head: ChainHead, at: number, news: News): ReceiptUpdate {
  return { receipt: head.receipt, n: head.n + 1, at: new Date(at).toISOString(), before: head.hash, ...news }
}
