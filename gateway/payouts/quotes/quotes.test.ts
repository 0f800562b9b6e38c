import { describe, expect, test } from 'vitest'
import { expectBalanced, makeRails, PAYEE, posted, START, to, USDC } from '../../../test/payout/payoutWorld.ts'
import { movingMarket, PARTY, quoteWorld, using, wish } from '../../../test/payout/quoteWorld.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { BTC, EUR } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { readMoneyData } from '../payoutState/facts.ts'
import type { LockedQuote } from './quote.ts'

const WAIT = { timeoutMs: 20_000 }
const units = (amount: LockedQuote['fee']) => readMoneyData(amount).units
const sums = (q: LockedQuote) => [q.amount, q.fee, q.spread, q.receive].map(units)
/** Half of the spread for a cent, and what bitcoin strays in the 420 seconds until the last try may begin: 501 and 748 millionths. */
const PPM = 1_249n

describe('a quote', () => {
  test('on the side that is sent says what the payee gets when the balance pays exactly that, the fee and the spread taken off', async () => {
    const w = await quoteWorld()
    const quote = await w.quotes.create(wish())
    // A millisatoshi is a millionth of a dollar here, and the rail takes 700 of them.
    const amount = 10_000n - 700n
    const receive = (amount * (1_000_000n - PPM)) / 1_000_000n
    expect(sums(quote)).toEqual([amount, 700n, amount - receive, receive])
    expect(quote).toMatchObject({
      status: 'open',
      rail: 'lightning',
      spreadPpm: `${PPM}`,
      rate: { source: 'world', from: USDC.id, to: BTC.id },
    })
    expect(quote.ways).toEqual([{ rail: 'lightning', destination: 0, costNano: '700000', rank: 1 }])
    expect(w.books.balance(PAYEE, USDC).debitsPending).toBe(0n)
  })

  test('on the side that is received says what the balance pays so that the payee gets exactly that', async () => {
    const w = await quoteWorld()
    const quote = await w.quotes.create(wish({ side: 'receive', amount: money(BTC, 9_000n), feeBearer: 'payer' }))
    const amount = (9_000n * 1_000_000n + (1_000_000n - PPM) - 1n) / (1_000_000n - PPM)
    expect(sums(quote)).toEqual([amount, 700n, amount - 9_000n, 9_000n])
    const euros = await w.quotes.create(
      wish({ side: 'receive', amount: money(EUR, 50_000_000n), destinations: [to.iban], feeBearer: 'platform' }),
    )
    expect([units(euros.receive), units(euros.fee), euros.rail]).toEqual([50_000_000n, 0n, 'bank'])
    expect(units(euros.railCost)).toBe(220_000n)
    expect(units(euros.amount) - units(euros.spread)).toBe(55_000_000n)
  })

  test('between balances converts nothing and costs nothing', async () => {
    const w = await quoteWorld()
    const quote = await w.quotes.create(wish({ destinations: [to.party] }))
    expect([sums(quote), quote.rate, quote.rail]).toEqual([[10_000n, 0n, 0n, 10_000n], undefined, 'book'])
    const { id } = await w.quotes.use(quote.id, using('1'))
    expect(await w.payouts.wait(id, WAIT)).toMatchObject({ status: 'settled', rail: 'book', quote: quote.id })
  })

  test('is refused where its numbers cannot be: a bearer of the other side, a fee that leaves nothing, parts of a cent, no rail', async () => {
    const w = await quoteWorld()
    await expect(w.quotes.create(wish({ feeBearer: 'payer' }))).rejects.toMatchObject({ code: 'invalid_request' })
    await expect(w.quotes.create(wish({ amount: money(USDC, 600n) }))).rejects.toMatchObject({ code: 'invalid_amount' })
    const finer = wish({ side: 'receive', amount: money(EUR, 50_001_000n), destinations: [to.iban], feeBearer: 'payer' })
    await expect(w.quotes.create(finer)).rejects.toMatchObject({
      code: 'no_rail',
      meta: {
        candidates: [{ reason: 'amount_mismatch', detail: 'the quote promises 50.001 EUR, and bank pays nothing finer than 0.01 EUR' }],
      },
    })
    w.rails.lightning.estimates = 'refuse'
    await expect(w.quotes.create(wish())).rejects.toMatchObject({ code: 'no_rail' })
    expect(w.records.openCount()).toBe(0)
  })
})

