import { isGatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Place } from './lanes.ts'
import { createRounds } from './rounds.ts'

/** In how many milliseconds to look again; `wait` when only a wake is worth it; undefined when a fact was written and the next step may follow at once. */
export type StepAnswer = number | 'wait' | undefined

/**
 * One step for each kind of effect that the room's `nextEffect` may ask for. `free` gives the place in its lane back before the step has ended, when all
 * that is left is to wait for somebody outside.
 */
export type Steps<T, E extends { kind: string }> = {
  readonly [K in E['kind']]: (thing: T, effect: E & { kind: K }, free: () => void) => StepAnswer | Promise<StepAnswer>
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
  /** Things that take a step at once in each lane; the others queue. One that waits does not count. */
  width: number
  /** The lane that a thing queues in, and whom it is for, so that none keeps the others from being served. Without it there is one lane. */
  placeOf?: (thing: T) => Place
  retryMs: number
  /** Steps without a pause; what is left comes after `retryMs`. */
  stepsMax: number
  log: DriveLog
  /** Told of an error that no step expects; by default it is thrown, which stops the process. */
  onFatal?: ((error: unknown) => void) | undefined
  /** What its things wait by: when it is moved they are looked at again. */
  clock?: Clock
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
  const { width, placeOf, clock } = o
  const rounds = createRounds({
    width,
    run,
    onError,
    ...(placeOf && { placeOf: (id: string) => placeOf(thingOf(id)) }),
    ...(clock?.onMoved && { onMoved: clock.onMoved }),
  })

  async function run(id: string, free: () => void): Promise<number | undefined> {
    let freed = false
    const leave = () => {
      freed = true
      free()
    }
    for (let step = 0; step < o.stepsMax && !closing; step++) {
      const answer = await tried(id, leave)
      if (answer !== undefined) return answer === 'wait' ? undefined : answer
      // Its place is somebody else's now, so the next step queues again.
      if (freed) return 0
    }
    return o.retryMs
  }

  async function tried(id: string, free: () => void): Promise<StepAnswer> {
    try {
      return await advance(id, free)
    } catch (error) {
      if (!isGatewayError(error)) throw error
      o.log.warn({ [o.name]: id, code: error.code, detail: error.shortMessage }, `a step of this ${o.name} is tried again`)
      return o.retryMs
    }
  }

  function thingOf(id: string): T {
    const thing = o.records.get(id)
    invariant(thing, `${id} is in the journal`)
    return thing
  }

  function advance(id: string, free: () => void): StepAnswer | Promise<StepAnswer> {
    const thing = thingOf(id)
    const effect = o.next(thing)
    // The table has a step for each kind that takes effects of that kind; the compiler does not follow the one effect into it.
    const step = o.steps[effect.kind as E['kind']] as (thing: T, effect: E, free: () => void) => StepAnswer | Promise<StepAnswer>
    return step(thing, effect, free)
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
