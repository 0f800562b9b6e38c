import { expect, test } from 'vitest'
import { expectBalanced, makeRails, PAYEE, posted, type Rails, START, USDC } from '../../../test/payout/payoutWorld.ts'
import { movingMarket, quoteWorld, using, wish } from '../../../test/payout/quoteWorld.ts'
import { type DeathAt, stoppingJournal } from '../../../test/payout/stoppingJournal.ts'
import { isGatewayError } from '../../errors/gatewayError.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import type { JournalStore } from '../../ports/journal.ts'
import { readMoneyData } from '../payoutState/facts.ts'

const APPENDS_MAX = 20
const WAIT = { timeoutMs: 20_000 }

/** A quote is made and used, and another expires. */
async function story(w: Awaited<ReturnType<typeof quoteWorld>>): Promise<void> {
  const quote = await w.quotes.create(wish({ key: 'used' }))
  await w.quotes.create(wish({ key: 'left', expiresInS: 10 }))
  const { id } = await w.quotes.use(quote.id, using('1'))
  await w.payouts.wait(id, WAIT)
  w.later(10_000)
  await w.quotes.expireDue()
}

/** Lives until the process dies at `death`, or to the end of the story; true when it died. */
async function live(o: { rails: Rails; journal: JournalStore; death: DeathAt; market: ReturnType<typeof movingMarket>['market'] }) {
  const stopping = stoppingJournal(o.journal, o.death)
  const w = await quoteWorld({ ...o, journal: stopping.journal, dies: true })
  const ended = story(w).then(() => false)
  return Promise.race([ended.catch(() => new Promise<boolean>(() => {})), stopping.died.then(() => true)])
}

test('a quote that was told is kept after a death at any append, and becomes one payout with its numbers or none', async () => {
  let deaths = 0
  const seen = new Set<string>()
  for (let append = 2; append < APPENDS_MAX; append++) {
    let died = false
    for (const moment of ['before', 'after'] as const) {
      const [rails, journal, market] = [makeRails(), memoryJournal(), movingMarket()]
      died = await live({ rails, journal, death: { append, moment }, ...market })
      if (died) deaths++
      // The market is another when the process is back.
      market.move(80n)
      const w = await quoteWorld({ rails, journal, ...market, at: 1_800_000_010_000 })
      await w.payouts.resume()
      const quotes = w.records.list({ limit: 10, after: undefined })
      const first = quotes.at(-1)
      seen.add(`${quotes.length} ${first?.status}`)
      if (!first) continue
      // Its user repeats what was not answered: the same key, or a new one where the first is known to stand for nothing.
      const again = await w.quotes.use(first.id, using('2')).catch((error: unknown) => {
        if (!isGatewayError(error, 'quote_used')) throw error
        return w.payouts.get(w.quotes.get(first.id).payout!)
      })
      expect(await w.payouts.wait(again.id, WAIT)).toMatchObject({ status: 'settled', quote: first.id })
      expect(rails.lightning.paid.map(({ amount }) => amount)).toEqual([readMoneyData(first.receive)])
      expect(posted(w.books, PAYEE, USDC)).toBe(START.usdc - 10_000n)
      await w.quotes.expireDue()
      expect([w.quotes.get(first.id).status, w.records.openCount()]).toEqual(['used', 0])
      await expectBalanced(w)
    }
    if (!died) break
  }
  // Two are made, one is used, tried, settled, one expires: each before and after.
  expect(deaths).toBeGreaterThanOrEqual(10)
  expect([...seen].sort()).toEqual(['0 undefined', '1 open', '2 open', '2 used'])
})
