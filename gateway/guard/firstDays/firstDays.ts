import { GatewayError, isGatewayError, whereAvailable } from '../../errors/gatewayError.ts'
import { type Money, money, showMoney } from '../../money/money.ts'
import type { Books, Fact } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import { utcDay } from '../../ports/utcDay.ts'

const DAY_MS = 86_400_000
const BEGAN = 'began'

/** A sum is kept for so long after its day, for what ends late. */
const KEPT_MS = 2 * DAY_MS

/** `out`: what is paid out. `in`: what intents were paid with. */
type Way = 'out' | 'in'

/** For so many days from the first fact of the journal on: the most that one payment is worth, and all of one way in a UTC day. */
export type FirstDaysLimits = Readonly<{ days: number; payment: Money; day: Money }>

/** What a fact says of payments. `of`: what its end will name, the payout itself or its net. `back`: how much did not leave after all. */
type Said =
  | Readonly<{ kind: 'paid_in'; amount: Money }>
  | Readonly<{ kind: 'paid_out'; id: string; of: string; amount: Money }>
  | Readonly<{ kind: 'ended'; of: string; back: bigint | 'all' }>

/** What is on its way out: the sum that has it, and its units there. */
type UnderWay = Readonly<{ sum: string; units: string }>

type Parts = Readonly<{
  books: Pick<Books, 'remember'>
  clock: Clock
  /** Undefined where there is none: nothing is refused then, and all the same counted. */
  limits: FirstDaysLimits | undefined
  /** Undefined of a fact that says nothing of payments. */
  read: (fact: Fact) => Said | undefined
  /** In dollars. Throws where that cannot be said now. */
  worth: (amount: Money) => Money
  assetOf: (id: string) => Money['asset']
}>

/** Refuses with `too_many_open` what is too much for a gateway's first days; admits all where nothing is limited. */
export type FirstDays = Readonly<{
  /** Refuses a payout that is too much by itself. */
  fitsPayout(amount: Money): void
  /** Refuses also what today has no room for. Counts it at once; answers how to say that the books have it, or never will. */
  admitPayout(id: string, amount: Money): () => void
  /** Refuses an intent that is too much by itself, or beside what was paid today. What was only asked for counts for nobody: asking is free. */
  admitIntent(amount: Money): void
  /** What holds now, in words; undefined where nothing is limited. */
  text(): string | undefined
}>

/** True of a refusal that another day lifts, or a payout of today that fails. */
export function isDayFull(error: unknown): boolean {
  return isGatewayError(error, 'too_many_open') && error.meta.of === 'first_days' && error.meta.limit === 'day'
}

/** Make it before the books start: it counts what their facts say. */
export function createFirstDays({ books, clock, limits, read, worth, assetOf }: Parts): FirstDays {
  /** Payouts that the books do not have yet. */
  const waiting = new Map<string, Money>()
  const sums = rememberSums(books, read, (id) => void waiting.delete(id))

  /** The limits, while they hold. */
  function limitsNow(): FirstDaysLimits | undefined {
    return limits && clock.now() < sums.beganAt(clock.now()) + limits.days * DAY_MS ? limits : undefined
  }

  // What cannot be priced now is not converted now, and weighs nothing.
  const worthOf = (amount: Money) => whereAvailable(() => worth(amount))?.units ?? 0n

  function todayOf(way: Way): bigint {
    let worthIt = 0n
    for (const [asset, units] of sums.of(way, utcDay(clock.now()))) worthIt += worthOf(money(assetOf(asset), units))
    return worthIt
  }

  /** `more`: what counts today beside what the books have. */
  function refuseTooMuch(way: Way, amount: Money, more: () => bigint): void {
    const held = limitsNow()
    if (!held) return
    const own = worthOf(amount)
    if (own > held.payment.units) throw tooLarge(way, held, money(held.payment.asset, own))
    if (more() + own > held.day.units) throw dayFull(way, held)
  }

  return {
    fitsPayout: (amount) => refuseTooMuch('out', amount, () => 0n),
    admitPayout(id, amount) {
      const more = () => {
        let besides = todayOf('out')
        // The same that is asked for again is one.
        for (const [other, its] of waiting) if (other !== id) besides += worthOf(its)
        return besides
      }
      refuseTooMuch('out', amount, more)
      if (!limitsNow()) return () => undefined
      waiting.set(id, amount)
      return () => void waiting.delete(id)
    },
    admitIntent: (amount) => refuseTooMuch('in', amount, () => todayOf('in')),
    text() {
      const held = limitsNow()
      if (!held) return undefined
      const until = new Date(sums.beganAt(clock.now()) + held.days * DAY_MS).toISOString()
      return `first days, until ${until}: at most ${showMoney(held.payment)} a payment, and ${showMoney(held.day)} a day out and as much in`
    },
  }
}

