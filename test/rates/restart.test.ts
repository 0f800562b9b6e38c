import { describe, expect, test } from 'vitest'
import { BTC, ETH, USD } from '../../gateway/money/asset.ts'
import type { Fact, Submission, SubmitOutcome } from '../../gateway/ports/books.ts'
import { dollars, market, refusal, USDC } from './market.ts'

test('a clock that is set back makes no price young, and silences no exchange', async () => {
  const m = await market()
  await m.live.round()
  m.fault('kraken', 'down')
  await m.after(15)
  m.setClock(-3_600)
  m.pass(120)
  expect(dollars(m)).toBe(97_000_000_000n)
  m.pass(46)
  expect(refusal(() => dollars(m))).toMatch(/of BTC, its last price is too old/)
  expect(m.of('BTC')).toMatchObject({ kind: 'unavailable', why: 'too_old' })
  m.fault('kraken', undefined)
  m.set('BTC/USD', ['97100', '97101'])
  await m.after(1)
  expect(m.verdicts('BTC')).toEqual(['kraken used', 'coinbase used', 'bitstamp used', 'gemini used'])
  expect(dollars(m)).toBe(97_100_500_000n)
})

test('a clock that is put forward makes prices old until the next round, and is no six hours near a dollar', async () => {
  const m = await market()
  await m.live.round()
  m.set('USDC/USD', ['0.8799', '0.8801'])
  await m.after(15)
  m.set('USDC/USD', ['0.9979', '0.9981'])
  await m.after(15)
  m.setClock(21_600)
  expect(refusal(() => dollars(m))).toMatch(/of BTC, its last price is too old/)
  await m.after(15)
  expect(dollars(m)).toBe(97_000_000_000n)
  expect(refusal(() => dollars(m, USDC))).toMatch(/dollar that it stands for/)
})

describe('a gateway that starts again', () => {
  /** What is written into one journal, and each time a gateway over it, on one clock with one market. */
  async function house() {
    const first = await market()
    const facts: Fact[] = []
    const begin = async () => {
      const live = first.another()
      const submit = async ({ facts: more = [] }: Submission): Promise<SubmitOutcome> => {
        facts.push(...more)
        return { kind: 'applied', seq: facts.length }
      }
      await live.round()
      live.remember({ submit, remember: ({ apply }) => facts.forEach((fact, seq) => void apply(fact, seq)) })
      live.start((error) => expect.unreachable(String(error)))
      return { ...first, live }
    }
    return { begin, facts }
  }

  test('measures the first round by what was priced by last, however long ago, and prices nothing by it', async () => {
    const { begin } = await house()
    const before = await begin()
    before.live.rate(BTC, USD)
    await before.live.close()
    before.pass(86_400)
    before.set('BTC/USD', ['9700', '9701'])
    const after = await begin()
    expect(refusal(() => dollars(after))).toMatch(/of BTC, its price went too far at once/)
    expect(dollars(after, ETH)).toBe(3_500_000_000n)
    await after.after(15)
    expect(dollars(after)).toBe(9_700_500_000n)
    await after.live.close()
    for (const name of ['kraken', 'coinbase', 'bitstamp', 'gemini'] as const) after.fault(name, 'down')
    expect(refusal(() => dollars(after))).toBe('nothing was refused')
    const silent = await begin()
    expect(refusal(() => dollars(silent))).toMatch(/of BTC, too few markets answer/)
  })

  test('trusts no coin that had lost its dollar, until six hours near one have passed', async () => {
    const { begin, facts } = await house()
    const before = await begin()
    before.set('USDC/USD', ['0.8799', '0.8801'])
    await before.after(15)
    expect(facts.map(({ type, id, data }) => [type, id, data.value])).toEqual([['rates.broken', 'USDC', '22/25']])
    await before.live.close()
    before.set('USDC/USD', ['0.9979', '0.9981'])
    const after = await begin()
    expect(refusal(() => dollars(after, USDC))).toMatch(/dollar that it stands for/)
    await after.after(21_599)
    expect(refusal(() => dollars(after, USDC))).toMatch(/dollar that it stands for/)
    await after.after(1)
    expect(dollars(after, USDC)).toBe(998_000n)
    expect(facts.filter(({ type }) => type !== 'rates.used').map(({ type }) => type)).toEqual(['rates.broken', 'rates.mended'])
    await after.live.close()
    const last = await begin()
    expect(dollars(last, USDC)).toBe(998_000n)
  })
})
