import { GatewayError, whereAvailable } from '../../errors/gatewayError.ts'
import { type Money, money, showMoney } from '../../money/money.ts'
import type { Books, Fact } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import { utcDay } from '../../ports/utcDay.ts'

const DAY_MS = 86_400_000
const BEGAN = 'began'

/** `out`: what is paid out. `asked`: what payers are asked for by intents. */
const WAYS = ['out', 'asked'] as const
type Way = (typeof WAYS)[number]
const WORDS: Readonly<Record<Way, string>> = { out: 'pays out', asked: 'asks for' }

/** For so many days from the first fact of the journal on: the most that one payment is worth, and all of one way in a UTC day. */
export type FirstDaysLimits = Readonly<{ days: number; payment: Money; day: Money }>

/** A payment that a fact made, by its id. */
type Made = Readonly<{ id: string; amount: Money }>
/** What the journal has of one way and asset on the last day on which there was anything. */
type DaySum = Readonly<{ day: string; units: string }>

type Parts = Readonly<{
  books: Pick<Books, 'remember'>
  clock: Clock
  /** Undefined where there is none: nothing is refused then, and all the same counted. */
  limits: FirstDaysLimits | undefined
  /** The payment that a fact of the way makes; undefined of any other fact. */
  made: Readonly<Record<Way, (fact: Fact) => Made | undefined>>
  /** In dollars. Throws where that cannot be said now. */
  worth: (amount: Money) => Money
  assetOf: (id: string) => Money['asset']
}>

/** Refuses what is too much for a gateway's first days; admits all where nothing is limited. */
export type FirstDays = Readonly<{
  /** Counts it at once; answers how to say that the books have it, or never will. Throws `too_many_open`. */
  admit(way: Way, id: string, amount: Money): () => void
  /** What holds now, in words; undefined where nothing is limited. */
  text(): string | undefined
}>

/** Make it before the books start: it counts what their facts say. */
export function createFirstDays({ books, clock, limits, made, worth, assetOf }: Parts): FirstDays {
  const began = new Map<string, number>()
  const sums = new Map<string, DaySum>()
  /** What the books do not have yet. */
  const waiting = new Map<string, Readonly<{ way: Way; amount: Money }>>()

  function count(way: Way, { amount }: Made, at: number): void {
    const [key, day] = [`${way} ${amount.asset.id}`, utcDay(at)]
    const before = sums.get(key)
    const units = before?.day === day ? BigInt(before.units) + amount.units : amount.units
    sums.set(key, { day, units: units.toString() })
  }

  books.remember({
    name: 'guard.firstDays',
    form: 1,
    tables: { began, sums },
    apply(fact) {
      if (!began.has(BEGAN)) began.set(BEGAN, fact.at)
      for (const way of WAYS) {
        const one = made[way](fact)
        if (!one) continue
        waiting.delete(one.id)
        count(way, one, fact.at)
      }
    },
  })

  const endsAt = (days: number) => (began.get(BEGAN) ?? clock.now()) + days * DAY_MS
  // What cannot be priced now is not converted now, and weighs nothing.
  const worthOf = (amount: Money) => whereAvailable(() => worth(amount))?.units ?? 0n

  /** All of a way today, but for one that is asked for again. */
  function todayOf(way: Way, but: string): bigint {
    const today = utcDay(clock.now())
    let sum = 0n
    for (const [key, { day, units }] of sums) {
      if (day === today && key.startsWith(`${way} `)) sum += worthOf(money(assetOf(key.slice(way.length + 1)), BigInt(units)))
    }
    for (const [id, one] of waiting) if (one.way === way && id !== but) sum += worthOf(one.amount)
    return sum
  }

  return {
    admit(way, id, amount) {
      if (!limits || clock.now() >= endsAt(limits.days)) return () => undefined
      const own = worthOf(amount)
      if (own > limits.payment.units) throw refused(way, limits, `at once, and this is worth ${showMoney(money(limits.day.asset, own))}`)
      if (todayOf(way, id) + own > limits.day.units) throw refused(way, limits, 'in a day (UTC), and today has no room for this')
      waiting.set(id, { way, amount })
      return () => void waiting.delete(id)
    },
    text() {
      if (!limits || clock.now() >= endsAt(limits.days)) return undefined
      const until = new Date(endsAt(limits.days)).toISOString()
      return `first days, until ${until}: at most ${showMoney(limits.payment)} a payment, and ${showMoney(limits.day)} a day out and as much asked for`
    },
  }
}

function refused(way: Way, { days, payment, day }: FirstDaysLimits, why: string): GatewayError {
  const most = showMoney(why.startsWith('at once') ? payment : day)
  return new GatewayError('too_many_open', `In its first ${days} days this gateway ${WORDS[way]} at most ${most} ${why}`, {
    meta: { of: 'first_days' },
    hint: 'Nothing was taken. The operator lifts it with `"firstDays": false` in the configuration, or raises `firstDays.paymentUsd` and `firstDays.dayUsd`.',
  })
}
