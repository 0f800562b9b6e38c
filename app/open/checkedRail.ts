import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import type { CustomRail } from '../../gateway/ports/customRail.ts'
import type { Outcome } from '../../gateway/ports/outcome.ts'
import type { Sender } from '../../gateway/ports/sender.ts'
import type { Statement } from '../../gateway/ports/statement.ts'
import { balancesOf, estimateOf, outcomeOf, type Reading, strangersOf } from './railAnswers.ts'

/** The start waits for what a custom rail holds, and the end for its closing, so long and no longer. */
const BALANCES_MS = 30_000
const CLOSE_MS = 5_000
/** When an outcome that was none is asked for again. */
const ASK_AGAIN_MS = 1_000

type Wrong = Readonly<{ rail: string; what: string; detail: string }>
type Guard = Readonly<{ rail: CustomRail; log: (line: string) => void; wrongly: (call: string, why: string) => string }>

/**
 * A custom rail whose answers are what the books can hold. Its program may answer anything, whatever its types say: an outcome that is none is `unknown`,
 * terms that are none are no terms, what it cannot look at is refused, and of what it holds it then has not spoken. The last wrong answer of each call is shown
 * until the next start, because only a change of that program mends it.
 */
export function checkedRail(
  rail: CustomRail,
  { log }: Pick<Guard, 'log'>,
): Readonly<{ face: CustomRail; problems: () => readonly Wrong[] }> {
  const wrong = new Map<string, Wrong>()
  function wrongly(call: string, why: string): string {
    const detail = `${call} answered what it may not: ${why}`
    if (wrong.get(call)?.detail !== detail) log(`${rail.rail}: ${detail}`)
    wrong.set(call, { rail: rail.rail, what: 'the rail answers wrongly', detail })
    return `${rail.rail}: ${detail}`
  }
  const guard: Guard = { rail, log, wrongly }
  const { asset, serves, feesComeBy } = rail
  const face = { rail: rail.rail, asset, serves, feesComeBy, send: sendOf(guard), lookup: lookupOf(guard), estimate: estimated(guard) }
  const rest = { check: checking(guard), balances: held(guard), close: closing(guard) }
  const own = {
    ...(rail.strangers && { strangers: strangersSeen(guard) }),
    ...(rail.owns && { owns: owning(guard) }),
    ...(rail.railKey && { railKey: announcing(guard) }),
  }
  // Whether it receives is known by the members that it has, so it is the same sort of rail as before.
  return { face: Object.assign(face, rest, own, untouched(rail)) as CustomRail, problems: () => [...wrong.values()] }
}

/** What it has beside, which may be members of a class. */
function untouched(rail: CustomRail): Partial<CustomRail> {
  const names = ['offer', 'settlements', 'cost'] as const
  return Object.fromEntries(names.flatMap((name) => (rail[name] ? [[name, rail[name].bind(rail)]] : [])))
}

/** What the rail says of a destination in one word of its own, if any. It is asked for no promise. */
function textOf({ wrongly }: Guard, call: string, ask: () => unknown): Reading<string | undefined> {
  try {
    const value = ask()
    if (value === undefined || typeof value === 'string') return { kind: 'good', value }
    // A promise that nobody waits for may reject, which would end the process.
    void Promise.resolve(value).catch(() => undefined)
    return { kind: 'wrong', why: wrongly(call, `${typeof value} where a text or undefined is`) }
  } catch (error) {
    return { kind: 'wrong', why: wrongly(call, `it threw ${wordsOf(error)}`) }
  }
}

/** A destination that could not be looked at is not paid. */
function checking(guard: Guard): Sender['check'] {
  return (destination) => {
    const answer = textOf(guard, 'check', () => guard.rail.check(destination))
    return answer.kind === 'good' ? answer.value : `can not be checked: ${guard.rail.rail} is broken`
  }
}

