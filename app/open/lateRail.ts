import { setTimeout as pause } from 'node:timers/promises'
import { isGatewayError } from '../../gateway/errors/gatewayError.ts'
import { min } from '../../gateway/money/integers.ts'
import type { RailState } from '../../gateway/ports/railState.ts'

/** A second after the first failure, then twice as long each time, up to half a minute. */
const RETRY_MS_MIN = 1_000
const RETRY_MS_MAX = 30_000

type Closing = Readonly<{ close: () => Promise<unknown> }>

/** What a closed rail can wait for: its own opening. */
export type Opening<R> = Readonly<{
  rail: RailState['rail']
  /** The rail once it is open, or undefined when the signal aborts before. */
  opened: (signal: AbortSignal) => Promise<R | undefined>
  /** Told once, before anybody else, when the rail opens. */
  onOpen: (listener: (rail: R) => void) => void
}>

type LateRail<R> = Readonly<{ face: R; state: () => RailState }>

/**
 * Opens a rail, and lets the others go on when it cannot be opened: its face then is what `closed` makes of it, and becomes the rail itself when a later
 * try succeeds. Only a configuration that could lose money is thrown, because no later try makes it better.
 */
export async function openLate<R extends Closing>(o: {
  rail: RailState['rail']
  open: () => Promise<R>
  closed: (opening: Opening<R>) => R
  now: () => number
  log: (state: RailState) => void
}): Promise<LateRail<R>> {
  let state = openState(o)
  try {
    return { face: await o.open(), state: () => state }
  } catch (error) {
    state = closedState(o, error)
    o.log(state)
  }
  const ended = new AbortController()
  const opened = Promise.withResolvers<R>()
  const listeners: ((rail: R) => void)[] = []
  let current = o.closed({
    rail: o.rail,
    opened: (signal) => orAborted(opened.promise, signal),
    onOpen: (listener) => void listeners.push(listener),
  })
  const keys = current

  async function tryAgain(): Promise<void> {
    for (let waitMs = RETRY_MS_MIN; !ended.signal.aborted; waitMs = min(2 * waitMs, RETRY_MS_MAX)) {
      await pause(waitMs, undefined, { signal: ended.signal }).catch(() => undefined)
      if (ended.signal.aborted) return
      try {
        const rail = await o.open()
        for (const listener of listeners) listener(rail)
        current = rail
        state = openState(o)
        o.log(state)
        return opened.resolve(rail)
      } catch (error) {
        const next = closedState(o, error, state.since)
        if (next.detail !== state.detail) o.log(next)
        state = next
      }
    }
  }

  const trying = tryAgain()
  const close = async () => {
    ended.abort()
    await trying
    await current.close()
  }
  return { face: { ...standingFor(keys, () => current), close }, state: () => state }
}

/** The same face, each member of which is asked of whatever stands there when it is called: parts of it may be kept, and faces made of it. */
function standingFor<T extends object>(first: T, current: () => T): T {
  const members = Object.entries(first).map(([name, value]) => {
    // Both are of one type, and the first names what is optional in it too: what the rail then lacks says nothing, as if it were absent.
    const now = () => (current() as Record<string, unknown>)[name]
    if (typeof value === 'function')
      return [name, (...given: unknown[]) => (now() as ((...given: unknown[]) => unknown) | undefined)?.(...given)]
    const isPart = typeof value === 'object' && value !== null && Object.values(value).some((v) => typeof v === 'function')
    return [name, isPart ? standingFor(value, now as () => object) : value]
  })
  return Object.fromEntries(members) as T
}

function openState({ rail, now }: { rail: RailState['rail']; now: () => number }): RailState {
  return { rail, open: true, since: now() }
}

function closedState(o: { rail: RailState['rail']; now: () => number }, error: unknown, since = o.now()): RailState {
  if (isGatewayError(error, 'unsafe_configuration')) throw error
  const known = isGatewayError(error)
  // What the system says, such as a folder that is not there, is for the operator to read as it is.
  const detail = known ? error.shortMessage : error instanceof Error ? error.message : String(error)
  return { rail: o.rail, open: false, since, reason: known ? error.code : 'rail_unavailable', detail }
}

async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const aborted = Promise.withResolvers<undefined>()
  const abort = () => aborted.resolve(undefined)
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  return Promise.race([promise, aborted.promise]).finally(() => signal.removeEventListener('abort', abort))
}