/** What the journal has of each day, way and asset. `onOut` hears of each payout that it has. */
function rememberSums(books: Parts['books'], read: Parts['read'], onOut: (id: string) => void) {
  const began = new Map<string, number>()
  const sums = new Map<string, string>()
  const underWay = new Map<string, UnderWay>()

  function count(way: Way, { asset, units }: Money, at: number): string {
    const key = `${utcDay(at)} ${way} ${asset.id}`
    if (!sums.has(key)) for (const old of sums.keys()) if (old < utcDay(at - KEPT_MS)) sums.delete(old)
    sums.set(key, `${BigInt(sums.get(key) ?? '0') + units}`)
    return key
  }

  function end(of: string, back: bigint | 'all'): void {
    const one = underWay.get(of)
    underWay.delete(of)
    const sum = one && sums.get(one.sum)
    if (one && sum !== undefined) sums.set(one.sum, `${BigInt(sum) - (back === 'all' ? BigInt(one.units) : back)}`)
  }

  books.remember({
    name: 'guard.firstDays',
    form: 2,
    tables: { began, sums, underWay },
    apply(fact) {
      if (!began.has(BEGAN)) began.set(BEGAN, fact.at)
      const said = read(fact)
      if (said?.kind === 'paid_in') count('in', said.amount, fact.at)
      if (said?.kind === 'ended') end(said.of, said.back)
      if (said?.kind !== 'paid_out') return
      onOut(said.id)
      const sum = count('out', said.amount, fact.at)
      const before = underWay.get(said.of)
      // Of a net that was joined on two days, the second day's part is what its end gives back.
      const units = (before?.sum === sum ? BigInt(before.units) : 0n) + said.amount.units
      underWay.set(said.of, { sum, units: `${units}` })
    },
  })

  return {
    beganAt: (now: number): number => began.get(BEGAN) ?? now,
    /** Assets, and units of each. */
    *of(way: Way, day: string): Generator<readonly [string, bigint]> {
      const start = `${day} ${way} `
      for (const [key, units] of sums) if (key.startsWith(start)) yield [key.slice(start.length), BigInt(units)]
    },
  }
}

const WORDS: Readonly<Record<Way, string>> = { out: 'pays out', in: 'takes' }

function tooLarge(way: Way, { days, payment }: FirstDaysLimits, own: Money): GatewayError {
  return refused(
    'payment',
    `In its first ${days} days this gateway ${WORDS[way]} at most ${showMoney(payment)} at once, and this is worth ${showMoney(own)}`,
  )
}

function dayFull(way: Way, { days, day }: FirstDaysLimits): GatewayError {
  return refused(
    'day',
    `In its first ${days} days this gateway ${WORDS[way]} at most ${showMoney(day)} in a day (UTC), and today has no room for this`,
  )
}

function refused(limit: 'payment' | 'day', what: string): GatewayError {
  return new GatewayError('too_many_open', what, {
    meta: { of: 'first_days', limit },
    hint: 'Nothing was taken. The operator lifts it with `"firstDays": false` in the configuration, or raises `firstDays.paymentUsd` and `firstDays.dayUsd`.',
  })
}
