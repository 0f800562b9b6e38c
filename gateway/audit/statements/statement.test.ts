import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Booking, booksAt, entryOf } from '../../../test/statements/booksAt.ts'
import { BTC, EUR, USD } from '../../money/asset.ts'
import type { Leg } from '../../ports/books.ts'
import type { ReadModel } from '../../ports/readModel.ts'
import { periodOf } from './period.ts'
import { type Movement, openStatement } from './statement.ts'
import type { WorthThen } from './worth.ts'

const PARTY = `pa_${'a'.repeat(32)}`
const PATH = `party:${PARTY}`
const id = (prefix: string, n: number) => `${prefix}_${n.toString(16).padStart(32, '0')}`
const move = (debit: string, credit: string, units: bigint, asset = EUR): Leg => ({ kind: 'move', debit, credit, asset, units })
const came = (at: string, payment: string, units: bigint, more: Partial<Booking> = {}): Booking => {
  return { at, payment, legs: [move('rail:bank:account', PATH, units)], ...more }
}
const went = (at: string, payment: string, units: bigint, to = 'transit:payout'): Booking => ({
  at,
  payment,
  legs: [move(PATH, to, units)],
})

const about = { description: '=1+1', orderId: 'A-17' }
const receipt = { payment: id('pi', 1), entry: entryOf(2), parts: [], resource: '/v1/payment_intents' }
const shared = { ...receipt, payment: id('rc', 3), resource: '/joke', parts: [{ to: 'a' }, { to: 'b' }] }
const BOOKINGS: readonly Booking[] = [
  { at: '2026-10-01T00:00:00Z', payment: 'capital', legs: [move('rail:lightning:node', 'fx:BTC/EUR', 1_000n, BTC)] },
  came('2026-10-31T22:30:00Z', PARTY, 10_000_000n),
  came('2026-10-31T23:30:00Z', id('pi', 1), 2_500_000n, {
    facts: [
      { type: 'intent.created', id: id('pi', 1), data: { about } },
      { type: 'intent.settled', id: id('pi', 1), data: { rail: 'bank', receipt: id('rc', 1) } },
      { type: 'receipt.issued', id: id('rc', 1), data: receipt },
    ],
  }),
  {
    at: '2026-11-02T10:00:00Z',
    payment: id('rc', 3),
    legs: [move('fx:BTC/EUR', PATH, 5n, BTC)],
    facts: [{ type: 'receipt.issued', id: id('rc', 3), data: shared }],
  },
  {
    at: '2026-11-03T10:00:00Z',
    payment: id('po', 1),
    legs: [move(PATH, 'transit:payout', 2_000_001n), move(PATH, 'fee:charged', 20_000n)],
    facts: [{ type: 'payout.created', id: id('po', 1), data: { reference: 'rent', source: PATH } }],
  },
  {
    at: '2026-11-04T10:00:00Z',
    payment: id('rc', 1),
    legs: [move(PATH, `surplus:${id('rf', 1)}`, 500_000n)],
    facts: [{ type: 'refund.created', id: id('rf', 1), data: { request: id('pi', 1), entry: entryOf(5) } }],
  },
  went('2026-11-05T10:00:00Z', id('rc', 9), 100_000n, `dispute:${id('dp', 1)}`),
  went('2026-11-06T10:00:00Z', id('pb', 1), 300_000n, `batch:${id('pb', 1)}`),
  went('2026-11-30T23:30:00Z', id('sa', 1), 1n, 'capital:operator'),
]

let reads: ReadModel
let close: () => void
beforeAll(async () => {
  ;({ reads, close } = await booksAt(BOOKINGS))
})
afterAll(() => close?.())

const worthless: WorthThen = () => undefined
const NOW = Date.parse('2026-12-24T00:00:00Z')

function november(o: { zone?: string; pageSize?: number; now?: number; asset?: typeof EUR; worth?: WorthThen; to?: string } = {}) {
  const period = periodOf({ from: '2026-11-01', to: o.to ?? '2026-11-30', zone: o.zone ?? 'UTC' })
  return openStatement(reads, o.worth ?? worthless, { path: PATH, period, asset: o.asset, pageSize: o.pageSize ?? 100, now: o.now ?? NOW })
}
const all = (statement: ReturnType<typeof november>) => statement.balances.flatMap((of) => [...statement.pages(of)].flat())
const told = ({ kind, of, units, balance, day }: Movement) => [kind, of, units, balance, day]

