import type { Clock } from '../../ports/clock.ts'
import { createLanes, type Place } from './lanes.ts'

/** Runs one round of each id at a time, so many ids at once, and again when it is told to or its time has come. */
type Rounds = Readonly<{
  /** Runs it soon; once more when it is running. */
  wake(id: string): void
  /** Resolves when all that is ready or running now has had its round, which may leave it waiting for another, or when nothing begins any more. */
  settled(): Promise<void>
  /** Starts nothing more, and resolves when what runs has ended. */
  close(): Promise<void>
}>

type RoundsOptions = Readonly<{
  /** How many run at once in each lane. */
  width: number
  /** The lane of an id and whom it is for; without it all wait in one lane, each for itself. */
  placeOf?: (id: string) => Place
  /**
   * Answers in how many milliseconds it wants to run again at the latest, or undefined when only a wake is worth it. Waiting holds no place; `free` gives
   * the place back before the end, when all that is left is to wait for others.
   */
  run: (id: string, free: () => void) => Promise<number | undefined>
  /** Told of an error of `run`; the id is then run again only when it is woken. */
  onError: (id: string, error: unknown) => void
  /** Where the clock can be moved: what waits for its time is run then, because that may have come. */
  onMoved?: Clock['onMoved']
}>

/** First come, first served, over `width` places a lane, fair by owner. The caller bounds how many ids there are. */
export function createRounds(o: RoundsOptions): Rounds {
  const ready = createLanes(o.width, o.placeOf ?? ((id) => ({ lane: '', owner: id })))
  /** Woken while they ran. */
  const again = new Set<string>()
  const running = new Map<string, Promise<void>>()
  const sleepers = createSleepers(wake, { onMoved: o.onMoved, running })
  const watches = new Set<Watch>()
  let closed = false

  function start(): void {
    for (let next = closed ? undefined : ready.next(); next; next = closed ? undefined : ready.next()) {
      const { id, free } = next
      sleepers.forget(id)
      // It counts as running before its first step: who wakes it from there finds it so.
      const round = Promise.withResolvers<void>()
      running.set(id, round.promise)
      void once(id, free).finally(() => round.resolve(ended(id, free)))
    }
  }

  function ended(id: string, free: () => void): void {
    running.delete(id)
    free()
    if (again.delete(id) && !closed) ready.add(id)
    else strike(watches, id)
    start()
  }

  async function once(id: string, free: () => void): Promise<void> {
    try {
      const againMs = await o.run(id, () => {
        free()
        start()
      })
      if (againMs !== undefined && !closed) sleepers.sleep(id, againMs)
    } catch (error) {
      o.onError(id, error)
    }
  }

  function wake(id: string): void {
    if (closed) return
    if (running.has(id)) again.add(id)
    else ready.add(id)
    start()
  }

  return {
    wake,
    settled: () =>
      new Promise((resolve) => {
        const left = new Set([...ready.ids(), ...running.keys()])
        if (left.size === 0) resolve()
        else watches.add({ left, resolve })
      }),
    async close() {
      closed = true
      const dropped = ready.ids()
      again.clear()
      ready.clear()
      sleepers.close()
      for (const id of dropped) strike(watches, id)
      await Promise.all(running.values())
    },
  }
}

type Moving = Readonly<{ onMoved: RoundsOptions['onMoved']; running: ReadonlyMap<string, unknown> }>

/** Those that run again at a time. When the clock is moved all of them do, and all that run now: they may have looked at it before. */
function createSleepers(wake: (id: string) => void, { onMoved, running }: Moving) {
  const timers = new Map<string, NodeJS.Timeout>()
  const stopHearing = onMoved?.(() => {
    for (const id of [...timers.keys(), ...running.keys()]) wake(id)
  })
  return {
    sleep: (id: string, ms: number) =>
      void timers.set(
        id,
        setTimeout(() => wake(id), ms),
      ),
    forget(id: string): void {
      clearTimeout(timers.get(id))
      timers.delete(id)
    },
    close(): void {
      stopHearing?.()
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
    },
  }
}

/** Somebody who waits until each of these has had its round. */
type Watch = Readonly<{ left: Set<string>; resolve: () => void }>

/** This id has had its round, or will have none. */
function strike(watches: Set<Watch>, id: string): void {
  for (const watch of watches) {
    watch.left.delete(id)
    if (watch.left.size > 0) continue
    watches.delete(watch)
    watch.resolve()
  }
}
