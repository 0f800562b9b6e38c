import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chooseRegime, type RegimeCost, type Returning } from './chooseRegime.ts'

/** In gas: held and collected together, alone, a channel with its claims (docs/gas.md). */
const held: RegimeCost = { name: 'held', opens: 0n, each: 46_320n }
const exact: RegimeCost = { name: 'exact', opens: 0n, each: 75_192n }
const channel: RegimeCost = { name: 'channel', opens: 107_713n, each: 1_150n }
const PPM = 1_000_000n

const nobody = (had: number): Returning => ({ had, reached: [], payments: 0 })

/** What a payer costs who comes `n` times, when each payment is settled by the first of the order. */
function costOf(offered: readonly RegimeCost[], n: number, known: Omit<Returning, 'had'> = { reached: [], payments: 0 }): bigint {
  const opened = new Set<string>()
  let cost = 0n
  for (let had = 0; had < n; had++) {
    const [name] = chooseRegime(offered, { had, ...known }).order
    const { opens, each } = offered.find((one) => one.name === name)!
    cost += each + (opened.has(name!) ? 0n : opens)
    opened.add(name!)
  }
  return cost
}

function bestOf(offered: readonly RegimeCost[], n: number): bigint {
  return offered.map(({ opens, each }) => opens + each * BigInt(n)).reduce((a, b) => (a < b ? a : b))
}

describe('without experience of a route', () => {
  test('a payer is settled one by one, the cheapest way, until opening a channel would have cost no more', () => {
    const choices = [0, 1, 2, 3].map((had) => chooseRegime([exact, channel, held], nobody(had)))
    expect(choices.map(({ order, because }) => [order[0], because])).toEqual([
      ['held', 'may_not_return'],
      ['held', 'may_not_return'],
      ['channel', 'returns'],
      ['channel', 'returns'],
    ])
    expect(choices[0]).toMatchObject({ order: ['held', 'exact', 'channel'], opens: 'channel', opensAfter: 2 })
  })

  test('where nothing can be opened, or nothing is saved by it, the cheapest is the only way', () => {
    expect(chooseRegime([exact, held], nobody(9))).toEqual({ order: ['held', 'exact'], because: 'only_way', boundPpm: PPM })
    expect(chooseRegime([held, { ...channel, each: 46_320n }], nobody(9))).toMatchObject({ because: 'only_way' })
  })

  test('whatever comes costs less than twice the best in hindsight, and never more than the bound that is told', () => {
    const cost = fc.bigInt(1n, 200_000n)
    const many = fc.integer({ min: 1, max: 60 })
    fc.assert(
      fc.property(cost, cost, fc.bigInt(0n, 3_000_000n), many, (rent, each, opens, n) => {
        const offered = [
          { name: 'rent', opens: 0n, each: rent },
          { name: 'buy', opens, each },
        ]
        const { boundPpm } = chooseRegime(offered, nobody(0))
        const [paid, best] = [costOf(offered, n), bestOf(offered, n)]
        expect(paid).toBeLessThan(2n * best)
        expect(paid * PPM).toBeLessThanOrEqual(boundPpm * best)
      }),
      { numRuns: 2_000 },
    )
  })

  test('of several that can be opened the bound holds against all of them', () => {
    const cost = fc.bigInt(1n, 200_000n)
    const opened = fc.tuple(fc.bigInt(0n, 3_000_000n), cost)
    fc.assert(
      fc.property(cost, fc.array(opened, { minLength: 2, maxLength: 4 }), fc.integer({ min: 1, max: 60 }), (rent, more, n) => {
        const offered = [{ name: 'rent', opens: 0n, each: rent }, ...more.map(([opens, each], i) => ({ name: `buy ${i}`, opens, each }))]
        const { boundPpm } = chooseRegime(offered, nobody(0))
        expect(costOf(offered, n) * PPM).toBeLessThanOrEqual(boundPpm * bestOf(offered, n))
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('with experience of a route', () => {
  /** Of a hundred payers so many came a second, third and fourth time; the last of them for ever. */
  const known = (second: number, third: number, fourth: number, more: number) => ({
    reached: [100, second, third, fourth],
    payments: 100 + second + third + fourth + more,
  })

  test('where most come again a channel is opened at once, and where few do as late as without it', () => {
    expect(chooseRegime([held, channel], { had: 0, ...known(95, 90, 90, 4_000) })).toMatchObject({
      order: ['channel', 'held'],
      because: 'most_return',
      opensAfter: 0,
    })
    expect(chooseRegime([held, channel], { had: 0, ...known(10, 5, 1, 0) })).toMatchObject({ because: 'may_not_return', opensAfter: 2 })
  })

  test('whatever was learnt, the bound that is told holds, and it is three at most', () => {
    const counts = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 60 }), (counted, n) => {
        const reached = [100, ...counted].sort((a, b) => b - a)
        const learnt = { reached, payments: reached.reduce((a, b) => a + b) }
        const { boundPpm } = chooseRegime([held, exact, channel], { had: 0, ...learnt })
        expect(boundPpm).toBeLessThanOrEqual(3n * PPM)
        expect(costOf([held, exact, channel], n, learnt) * PPM).toBeLessThanOrEqual(boundPpm * bestOf([held, exact, channel], n))
      }),
      { numRuns: 1_000 },
    )
  })
})
