import { isGatewayError } from '../../errors/gatewayError.ts'
import { ppmApart } from '../../money/ratio.ts'
import type { Clock } from '../../ports/clock.ts'
import type { ReferenceDay, ReferenceRates } from '../../ports/referenceRates.ts'
import { createRounds } from './rounds.ts'

/** A day's file is small, and its new one comes at an hour that is not promised. */
const EVERY_MS = 900_000
const TURN_MS_MAX = 8_000
const DAYS_KEPT = 100
/** Easter has four days without rates in a row. Beyond this the last ones say nothing of today. */
const AGE_DAYS_MAX = 10
/** Told to operators before: one more than Easter. */
const AGE_DAYS_TOLD = 5
/** Further from one day to the next no main currency has gone in decades: what says so is wrong. */
const MOVED_PPM_MAX = 100_000n
/** By these a day is judged. */
const JUDGED_BY = ['USD', 'GBP'] as const
const DAY_MS = 86_400_000

export type ReferenceBook = Readonly<{
  name: string
  /** The day, or the last before it that has rates; undefined where none is near. */
  on: (date?: string) => ReferenceDay | undefined
  problems: () => readonly Readonly<{ rail: string; what: string; detail: string }>[]
  /** Asks once. Never throws for what the authority does. */
  round: () => Promise<void>
  start: (onFatal: (error: unknown) => void) => void
  close: () => Promise<void>
}>

type Parts = Readonly<{ source: ReferenceRates; clock: Clock }>

/** Keeps what an authority has said of each day. What it said first of a day stays: books that were valued by it are not restated. */
export function createReferenceBook({ source, clock }: Parts): ReferenceBook {
  const days = new Map<string, ReferenceDay>()
  const stop = new AbortController()
  let fault: string | undefined
  /** What it said last is not believed: its words of before may be what is wrong. */
  let isDoubted = false
  let hasMonths = false
  let running: Promise<void> | undefined

  function take(said: readonly ReferenceDay[]): string | undefined {
    const tomorrow = dateOf(clock.now() + DAY_MS)
    for (const day of [...said].sort((a, b) => (a.date < b.date ? -1 : 1))) {
      if (day.date > tomorrow) return `${source.name} has rates of ${day.date}, which is still to come`
      if (days.has(day.date)) continue
      const moved = movedTooFar(nearest(days, day.date), day)
      if (moved !== undefined) return `${source.name} has of ${day.date} ${moved}`
      days.set(day.date, day)
    }
    for (const date of [...days.keys()].sort().slice(0, -DAYS_KEPT)) days.delete(date)
    return undefined
  }

  async function ask(): Promise<void> {
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(TURN_MS_MAX)])
    try {
      fault = take(await source.days(hasMonths ? 'last' : 'months', { signal }))
      isDoubted = fault !== undefined
      hasMonths ||= fault === undefined
    } catch (error) {
      if (!isGatewayError(error)) throw error
      fault = error.shortMessage
      isDoubted = false
    }
  }

  const round = () => {
    running ??= ask().finally(() => {
      running = undefined
    })
    return running
  }
  const on = (date = dateOf(clock.now())) => {
    const found = nearest(days, date)
    return found && daysBetween(found.date, date) <= AGE_DAYS_MAX ? found : undefined
  }

  return {
    name: source.name,
    on,
    problems() {
      const today = dateOf(clock.now())
      const last = on(today)
      if (isDoubted) {
        const detail = `${fault}. It is not used; if it is right, what is used was wrong: compare both, and start again to read all anew.`
        return [{ rail: 'rates', what: 'reference_rates_refused', detail }]
      }
      if (last && daysBetween(last.date, today) <= AGE_DAYS_TOLD) return []
      const detail = `the last rates of ${source.name} that are used in books are of ${last?.date ?? 'no day'}: ${fault ?? 'it has no later ones'}`
      return [{ rail: 'rates', what: 'reference_rates_old', detail }]
    },
    round,
    start(onFatal) {
      createRounds({ round, everyMs: EVERY_MS, clock, stop: stop.signal })().catch(onFatal)
    },
    async close() {
      stop.abort()
      await running
    },
  }
}

/** The day itself, or the last before it. */
function nearest(days: ReadonlyMap<string, ReferenceDay>, date: string): ReferenceDay | undefined {
  let best: ReferenceDay | undefined
  for (const day of days.values()) if (day.date <= date && (best === undefined || day.date > best.date)) best = day
  return best
}

function movedTooFar(before: ReferenceDay | undefined, day: ReferenceDay): string | undefined {
  for (const code of JUDGED_BY) {
    const [a, b] = [before?.perEuro.get(code), day.perEuro.get(code)]
    if (!b) return `no rate of ${code}`
    if (a && ppmApart(b, a) > MOVED_PPM_MAX) return `a rate of ${code} that is more than 10 % from that of ${before?.date}`
  }
  return undefined
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS
}