/** Its own destination may then be ours, and is refused. Another rail's is not shut by this one: money of ours that comes to it is found by verify. */
function owning(guard: Guard): NonNullable<Sender['owns']> {
  const { rail } = guard
  return (destination) => {
    const answer = textOf(guard, 'owns', () => rail.owns?.(destination))
    if (answer.kind === 'good') return answer.value
    if (destination.kind === 'custom' && destination.rail === rail.rail) throw unavailable(rail.rail)
    return undefined
  }
}

/** What is not announced is not sent, and is tried again later: a file that is lost after could not be told from one that never had it. */
function announcing(guard: Guard): NonNullable<Sender['railKey']> {
  const { rail } = guard
  return (destination, id) => {
    const answer = textOf(guard, 'railKey', () => rail.railKey?.(destination, id))
    if (answer.kind === 'good') return answer.value
    throw unavailable(rail.rail)
  }
}

/** In words of our own: what the rail threw is for the operator. */
function unavailable(rail: string): GatewayError {
  return new GatewayError('rail_unavailable', `${rail} can not look at this destination`)
}

function sendOf({ rail, wrongly }: Guard): Sender['send'] {
  return async (attempt, options) => {
    const answer = outcomeOf(await rail.send(attempt, options), { rail: rail.rail, asset: rail.asset, feeMax: attempt.feeMax.units })
    if (answer.kind === 'good') return answer.value
    return { kind: 'unknown', checkAfterMs: ASK_AGAIN_MS, detail: wrongly('send', answer.why) }
  }
}

/** One that cannot be understood when it is looked up will not be by waiting: a person must ask. */
function lookupOf({ rail, wrongly }: Guard): Sender['lookup'] {
  return async (id, sent): Promise<Outcome> => {
    const answer = outcomeOf(await rail.lookup(id, sent), { rail: rail.rail, asset: rail.asset, feeMax: sent?.feeMax.units })
    if (answer.kind === 'good') return answer.value
    return { kind: 'unknown', checkAfterMs: ASK_AGAIN_MS, stuck: true, detail: wrongly('lookup', answer.why) }
  }
}

function estimated({ rail, wrongly }: Guard): Sender['estimate'] {
  return async (query) => {
    const answer = estimateOf(await rail.estimate(query), rail)
    if (answer.kind === 'good') return answer.value
    throw new GatewayError('rail_unavailable', wrongly('estimate', answer.why))
  }
}

function held({ rail, wrongly }: Guard): Statement['balances'] {
  return async () => {
    const unavailable = (what: string, cause?: unknown) => new GatewayError('rail_unavailable', what, { cause })
    let answer: Reading<Awaited<ReturnType<Statement['balances']>>>
    try {
      answer = balancesOf(await within(BALANCES_MS, () => rail.balances()), rail)
    } catch (error) {
      throw unavailable(`${rail.rail} does not say what it holds: ${wordsOf(error)}`, error)
    }
    if (answer.kind === 'good') return answer.value
    throw unavailable(wrongly('balances', answer.why))
  }
}

/** Who cannot tell says nothing of it, and is compared by what it holds. */
function strangersSeen({ rail, wrongly }: Guard): NonNullable<Statement['strangers']> {
  return async () => {
    try {
      const answer = strangersOf(await within(BALANCES_MS, async () => rail.strangers?.()), rail)
      if (answer.kind === 'good') return answer.value
      wrongly('strangers', answer.why)
    } catch (error) {
      wrongly('strangers', `it threw ${wordsOf(error)}`)
    }
    return undefined
  }
}

/** Never throws: the journal is closed after it, and must be. */
function closing({ rail, log }: Guard): () => Promise<void> {
  return async () => {
    try {
      await within(CLOSE_MS, () => rail.close())
    } catch (error) {
      log(`${rail.rail} was not closed: ${wordsOf(error)}`)
    }
  }
}

/** Rejects when the work has not ended after `ms`, whatever it goes on to do. */
async function within<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`no end within ${ms} ms`)), ms)
  try {
    return await Promise.race([work(), promise])
  } finally {
    clearTimeout(timer)
  }
}

function wordsOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error).slice(0, 200)
  } catch {
    // An object without a prototype has no text.
    return `${typeof error} without a text`
  }
}
