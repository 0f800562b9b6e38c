import { onTestFinished } from 'vitest'
import { uuidIds } from '../../app/open/uuidIds.ts'
import { memoryJournal } from '../../gateway/ledger/books/memoryJournal.ts'
import { type Asset, USD } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import type { Rate } from '../../gateway/money/rate.ts'
import type { CreateQuote } from '../../gateway/payouts/quotes/createQuote.ts'
import { type QuotePolicy, quotePolicy } from '../../gateway/payouts/quotes/policy.ts'
import { createQuoteRecords, type QuoteRecords } from '../../gateway/payouts/quotes/quoteRecords.ts'
import { createQuotes } from '../../gateway/payouts/quotes/quotes.ts'
import type { UseQuote } from '../../gateway/payouts/quotes/useQuote.ts'
import type { JournalStore } from '../../gateway/ports/journal.ts'
import type { Rates } from '../../gateway/ports/rates.ts'
import { boot, makeRails, type Rails, rates, to, USDC } from './payoutWorld.ts'

const NOW = 1_800_000_000_000
export const PARTY = 'pa_00000000000000000000000000000001'

/** Rates that a test moves: what is paid for by `percent` of what it was. */
export function movingMarket() {
  let percent = 100n
  function rate(from: Asset, to: Asset): Rate {
    const found = rates.rate(from, to)
    return from.id === USDC.id && to.id !== USD.id ? { ...found, num: found.num * percent, den: found.den * 100n } : found
  }
  return {
    market: { rate, peek: rate },
    move(to: bigint) {
      percent = to
    },
  }
}

/** The world of payouts with quotes over it, and a clock that a test moves. What `dies` is never closed. */
export async function quoteWorld(
  o: { journal?: JournalStore; rails?: Rails; policy?: Partial<QuotePolicy>; market?: Rates; at?: number; dies?: true } = {},
) {
  let now = o.at ?? NOW
  const told = new Set<() => void>()
  const clock = {
    now: () => now,
    onMoved(listener: () => void) {
      told.add(listener)
      return () => told.delete(listener)
    },
  }
  const { market = rates } = o
  let records: QuoteRecords | undefined
  const prepare = (books: Parameters<typeof createQuoteRecords>[0]) => {
    records = createQuoteRecords(books)
  }
  const w = await boot({ clock, market, prepare, rails: o.rails ?? makeRails(), journal: o.journal ?? memoryJournal() })
  const policy = { ...quotePolicy, ...o.policy }
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const parts = { books: w.books, payouts: w.payouts, rates: market, clock, ids: uuidIds(clock), usd: USD, policy, log }
  const quotes = createQuotes({ ...parts, records: records!, onFatal: () => {} })
  if (!o.dies) onTestFinished(() => w.payouts.close())
  const later = (ms: number) => {
    now += ms
    for (const listener of told) listener()
  }
  return { ...w, quotes, records: records!, later }
}

/** A quote of a hundredth of a dollar over Lightning, and what a test changes of it. */
export function wish(o: Partial<CreateQuote> & Readonly<{ key?: string }> = {}): CreateQuote {
  const { key = crypto.randomUUID(), ...rest } = o
  return {
    party: PARTY,
    from: USDC,
    side: 'send',
    amount: money(USDC, 10_000n),
    destinations: [to.node],
    feeBearer: 'payee',
    expiresInS: 120,
    createdBy: 'test',
    along: () => ({ claims: [{ key: `idem:${key}`, fingerprint: 'one' }], facts: [] }),
    ...rest,
  }
}

export function using(key: string, payout = `po_${key.padStart(32, '0')}` as const): UseQuote {
  const along = () => ({ claims: [{ key: `idem:use:${key}`, fingerprint: 'one' }], facts: [] })
  return { payout, reference: '', createdBy: 'test', along }
}