describe('a quote that is used', () => {
  test.each([90n, 110n])(
    'pays exactly its numbers where the market went to %i percent meanwhile: the rest is the operator’s',
    async (percent) => {
      const market = movingMarket()
      const w = await quoteWorld(market)
      const quote = await w.quotes.create(wish())
      market.move(percent)
      const { id } = await w.quotes.use(quote.id, using('1'))
      expect(await w.payouts.wait(id, WAIT)).toMatchObject({
        status: 'settled',
        feeBearer: 'payee',
        feeFixed: { amount: '0.0007' },
        quote: quote.id,
      })
      expect(w.rails.lightning.paid.map(({ amount }) => amount)).toEqual([readMoneyData(quote.receive)])
      expect(posted(w.books, PAYEE, USDC)).toBe(START.usdc - 10_000n)
      // What moved, and the spread that is taken for it, are both in the pair's account.
      expect([posted(w.books, 'fx:BTC/USDC', USDC), posted(w.books, 'fx:BTC/USDC', BTC)]).toEqual([
        9_300n,
        START.btc / 2n - units(quote.receive),
      ])
      await expectBalanced(w)
      expect(w.quotes.get(quote.id)).toMatchObject({ status: 'used', payout: id })
    },
  )

  test('is used once: of two at the same time one pays, and the other is refused with the payout that it became', async () => {
    const w = await quoteWorld()
    const quote = await w.quotes.create(wish())
    const [one, two] = await Promise.allSettled([w.quotes.use(quote.id, using('1')), w.quotes.use(quote.id, using('2'))])
    const [paid, refused] = one.status === 'fulfilled' ? [one, two] : [two, one]
    expect([paid.status, refused.status]).toEqual(['fulfilled', 'rejected'])
    const { payout } = w.quotes.get(quote.id)
    expect(refused).toMatchObject({ reason: { code: 'quote_used', meta: { payout } } })
    await expect(w.quotes.use(quote.id, using('3'))).rejects.toMatchObject({ code: 'quote_used' })
    await w.payouts.wait(payout!, WAIT)
    expect([w.rails.lightning.paid.length, w.payouts.list({ limit: 10 }).length]).toEqual([1, 1])
  })

  test('is checked again: a rail that is gone, or takes more than the operator allows, refuses it and holds nothing', async () => {
    const w = await quoteWorld({ policy: { costRiseMaxNano: 1_000_000n } })
    const [one, two] = [await w.quotes.create(wish()), await w.quotes.create(wish())]
    w.rails.lightning.estimates = 'refuse'
    await expect(w.quotes.use(one.id, using('1'))).rejects.toMatchObject({ code: 'no_rail', hint: 'Nothing was held. Make another quote.' })
    w.rails.lightning.estimates = 'answer'
    // 700 were quoted, and 1,000 more are allowed.
    w.rails.lightning.terms = { fee: money(BTC, 1_701n), feeMax: money(BTC, 3_000n) }
    await expect(w.quotes.use(one.id, using('2'))).rejects.toMatchObject({
      code: 'quote_outdated',
      message: expect.stringContaining('lightning would take 0.001701 USD now, and may take 0.0017 USD'),
    })
    expect(w.books.balance(PAYEE, USDC).debitsPending).toBe(0n)
    w.rails.lightning.terms = { fee: money(BTC, 1_700n), feeMax: money(BTC, 3_000n) }
    const { id } = await w.quotes.use(two.id, using('3'))
    expect(await w.payouts.wait(id, WAIT)).toMatchObject({ status: 'settled', feeFixed: { amount: '0.0007' } })
  })

  test('is paid by no way of another asset, and given back when none of its own begins in time', async () => {
    const w = await quoteWorld()
    const quote = await w.quotes.create(wish({ destinations: [to.node, to.iban], amount: money(USDC, 1_000_000n), feeBearer: 'platform' }))
    expect([quote.rail, quote.ways.map((way) => way.reason)]).toEqual(['lightning', [undefined, 'amount_mismatch']])
    const use = using('1')
    // Its rail falls silent once it was checked.
    const along: typeof use.along = (made) => {
      w.rails.lightning.estimates = 'throw'
      return use.along(made)
    }
    const { id } = await w.quotes.use(quote.id, { ...use, along })
    await expect.poll(() => w.payouts.get(id).decisionId, { timeout: 20_000 }).toBeDefined()
    w.later(420_001)
    expect(await w.payouts.wait(id, WAIT)).toMatchObject({ status: 'failed', attempts: [] })
    expect([w.rails.lightning.paid.length, w.rails.bank.paid.length, posted(w.books, PAYEE, USDC)]).toEqual([0, 0, START.usdc])
    await expectBalanced(w)
  })
})

