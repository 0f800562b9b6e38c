import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Booking, booksAt } from '../../../test/statements/booksAt.ts'
import { periodOf } from '../../audit/statements/period.ts'
import type { WorthThen } from '../../audit/statements/worth.ts'
import { type Asset, BTC, EUR, USD } from '../../money/asset.ts'
import { money, mulDiv } from '../../money/money.ts'
import type { Leg } from '../../ports/books.ts'
import type { ReadModel } from '../../ports/readModel.ts'
import { type Profit, profitOf } from './profit.ts'

const GOLD: Asset = { id: 'gold', code: 'XAU', scale: 6, ledger: 77 }
const PARTY = `party:pa_${'a'.repeat(32)}`
const move = (debit: string, credit: string, units: bigint, asset: Asset = USD): Leg => ({ kind: 'move', debit, credit, asset, units })
const [CENT, BITCOIN] = [10_000n, 10n ** 11n]

const BOOKINGS: readonly Booking[] = [
  {
    at: '2026-10-31T00:00:00Z',
    payment: 'capital',
    legs: [move('rail:lightning:node', 'fx:BTC/USD', BITCOIN, BTC), move('rail:bank:account', 'fx:BTC/USD', 100_000_000n)],
  },
  // A hundredth of a bitcoin for 990 dollars of the party's, and a cent that the operator keeps.
  {
    at: '2026-11-02T12:00:00Z',
    payment: 'pi_1',
    legs: [
      move('rail:lightning:node', 'fx:BTC/USD', BITCOIN / 1_000n, BTC),
      move('fx:BTC/USD', PARTY, 98_990_000n),
      move('fx:BTC/USD', 'fee:earned', CENT),
    ],
  },
  { at: '2026-11-03T12:00:00Z', payment: 'po_1', legs: [move('fee:paid:bank', 'rail:bank:account', 3n * CENT)] },
  {
    at: '2026-11-03T12:00:00Z',
    payment: 'ex_1',
    legs: [move('capital:lost:exchange', PARTY, 5n * CENT), move('capital:fee-budget', 'budget:fees', 7n)],
  },
  { at: '2026-11-20T12:00:00Z', payment: 'sa_1', legs: [move('rail:bank:account', 'capital:operator', 50_000_000n)] },
  { at: '2026-11-20T12:00:00Z', payment: 'capital', legs: [move('rail:vault:box', 'capital:operator', 9n, GOLD)] },
  { at: '2026-12-20T12:00:00Z', payment: 'sa_1', legs: [move('rail:bank:account', 'capital:operator', 1n)] },
]

let reads: ReadModel
let close: () => void
beforeAll(async () => {
  ;({ reads, close } = await booksAt(BOOKINGS))
})
afterAll(() => close?.())

/** Bitcoin costs 100,000 dollars until the 10th, then 90,000. Nobody knows what gold costs, and a euro costs what it likes. */
const worthThen: WorthThen = ({ asset, units }, at) => {
  if (asset.id === GOLD.id || asset.id === EUR.id) return undefined
  const price = asset.id === BTC.id ? (at < Date.parse('2026-11-10') ? 100_000n : 90_000n) * 1_000_000n : 1n
  const value = mulDiv(units < 0n ? -units : units, price, asset.id === BTC.id ? BITCOIN : 1n, 'down')
  return { value: money(USD, units < 0n ? -value : value), source: 'test', observedAt: at }
}

function profit(o: { from?: string; to?: string; worth?: WorthThen } = {}): Profit {
  const period = periodOf({ from: o.from ?? '2026-11-01', to: o.to ?? '2026-11-30', zone: 'UTC' })
  const work = profitOf(reads, { period, until: period.end, worthThen: o.worth ?? worthThen })
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
  }
}

test('what was earned, paid, lost and brought is told by where it came from, and the rest is what rates have changed', () => {
  const of = profit()
  expect(of.lines.map(({ source, account, asset, units, value }) => [source, account, asset.code, units, value]).sort()).toEqual(
    [
      ['conversion', 'fx:BTC/USD', 'BTC', 100_000_000n, 100_000_000n],
      ['conversion', 'fx:BTC/USD', 'USD', -99_000_000n, -99_000_000n],
      ['fees_earned', 'fee:earned', 'USD', CENT, CENT],
      ['fees_paid', 'fee:paid:bank', 'USD', -3n * CENT, -3n * CENT],
      ['losses', 'capital:lost:exchange', 'USD', -5n * CENT, -5n * CENT],
      ['owner', 'capital:operator', 'USD', 50_000_000n, 50_000_000n],
      ['owner', 'capital:operator', 'XAU', 9n, undefined],
    ].sort(),
  )
  // 1.001 bitcoin lost ten thousand dollars each.
  expect(of.assets.find(({ asset }) => asset.code === 'BTC')!.value!.revaluation).toBe(-10_010_000_000n)
  expect(of.assets.find(({ asset }) => asset.code === 'USD')!.value!.revaluation).toBe(0n)
  expect([of.owner, of.profit]).toEqual([50_000_000n, 1_000_000n - 7n * CENT - 10_010_000_000n])
  expect([of.before, of.after]).toEqual([100_100_000_000n, 100_100_000_000n + of.profit + of.owner])
  expect(of.unpriced).toEqual([GOLD])
})

test('periods that follow each other come to what the whole of them does', () => {
  const parts = [profit({ to: '2026-11-09' }), profit({ from: '2026-11-10', to: '2026-11-15' }), profit({ from: '2026-11-16' })]
  const whole = profit()
  expect(parts.reduce((sum, part) => sum + part.profit, 0n)).toBe(whole.profit)
  expect(parts.reduce((sum, part) => sum + part.owner, 0n)).toBe(whole.owner)
  expect(parts.slice(1).map(({ before }) => before)).toEqual(parts.slice(0, 2).map(({ after }) => after))
})

test('an asset that had no rate for a part is in no sum, and a period without movements has no lines', () => {
  const of = profit({
    worth: (amount, at) => (amount.asset.id === BTC.id && at < Date.parse('2026-11-03') ? undefined : worthThen(amount, at)),
  })
  expect(of.unpriced.map(({ code }) => code).sort()).toEqual(['BTC', 'XAU'])
  expect([of.before, of.after]).toEqual([100_000_000n, 100_000_000n + of.profit + of.owner])
  expect(profit({ from: '2026-11-11', to: '2026-11-12' })).toMatchObject({ lines: [], profit: 0n, owner: 0n })
})
