import { setTimeout as sleep } from 'node:timers/promises'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { Submitted } from '../../ledger/process/submit.ts'
import type { Claim, Fact } from '../../ports/books.ts'
import type { ReceiptId } from '../../ports/ids.ts'
import { readReceiptFact, toReceiptFact } from './facts.ts'
import { type ChainHead, headOf, type News, updateAfter } from './receiptUpdate.ts'

/** How often something else may be said of a payment between looking at its chain and writing: whoever was first has come further. */
export const SAY_TRIES_MAX = 10
const SAY_WAIT_MS = 10

/** The next entry of a chain, and the single use of its number: written together or not at all, with what the entry tells of. */
export type Word = Readonly<{ claims: readonly Claim[]; facts: readonly Fact[] }>

/** Where the chain of a receipt stands; undefined where no such receipt was issued. Throws `reads_behind`. */
export type HeadOf = (receipt: string) => Promise<ChainHead | undefined>

/**
 * What is said next in a chain; nothing where its head is not known. Whoever reads a head and writes later may do so beside others, in this process or
 * another: the claim of the number lets one of them be, so that no chain has a fork.
 */
export function nextWord(head: ChainHead | undefined, at: number, news: News): Word {
  if (!head) return { claims: [], facts: [] }
  const data = updateAfter(head, at, news)
  const claim = { key: wordKey(head.receipt, data.n), fingerprint: headOf(data).hash }
  return { claims: [claim], facts: [toReceiptFact({ type: 'receipt.updated', id: head.receipt, at, data })] }
}

function wordKey(receipt: ReceiptId, n: number): string {
  return `receipt:${receipt}:${n}`
}

/** The claim of a number in a chain. */
export function isWordClaim({ key }: Pick<Claim, 'key'>): boolean {
  return key.startsWith('receipt:')
}

/** What became of it; undefined where something else was said of the payment in between, so that nothing was written. */
export function unlessSpokenOver(outcome: Submitted): Submitted | undefined {
  return outcome.kind === 'conflict' && isWordClaim(outcome.with) ? undefined : outcome
}

/**
 * Looks and writes again, `SAY_TRIES_MAX` times at most, as long as something else is said of the payment in between: `attempt` reads anew what it goes by,
 * and answers undefined when it was spoken over. Throws `request_in_progress` after that; nothing moved.
 */
export async function untilSaid<T>(attempt: (tries: number) => Promise<T | undefined>): Promise<T> {
  for (let tries = 1; tries <= SAY_TRIES_MAX; tries++) {
    const done = await attempt(tries)
    if (done !== undefined) return done
    await sleep(SAY_WAIT_MS)
  }
  throw new GatewayError('request_in_progress', 'Something else was said of this payment each time that this was tried')
}

/** The last entry among these facts of the chain of this payment: an intent, or a request by its receipt. */
export function headIn(facts: readonly Fact[], payment: string): ChainHead | undefined {
  const receipts = new Set([payment])
  let head: ChainHead | undefined
  for (const fact of facts) {
    const known = readReceiptFact(fact)
    if (known?.type === 'receipt.issued' && known.data.payment === payment) receipts.add(known.id)
    if (!known || !receipts.has(known.id)) continue
    const next = headOf(known.data)
    // A journal of before numbers were claimed may hold a fork: the chain goes on behind its highest number, or a number would stand a third time.
    if (!head || next.n >= head.n) head = next
  }
  return head
}
