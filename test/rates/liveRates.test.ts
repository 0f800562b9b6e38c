import { describe, expect, test } from 'vitest'
import type { PriceSourceName } from '../../app/config/ratesConfig.ts'
import { BTC, ETH, EUR, POL, USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import { convert } from '../../gateway/money/rate.ts'
import type { Fact, Submission, SubmitOutcome } from '../../gateway/ports/books.ts'
import { balanceSheet } from '../../gateway/treasury/positions/balanceSheet.ts'
import { dollars, market, NOW, refusal, USDC } from './market.ts'

test('before the first round nothing is priced; after it each asset is, exactly, and dollars need no market', async () => {
  const m = await market()
  expect(refusal(() => m.live.rate(BTC, USD))).toBe('There is no rate from BTC to USD: of BTC, no market has been heard yet')
  expect(m.live.rate(USD, USD)).toMatchObject({ num: 1n, den: 1n })
  await m.live.round()
  expect([BTC, ETH, USDC].map((asset) => dollars(m, asset))).toEqual([97_000_000_000n, 3_500_000_000n, 999_950n])
  // A bitcoin of 97,000 dollars in ether of 3,500: 10^11 millisatoshi are 10^18 wei times 194 / 7.
  expect(m.live.rate(BTC, ETH)).toMatchObject({ num: 194n * 10n ** 7n, den: 7n, observedAt: NOW })
  // Coinbase has no market of the euro: its bitcoin in both, 1.0800... at the middle, is one of three.
  expect(m.verdicts('EUR')).toEqual(['kraken used', 'coinbase used', 'bitstamp used'])
  expect(dollars(m, EUR)).toBe(1_080_000n)
  expect(refusal(() => m.live.rate({ id: 'XAU', code: 'XAU', scale: 6, ledger: 9 }, USD))).toMatch(/of XAU no price is known/)
  expect([m.atOnce(), m.asked.filter((path) => path.startsWith('/kraken/')).length]).toEqual([1, 4])
})

describe('one exchange that', () => {
  const lies: [string, Parameters<Awaited<ReturnType<typeof market>>['fault']>[1], RegExp][] = [
    ['answers a page of words', 'html', /answers what is no JSON/],
    ['answers 500', 'down', /answers 500/],
    ['sends its clients elsewhere', 'elsewhere', /redirects more than 0 times/],
    ['answers without end', 'endless', /more than 16384 bytes/],
    ['wants to be left alone', 'busy', /Rate limit|answers 429/],
    ['has no such market', 'no_market', /Unknown asset pair|it answers 404/],
    ['says floats', 'floats', /what it says is no price/],
  ]
  test.each(lies)('%s leaves the price as the others say it', async (_, fault, words) => {
    const m = await market()
    m.fault('kraken', fault)
    await m.live.round()
    expect(dollars(m)).toBe(97_000_000_000n)
    expect(m.verdicts('BTC')).toEqual(['kraken failed', 'coinbase used', 'bitstamp used', 'gemini used'])
    const view = m.of('BTC')
    expect(view.kind === 'live' && view.sources[0]?.fault).toMatch(words)
  })

  test('does not answer is given up, and asked half as often each time', async () => {
    const m = await market()
    m.fault('kraken', 'down')
    const turns: number[] = []
    for (let i = 0; i < 40; i++) {
      const before = m.asked.length
      await m.after(15)
      if (m.asked.slice(before).some((path) => path.startsWith('/kraken/'))) turns.push(i)
    }
    // 15 seconds a round: pauses of 30, 60, 120, 240, then of 300 seconds.
    expect(turns).toEqual([0, 2, 6, 14, 30])
    expect(m.live.problems().map(({ what }) => what)).toContain('price_source_silent')
    m.fault('kraken', undefined)
    await m.after(300)
    expect(m.verdicts('BTC')[0]).toBe('kraken used')
    expect(m.live.problems()).toEqual([])
  })

  test.each<[string, readonly [string, string], string]>([
    ['is ten times too high', ['969995', '970005'], 'outlier'],
    ['is ten times too low', ['9699.95', '9700.05'], 'outlier'],
    ['is crossed', ['97010', '97000'], 'crossed'],
    ['is two percent wide and more', ['96000', '98000'], 'wide'],
  ])('%s is not counted', async (_, book, verdict) => {
    const m = await market()
    m.set('BTC/USD', book, ['bitstamp'])
    await m.live.round()
    expect(dollars(m)).toBe(97_000_000_000n)
    expect(m.verdicts('BTC')[2]).toBe(`bitstamp ${verdict}`)
    expect(m.live.promiseMsMax?.(USD, BTC)).toBe(verdict === 'outlier' ? 900_000 : undefined)
  })

  test('says nonsense for a price has none', async () => {
    const m = await market()
    for (const bad of ['0', '-5', '1e5', 'NaN', '', '97000,5', '9'.repeat(60)]) {
      m.set('BTC/USD', [bad, bad], ['gemini'])
      await m.live.round()
      expect(m.verdicts('BTC')[3], bad).toBe('gemini failed')
    }
  })

  test('stands still while the others move is not counted from the fifth minute on', async () => {
    const m = await market()
    await m.live.round()
    const moving = ['coinbase', 'bitstamp', 'gemini'] as const
    for (let i = 1; i <= 21; i++) {
      m.set('BTC/USD', [`${97_000 + 20 * i}`, `${97_001 + 20 * i}`], moving)
      await m.after(15)
    }
    expect(m.verdicts('BTC')[0]).toBe('kraken still')
    expect(
      m.live
        .problems()
        .map(({ detail }) => detail)
        .join(),
    ).toMatch(/kraken says the same for long/)
  })
})

test('words with an old time of their own are not counted, by the limit of who says them', async () => {
  const m = await market()
  m.sayOld(120_000)
  await m.live.round()
  expect(m.verdicts('BTC')).toEqual(['kraken used', 'coinbase used', 'bitstamp old', 'gemini used'])
  m.sayOld(-120_000)
  await m.after(15)
  expect(m.verdicts('BTC')).toEqual(['kraken used', 'coinbase ahead', 'bitstamp ahead', 'gemini used'])
})

test('gas of Polygon is worth what POL is, and markets of a coin that no chain here has are not asked for', async () => {
  const m = await market([{ chainId: 137 }])
  await m.live.round()
  // A token for a POL of 20 cents: 10^18 of the one are 200,000 of the other, and a little more, because a token is 99.995 cents.
  expect(convert(parseAmount('1', POL), m.live.rate(POL, USDC), 'down').units).toBe(200_010n)
  expect(m.verdicts('POL')).toEqual(['kraken used', 'coinbase used', 'bitstamp used'])
  expect(m.asked.some((path) => /avax/i.test(path))).toBe(false)
  const other = await market()
  await other.live.round()
  expect(other.asked.some((path) => /pol/i.test(path))).toBe(false)
})

test('two that are close make a price, and two that are not make none at once', async () => {
  const m = await market()
  await m.live.round()
  for (const name of ['coinbase', 'gemini'] as const) m.fault(name, 'down')
  m.set('BTC/USD', ['97100', '97101'], ['bitstamp'])
  await m.after(60)
  expect(m.verdicts('BTC')).toEqual(['kraken used', 'coinbase old', 'bitstamp used', 'gemini old'])
  expect(dollars(m)).toBe(97_050_250_000n)
  m.set('BTC/USD', ['97500', '97501'], ['bitstamp'])
  await m.after(15)
  expect(refusal(() => dollars(m))).toMatch(/of BTC, the markets do not agree/)
  expect(m.live.problems().map(({ what }) => what)).toContain('rate_unavailable')
  m.set('BTC/USD', ['97100', '97101'], ['bitstamp'])
  await m.after(15)
  expect(dollars(m)).toBe(97_050_250_000n)
})

test('where all are silent the last price is used until it is too old, and no longer', async () => {
  const m = await market()
  await m.live.round()
  for (const name of ['kraken', 'coinbase', 'bitstamp', 'gemini'] as PriceSourceName[]) m.fault(name, 'down')
  await m.after(60)
  m.pass(120)
  expect(dollars(m)).toBe(97_000_000_000n)
  m.pass(1)
  expect(refusal(() => dollars(m))).toMatch(/of BTC, its last price is too old/)
  expect(m.of('BTC').kind).toBe('unavailable')
})

test('a jump is no price until the next round says it again; one that is taken back never was', async () => {
  const m = await market()
  await m.live.round()
  m.set('BTC/USD', ['90000', '90001'])
  await m.after(15)
  expect(refusal(() => dollars(m))).toMatch(/went too far at once/)
  expect(dollars(m, ETH)).toBe(3_500_000_000n)
  await m.after(15)
  expect(dollars(m)).toBe(90_000_500_000n)
  m.set('BTC/USD', ['99999', '100000'])
  await m.after(15)
  m.set('BTC/USD', ['90000', '90001'])
  await m.after(15)
  expect(dollars(m)).toBe(90_000_500_000n)
})

test('a coin of one dollar is priced as what it is, and not at all beyond a cent and a half', async () => {
  const m = await market()
  m.set('USDC/USD', ['0.9939', '0.9941'])
  await m.live.round()
  expect(dollars(m, USDC)).toBe(994_000n)
  expect(m.live.problems().map(({ what }) => what)).toEqual(['off_peg'])
  expect([m.live.promiseMsMax?.(USD, USDC), m.live.promiseMsMax?.(USD, BTC)]).toEqual([900_000, undefined])
  m.set('USDC/USD', ['0.9839', '0.9841'])
  await m.after(15)
  expect(refusal(() => dollars(m, USDC))).toMatch(/too far from the dollar/)
  expect(dollars(m)).toBe(97_000_000_000n)
})

test('a coin that was no dollar is priced again after six hours near one, without a word that says else', async () => {
  const m = await market()
  await m.live.round()
  m.set('USDC/USD', ['0.8799', '0.8801'])
  await m.after(15)
  const isShut = () => /dollar that it stands for/.test(refusal(() => dollars(m, USDC)))
  expect(isShut()).toBe(true)
  // Back within half a cent, and not within three tenths of one.
  m.set('USDC/USD', ['0.9959', '0.9961'])
  await m.after(15)
  await m.after(22_000)
  expect(isShut()).toBe(true)
  m.set('USDC/USD', ['0.9979', '0.9981'])
  await m.after(15)
  await m.after(21_000)
  // A bad quarter of a minute, and the six hours begin anew.
  m.set('USDC/USD', ['0.9959', '0.9961'])
  await m.after(15)
  m.set('USDC/USD', ['0.9979', '0.9981'])
  await m.after(15)
  await m.after(21_599)
  expect(isShut()).toBe(true)
  await m.after(1)
  expect(dollars(m, USDC)).toBe(998_000n)
  expect(dollars(m)).toBe(97_000_000_000n)
})

describe('what is written', () => {
  const applied: SubmitOutcome = { kind: 'applied', seq: 1 }

  test('is each set of prices that a rate was read of, once, before what follows; and nothing while nobody asks', async () => {
    const m = await market()
    const written: Fact[] = []
    const submit = async ({ facts = [] }: Submission) => {
      written.push(...facts)
      return applied
    }
    await m.live.round()
    m.live.remember({ submit, remember: () => undefined })
    m.live.start((error) => expect.unreachable(String(error)))
    await m.after(90)
    // A sheet is looked at, and nothing is priced by it.
    const held = { group: 'rail:lightning:node', asset: BTC, debits: parseAmount('1', BTC).units, credits: 0n }
    expect(balanceSheet([held], { rates: m.live, currency: USD }).value.held).toBe(97_000_000_000n)
    expect(written).toEqual([])
    const rate = m.live.rate(BTC, EUR)
    m.live.rate(EUR, BTC)
    expect(written.map(({ type, id }) => ({ type, id }))).toEqual([{ type: 'rates.used', id: rate.source }])
    // The rate follows from the fact by integers alone: 10^11 millisatoshi and 10^6 millionths are one whole each.
    const { prices } = written[0]!.data as { prices: Record<string, { value: string; sources: { source: string; bid: string }[] }> }
    const [btc, eur] = [prices.BTC!.value.split('/').map(BigInt), prices.EUR!.value.split('/').map(BigInt)]
    expect(rate.num * (btc[1]! * eur[0]! * 10n ** 11n)).toBe(rate.den * (btc[0]! * eur[1]! * 10n ** 6n))
    expect(prices.BTC!.sources.map(({ source, bid }) => [source, bid])).toEqual(
      ['kraken', 'coinbase', 'bitstamp', 'gemini'].map((name) => [name, '193999/2']),
    )
    await m.after(15)
    expect(m.live.rate(BTC, EUR).source).toBe(rate.source)
    await m.after(60)
    expect(m.live.rate(BTC, EUR).source).not.toBe(rate.source)
    expect(written).toHaveLength(2)
  })

  test('is written again where the books could not take it', async () => {
    const m = await market()
    const tries: string[] = []
    const submit = async ({ facts }: Submission): Promise<SubmitOutcome> => {
      tries.push(facts![0]!.id)
      if (tries.length === 1) throw new Error('the queue is full')
      return tries.length === 2 ? { kind: 'unknown' } : applied
    }
    await m.live.round()
    const { source } = m.live.rate(BTC, USD)
    m.live.remember({ submit, remember: () => undefined })
    m.live.start((error) => expect.unreachable(String(error)))
    for (let i = 0; i < 4; i++) await m.after(1)
    expect(tries).toEqual([source, source, source])
  })
})
