import type { Outcome } from '../../ports/outcome.ts'
import type { RailName } from '../../ports/railName.ts'
import { type CollectParts, collectUntilKnown, type Refused } from './collectUntilKnown.ts'

/** `refusal`: the first since somebody last asked. `wake`: has it tried again at once. */
type Running = { readonly done: Promise<Outcome>; refusal: PromiseWithResolvers<Refused>; wake: PromiseWithResolvers<void> }

/** Handed to one chain and not signed yet: a few transactions full, so that the rail always finds company and the order stays ours. */
const UNSENT_MAX = 1_000
/** In all, with those that wait for their block to be final. */
const RUNNING_MAX = 50_000

/**
 * The collections under way, one for each claim. One that is signed waits for the chain, and one that is refused as things are is tried again until its
 * authorization ends, beside the others: neither takes one of its chain's places. `onRoom`: a place became free.
 */
export function createRunning(o: CollectParts, { stop, onRoom }: { stop: AbortSignal; onRoom: () => void }) {
  const running = new Map<string, Running>()
  const refused = new Set<string>()
  const refusedPayers = new Set<string>()
  const places = createPlaces(onRoom)

  function start(claimKey: string, how: { patient: boolean }): Running {
    const { payer = '', rail } = o.records.byClaim(claimKey) ?? {}
    const leave = places.take(rail)
    const own: Omit<Running, 'done'> = { refusal: Promise.withResolvers(), wake: Promise.withResolvers() }
    const onRefused = (outcome: Refused) => {
      refused.add(claimKey)
      refusedPayers.add(payer)
      own.refusal.resolve(outcome)
      leave()
    }
    const wake = () => {
      own.wake = Promise.withResolvers()
      return own.wake.promise
    }
    const done = collectUntilKnown(o, claimKey, { stop, onRefused, onSent: leave, wake, patient: how.patient }).finally(() => {
      running.delete(claimKey)
      refused.delete(claimKey)
      refusedPayers.delete(payer)
      leave()
      onRoom()
    })
    const started = Object.assign(own, { done })
    running.set(claimKey, started)
    return started
  }

  return {
    /** Its outcome, once it is known. Nobody waits for it. */
    run: (claimKey: string): Promise<Outcome> => (running.get(claimKey) ?? start(claimKey, { patient: true })).done,
    /** Its outcome, or the next refusal as things are. One that was refused before is tried at once. */
    async runUntilRefused(claimKey: string): Promise<Outcome> {
      const it = running.get(claimKey) ?? start(claimKey, { patient: false })
      if (refused.has(claimKey)) it.refusal = Promise.withResolvers()
      it.wake.resolve()
      return Promise.race([it.done, it.refusal.promise])
    },
    /** True while an authorization of this payer is refused: what it signs next is collected before the work. */
    refuses: (payer: string): boolean => refusedPayers.has(payer),
    hasRoom: (rail: RailName): boolean => running.size < RUNNING_MAX && places.taken(rail) < UNSENT_MAX,
    size: (): number => running.size,
  }
}

/** How many places of each chain are taken. */
function createPlaces(onRoom: () => void) {
  const taken = new Map<RailName, number>()
  return {
    taken: (rail: RailName): number => taken.get(rail) ?? 0,
    /** Takes a place, and answers with what leaves it, once. */
    take(rail: RailName | undefined): () => void {
      if (rail === undefined) return () => undefined
      taken.set(rail, (taken.get(rail) ?? 0) + 1)
      let left = false
      return () => {
        if (left) return
        left = true
        taken.set(rail, (taken.get(rail) ?? 1) - 1)
        onRoom()
      }
    },
  }
}
