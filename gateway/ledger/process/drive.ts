import { isGatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { createRounds } from './rounds.ts'

/** In how many milliseconds to look again; `wait` when only a wake is worth it; undefined when a fact was written and the next step may follow at once. */
export type StepAnswer = number | 'wait' | undefined

/** One step for each kind of effect that the room's `nextEffect` may ask for. */
export type Steps<T, E extends { kind: string }> = {
  readonly [K in E['kind']]: (thing: T, effect: E & { kind: K }) => StepAnswer | Promise<StepAnswer>
}

/** Fields first, then a sentence, as pino takes them. */
type DriveLog = Readonly<Record<'warn' | 'error', (fields: object, text: string) => void>>

type DriveOptions<T, E extends { kind: string }> = Readonly<{
  /** What a thing is called in the log, such as `exchange`. */
  name: string
  records: Readonly<{ get(id: string): T | undefined; open(): readonly Readonly<{ id: string }>[] }>
  /** What is to be done next, from the thing as it stands now. */
  next: (thing: T) => E
  steps: Steps<T, E>
  /** Things that take a step at once; the others queue. One that waits does not count. */
  width: number
  retryMs: number
  /** Steps without a pause; what is left comes after `retryMs`. */
  stepsMax: number
  log: DriveLog
  /** Told of an error that no step expects; by default it is thrown, which stops the process. */
  onFatal?: ((error: unknown) => void) | undefined
}>

type Driven = Readonly<{
  /** Looks at it soon: it is new, or something has happened to it. */
  wake(id: string): void
  /** Takes up all that is open; resolves when each has had one round, which may leave it waiting. */
  resume(): Promise<void>
  /** Starts no more steps; resolves when those under way have ended. */
  close(): Promise<void>
}>

/**
 * Drives things from step to step until their end: what is next follows from the facts as they stand, so a step that was cut off is taken again.
 * One rule for errors: a GatewayError took nothing, and the step is tried again after `retryMs`; anything else is fatal, and the thing rests until the
 * next start. A room whose steps may take something and still refuse keeps that error to itself.
 */
export function drive<T, E extends { kind: string }>(o: DriveOptions<T, E>): Driven {
  const { onFatal = throwLater } = o
  let closing = false
  const rounds = createRounds({ width: o.width, run, onError })

  async function run(id: string): Promise<number | undefined> {
    for (let step = 0; step < o.stepsMax && !closing; step++) {
      const answer = await tried(id)
      if (answer !== undefined) return answer === 'wait' ? undefined : answer
    }
    return o.retryMs
  }

  async function tried(id: string): Promise<StepAnswer> {
    try {
      return await advance(id)
    } catch (error) {
      if (!isGatewayError(error)) throw error
      o.log.warn({ [o.name]: id, code: error.code, detail: error.shortMessage }, `a step of this ${o.name} is tried again`)
      return o.retryMs
    }
  }

  function advance(id: string): StepAnswer | Promise<StepAnswer> {
    const thing = o.records.get(id)
    invariant(thing, `${id} is in the journal`)
    const effect = o.next(thing)
    // The table has a step for each kind that takes effects of that kind; the compiler does not follow the one effect into it.
    const step = o.steps[effect.kind as E['kind']] as (thing: T, effect: E) => StepAnswer | Promise<StepAnswer>
    return step(thing, effect)
  }

  function onError(id: string, error: unknown): void {
    o.log.error({ [o.name]: id, error: String(error) }, `this ${o.name} cannot go on; it is taken up again at the next start`)
    onFatal(error)
  }

  return {
    wake: rounds.wake,
    resume() {
      for (const { id } of o.records.open()) rounds.wake(id)
      return rounds.settled()
    },
    close() {
      closing = true
      return rounds.close()
    },
  }
}

function throwLater(error: unknown): void {
  setImmediate(() => {
    throw error
  })
}