test('each movement is told with what it is of, and opening and movements come to what is closing', () => {
  const statement = november()
  expect(statement.isPreliminary).toBe(false)
  expect(statement.balances.map(({ account: _, asset, ...of }) => ({ asset: asset.code, ...of }))).toEqual([
    { asset: 'EUR', opening: 12_500_000n, in: 0n, out: 2_920_002n, closing: 9_579_998n },
    { asset: 'BTC', opening: 0n, in: 5n, out: 0n, closing: 5n },
  ])
  expect(all(statement).map(told)).toEqual([
    ['payout', id('po', 1), -2_000_001n, 10_499_999n, '2026-11-03'],
    ['fee', id('po', 1), -20_000n, 10_479_999n, '2026-11-03'],
    ['refund', id('rf', 1), -500_000n, 9_979_999n, '2026-11-04'],
    ['dispute', id('dp', 1), -100_000n, 9_879_999n, '2026-11-05'],
    ['batch', id('pb', 1), -300_000n, 9_579_999n, '2026-11-06'],
    ['correction', id('sa', 1), -1n, 9_579_998n, '2026-11-30'],
    ['split_share', id('rc', 3), 5n, 5n, '2026-11-02'],
  ])
})

test('a month in another zone begins and ends elsewhere', () => {
  const statement = november({ zone: 'Europe/Berlin' })
  const [first] = all(statement)
  expect([first?.kind, first?.of, first?.reference, first?.description, first?.day]).toEqual([
    'payment',
    id('pi', 1),
    'A-17',
    '=1+1',
    '2026-11-01',
  ])
  expect(statement.balances[0]).toMatchObject({ opening: 10_000_000n, closing: 9_579_999n })
})

test.each([1, 2, 3, 50])('the pages of it are the same, %i at a time, and each begins where the one before ended', (pageSize) => {
  const whole = all(november())
  const statement = november({ pageSize })
  expect(all(statement)).toEqual(whole)
  const of = statement.balances[0]!
  for (const { at, balance, units } of whole.filter(({ asset }) => asset.id === 'EUR')) {
    expect(statement.placeAt(of, at)).toEqual({ at, balance: balance - units })
    expect(statement.page(of, statement.placeAt(of, at)).movements[0]?.at).toBe(at)
  }
})

test('a period that has not ended is preliminary, and so is one that ended a moment ago', () => {
  const end = Date.parse('2026-12-01T00:00:00Z')
  expect([end - 1, end, end + 59_999].map((now) => november({ now }).isPreliminary)).toEqual([true, true, true])
  expect(november({ now: end + 60_000 }).isPreliminary).toBe(false)
  // Nothing was written since the last movement, and the day is over all the same.
  expect(november({ now: end }).until).toBe(reads.cursor().at + 1n)
  expect(november({ now: end }).balances).toEqual(november().balances)
})

test('an asset that was never there has a statement of nothing', () => {
  expect(november({ asset: USD }).balances).toEqual([{ asset: USD, account: 0, opening: 0n, in: 0n, out: 0n, closing: 0n }])
  expect(all(november({ asset: USD }))).toEqual([])
  expect(november({ asset: BTC }).balances).toMatchObject([{ asset: { code: 'BTC' }, closing: 5n }])
})

test('a read model that has lost a movement is found out', () => {
  const lossy = {
    ...reads,
    changesBetween: (...o: Parameters<ReadModel['changesBetween']>) => reads.changesBetween(...o).filter(({ units }) => units !== 20_000n),
  }
  const period = periodOf({ from: '2026-11-01', to: '2026-11-30', zone: 'UTC' })
  const statement = openStatement(lossy, worthless, { path: PATH, period, pageSize: 9, now: NOW })
  expect(() => [...statement.pages(statement.balances[0]!)]).toThrow('sum to its balance')
})
