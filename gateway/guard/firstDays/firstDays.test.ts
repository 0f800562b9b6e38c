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

/** What a fact of a test pays: `out 12.50 USD`. */
function madeBy(way: string) {
  return ({ type, id, data }: Fact) =>
    type === way ? { id, amount: parseAmount(String(data.amount), data.asset === EUR.id ? EUR : USD) } : undefined
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
    made: { out: madeBy('out'), asked: madeBy('asked') },
    worth: ({ asset, units }) => money(USD, asset.id === EUR.id ? 2n * units : units),
    assetOf: (id) => (id === EUR.id ? EUR : USD),
  })
  const fact = (type: string, id: string, amount: string, asset = USD.id) => apply({ type, id, at: now, data: { amount, asset } })
  const tries = (amount: Money, way: 'out' | 'asked' = 'out', id = `new ${amount.units}`) => {
    try {
      return days.admit(way, id, amount)
    } catch (error) {
      return error instanceof Error ? error.message : 'no error'
    }
  }
  return { days, fact, tries, to: (at: number) => (now = at) }
}

test('one payment above the limit is refused, with what lifts it; as much as the limit is not', () => {
  const { tries } = openDays()
  expect(tries(usd('250.01'))).toMatch(/^In its first 7 days this gateway pays out at most 250 USD at once, and this is worth 250.01 USD/)
  expect(tries(usd('250.01'))).toContain('"firstDays": false')
  expect(tries(usd('250'))).toBeTypeOf('function')
  expect(tries(euros('125.01'), 'asked')).toMatch(/asks for at most 250 USD at once, and this is worth 250.02 USD/)
})

test('all of a day is counted by what the books have, in every asset, each way by itself, and what is not written yet', () => {
  const { tries, fact, to } = openDays()
  fact('out', 'a', '200')
  fact('out', 'b', '100', EUR.id)
  expect(tries(usd('200.01'))).toMatch(/at most 600 USD in a day \(UTC\), and today has no room/)
  const ends = tries(usd('150'), 'out', 'c')
  expect(tries(usd('60'))).toMatch(/no room/)
  // The same that is asked for again is one.
  expect(tries(usd('200'), 'out', 'c')).toBeTypeOf('function')
  expect(tries(usd('250'), 'asked')).toBeTypeOf('function')
  if (typeof ends === 'function') ends()
  expect(tries(usd('200'), 'out', 'd')).toBeTypeOf('function')
  // It is written: once, and not as what waits too.
  fact('out', 'd', '200')
  expect(tries(usd('0.01'))).toMatch(/no room/)
  to(BEGAN + DAY_MS)
  expect(tries(usd('250'))).toBeTypeOf('function')
})

test('the days begin with the first fact of the journal, also for a gateway that was there before, and then nothing is refused', () => {
  const { days, tries, fact, to } = openDays()
  fact('anything', 'x', '0')
  to(BEGAN + 7 * DAY_MS - 1)
  expect(tries(usd('251'))).toMatch(/at once/)
  expect(days.text()).toBe(
    'first days, until 2027-03-08T10:00:00.000Z: at most 250 USD a payment, and 600 USD a day out and as much asked for',
  )
  to(BEGAN + 7 * DAY_MS)
  expect(tries(usd('100000'))).toBeTypeOf('function')
  expect(days.text()).toBeUndefined()
})

test('without limits nothing is refused and nothing is said', () => {
  const { days, tries } = openDays({ limits: undefined })
  expect(tries(usd('100000'))).toBeTypeOf('function')
  expect(days.text()).toBeUndefined()
})