describe('a quote that nobody uses', () => {
  test('expires at its time, whether it was swept or not, and cannot be used then', async () => {
    const w = await quoteWorld()
    const quote = await w.quotes.create(wish({ expiresInS: 60 }))
    w.later(59_999)
    expect(w.quotes.get(quote.id).status).toBe('open')
    w.later(1)
    expect([w.quotes.get(quote.id).status, w.records.openCount()]).toEqual(['expired', 1])
    await expect(w.quotes.use(quote.id, using('1'))).rejects.toMatchObject({ code: 'quote_expired' })
    await w.quotes.expireDue()
    expect([w.quotes.get(quote.id).status, w.records.openCount()]).toEqual(['expired', 0])
    await expect(w.quotes.use(quote.id, using('1'))).rejects.toMatchObject({ code: 'quote_expired' })
  })

  test('is known after a restart, with what it counts for and when it ends', async () => {
    const [journal, rails] = [memoryJournal(), makeRails()]
    const policy = { party: { openMax: 1, openNanoMax: 10n ** 15n } }
    const first = await quoteWorld({ journal, rails, policy })
    const quote = await first.quotes.create(wish())
    await first.payouts.close()
    const w = await quoteWorld({ journal, rails, policy })
    expect(w.quotes.get(quote.id)).toEqual(first.quotes.get(quote.id))
    await expect(w.quotes.create(wish())).rejects.toMatchObject({ code: 'too_many_open' })
    w.later(120_000)
    await w.quotes.expireDue()
    expect(await w.quotes.create(wish())).toMatchObject({ status: 'open' })
  })
})

describe('open quotes', () => {
  const other = 'pa_00000000000000000000000000000002'
  const USD_NANO = 1_000_000_000n

  test('are bounded for a party, by their number and by what they are worth, also when many are asked for at once', async () => {
    const w = await quoteWorld({ policy: { party: { openMax: 3, openNanoMax: 10n ** 15n } } })
    const made = await Promise.allSettled([1, 2, 3, 4].map(() => w.quotes.create(wish())))
    expect(made.map(({ status }) => status).sort()).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected'])
    expect(await w.quotes.create(wish({ party: other }))).toMatchObject({ party: other })
    const few = await quoteWorld({ policy: { party: { openMax: 100, openNanoMax: 2n * USD_NANO } } })
    const dollar = wish({ amount: money(USDC, 1_500_000n), feeBearer: 'platform' })
    await few.quotes.create(dollar)
    await expect(few.quotes.create(wish({ amount: money(USDC, 1_500_000n), feeBearer: 'platform' }))).rejects.toMatchObject({
      code: 'too_many_open',
      meta: { of: PARTY },
    })
  })

  test('of four parties whose payees are slow keep nobody else from theirs', async () => {
    const rails = makeRails()
    rails.lightning.estimate = () => new Promise(() => {})
    const w = await quoteWorld({ rails })
    const slow = Array.from({ length: 16 }, (_, i) => w.quotes.create(wish({ party: `pa_${i % 4}` as typeof other })))
    const asked = Promise.allSettled(slow)
    const quick = wish({ party: other, destinations: [to.evm], feeBearer: 'platform', amount: money(USDC, 1_000_000n) })
    expect(await w.quotes.create(quick)).toMatchObject({ status: 'open', rail: 'evm:31337' })
    expect((await asked).map(({ status }) => status)).toEqual(slow.map(() => 'rejected'))
  })

  test('leave room for others: no party has more than is free besides, and when all is used others hear that it is busy', async () => {
    const w = await quoteWorld({ policy: { all: { openMax: 4, openNanoMax: 10n ** 15n } } })
    await w.quotes.create(wish())
    await w.quotes.create(wish())
    await expect(w.quotes.create(wish())).rejects.toMatchObject({ code: 'too_many_open' })
    await w.quotes.create(wish({ party: other }))
    await expect(w.quotes.create(wish({ party: other }))).rejects.toMatchObject({ code: 'too_many_open' })
    await w.quotes.create(wish({ party: 'pa_00000000000000000000000000000003' }))
    await expect(w.quotes.create(wish({ party: 'pa_00000000000000000000000000000004' }))).rejects.toMatchObject({ code: 'too_busy' })
  })
})
