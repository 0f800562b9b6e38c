import { expect, test } from 'vitest'
import { EUR, USD } from '../../money/asset.ts'
import { usd } from '../../money/dollars.ts'
import { type Money, money, parseAmount } from '../../money/money.ts'
import type { Fact } from '../../ports/books.ts'
import { createFirstDays } from './firstDays.ts'

const DAY_MS = 86_400_000
const BEGAN = Date.parse('2027-03-01T10:00:00Z')
const euros = (text: string) => parseAmount(text, EUR)
const LIMITS = { days: 7, payment: usd('250'), day: usd('600') }

/** What a fact of a test says: one of the kinds, of `id`, which may be in a net. */
function read({ type, id, data }: Fact) {
  const amount = parseAmount(String(data.amount ?? '0'), data.asset === EUR.id ? EUR : USD)
  if (type === 'in') return { kind: 'paid_in', amount } as const
  if (type === 'out') return { kind: 'paid_out', id, of: String(data.net ?? id), amount } as const
  return type === 'ended' ? ({ kind: 'ended', of: id, back: data.back === 'all' ? 'all' : amount.units } as const) : undefined
}

/** Books that are only listened to, a clock, and a euro of two dollars. */
function openDays({ limits }: { limits: typeof LIMITS | undefined } = { limits: LIMITS }) {
  let now = BEGAN
  let seq = 0
  let apply: (fact: Fact) => void = () => undefined
  const days = createFirstDays({
    books: {
      remember: (memory) => {
        apply = (fact) => memory.apply(fact, ++seq)
      },
    },
    clock: { now: () => now },
    limits,
    read,
    worth: ({ asset, units }) => money(USD, asset.id === EUR.id ? 2n * units : units),
    assetOf: (id) => (id === EUR.id ? EUR : USD),
  })
  const fact = (type: string, id: string, data: Readonly<Record<string, string>>, at = now) => apply({ type, id, at, data })
  function said<T>(ask: () => T): T | string {
    try {
      return ask()
    } catch (error) {
      return error instanceof Error ? error.message : 'no error'
    }
  }
  const pays = (amount: Money, id = `new ${amount.units}`) => said(() => days.admitPayout(id, amount))
  const asks = (amount: Money) => said(() => days.admitIntent(amount))
  const fits = (amount: Money) => said(() => days.fitsPayout(amount))
  return { days, fact, pays, asks, fits, to: (at: number) => (now = at) }
}

test('one payment above the limit is refused, with what lifts it; as much as the limit is not', () => {
  const { pays, asks, fits } = openDays()
  expect(pays(usd('250.01'))).toMatch(/^In its first 7 days this gateway pays out at most 250 USD at once, and this is worth 250.01 USD/)
  expect(pays(usd('250.01'))).toContain('"firstDays": false')
  expect(pays(usd('250'))).toBeTypeOf('function')
  expect(asks(euros('125.01'))).toMatch(/takes at most 250 USD at once, and this is worth 250.02 USD/)
  expect(fits(euros('125.01'))).toMatch(/pays out at most 250 USD at once/)
})

test('all payouts of a day are counted by what the books have, in every asset, and what is not written yet', () => {
  const { pays, asks, fits, fact, to } = openDays()
  fact('out', 'a', { amount: '200' })
  fact('out', 'b', { amount: '100', asset: EUR.id })
  expect(pays(usd('200.01'))).toMatch(/at most 600 USD in a day \(UTC\), and today has no room/)
  const ends = pays(usd('150'), 'c')
  expect(pays(usd('60'))).toMatch(/no room/)
  // The same that is asked for again is one.
  expect(pays(usd('200'), 'c')).toBeTypeOf('function')
  expect(asks(usd('250'))).toBeUndefined()
  if (typeof ends === 'function') ends()
  expect(pays(usd('200'), 'd')).toBeTypeOf('function')
  // It is written: once, and not as what waits too.
  fact('out', 'd', { amount: '200' })
  expect([pays(usd('0.01')), fits(usd('250'))]).toEqual([expect.stringMatching(/no room/), undefined])
  to(BEGAN + DAY_MS)
  expect(pays(usd('250'))).toBeTypeOf('function')
})

test('what did not leave gives its part of its day back, a net that of all who joined it, and what was paid does not', () => {
  const { pays, fact, to } = openDays()
  fact('out', 'paid', { amount: '100' })
  fact('out', 'failed', { amount: '150' })
  fact('out', 'in parts', { amount: '150' })
  for (const id of ['m1', 'm2']) fact('out', id, { amount: '100', net: 'net' })
  expect(pays(usd('0.01'))).toMatch(/no room/)
  fact('ended', 'paid', { amount: '0' })
  expect(pays(usd('0.01'))).toMatch(/no room/)
  fact('ended', 'failed', { back: 'all' })
  expect(pays(usd('150.01'))).toMatch(/no room/)
  fact('ended', 'in parts', { amount: '20' })
  fact('ended', 'net', { back: 'all' })
  // 100, and 130 in parts.
  expect(pays(usd('250'), 'x')).toBeTypeOf('function')
  expect(pays(usd('120.01'), 'y')).toMatch(/no room/)
  expect(pays(usd('120'), 'y')).toBeTypeOf('function')
  fact('out', 'z', { amount: '250' })
  to(BEGAN + DAY_MS)
  for (const id of ['x', 'y']) fact('out', id, { amount: '250' })
  // Of the day before, and no other's.
  fact('ended', 'z', { back: 'all' })
  expect(pays(usd('100.01'))).toMatch(/no room/)
})

test('what is asked for is counted once it is paid, on the day of the payment, also when that is told late', () => {
  const { asks, fact, to } = openDays()
  for (let n = 0; n < 9; n++) expect(asks(usd('250'))).toBeUndefined()
  fact('in', 'a', { amount: '250' })
  fact('in', 'b', { amount: '100', asset: EUR.id })
  expect([asks(usd('150.01')), asks(usd('150'))]).toEqual([expect.stringMatching(/takes at most 600 USD in a day/), undefined])
  to(BEGAN + DAY_MS)
  fact('in', 'c', { amount: '500' })
  fact('in', 'd', { amount: '500' }, BEGAN)
  expect([asks(usd('100.01')), asks(usd('100'))]).toEqual([expect.stringMatching(/no room/), undefined])
})

test('the days begin with the first fact of the journal, also for a gateway that was there before, and then nothing is refused', () => {
  const { days, pays, asks, fact, to } = openDays()
  fact('anything', 'x', {})
  to(BEGAN + 7 * DAY_MS - 1)
  expect(pays(usd('251'))).toMatch(/at once/)
  expect(days.text()).toBe('first days, until 2027-03-08T10:00:00.000Z: at most 250 USD a payment, and 600 USD a day out and as much in')
  to(BEGAN + 7 * DAY_MS)
  expect(pays(usd('100000'))).toBeTypeOf('function')
  expect([asks(usd('100000')), days.text()]).toEqual([undefined, undefined])
})

test('without limits nothing is refused and nothing is said', () => {
  const { days, pays, asks } = openDays({ limits: undefined })
  expect(pays(usd('100000'))).toBeTypeOf('function')
  expect([asks(usd('100000')), days.text()]).toEqual([undefined, undefined])
})
