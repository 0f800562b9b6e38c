import type { FailureReason, Outcome } from '../../ports/outcome.ts'
import type { RailName } from '../../ports/railName.ts'
import { type CollectParts, collectUntilKnown, type Refused } from './collectUntilKnown.ts'

/** `refusal`: the first since somebody last asked. `wake`: has it tried again at once. */
type Running = { readonly done: Promise<Outcome>; refusal: PromiseWithResolvers<Refused>; wake: PromiseWithResolvers<void> }

/** Handed to one chain and not signed yet: a few transactions full, so that the rail always finds company and the order stays ours. */
const UNSENT_MAX = 1_000
/** `running`: in all, with those that wait for their block to be final, but for the refused; those are `refused` before accounts with code are turned away. */
const MAX = { running: 50_000, refused: 10_000 }
/** Signing costs nothing, and what is refused stays until it ends: of one payer on one chain so many do. */
const REFUSED_OF_PAYER_MAX = 4

/**
 * The collections under way, one for each claim. One that is signed waits for the chain, and one that is refused as things are is tried again until its
 * authorization ends, beside the others: neither takes one of its chain's places, and what is refused takes nobody's in all. `onRoom`: a place became free.
 */
export function createRunning(o: CollectParts, { stop, onRoom, max = MAX }: { stop: AbortSignal; onRoom: () => void; max?: typeof MAX }) {
  const running = new Map<string, Running>()
  const refused = createRefused()
  const places = createPlaces(onRoom)

  function start(claimKey: string, how: { patient: boolean }): Running {
    const { payer = '', rail } = o.records.byClaim(claimKey) ?? {}
    const leave = places.take(rail)
    const own: Omit<Running, 'done'> = { refusal: Promise.withResolvers(), wake: Promise.withResolvers() }
    const onRefused = (outcome: Refused) => {
      refused.add(payer, { claimKey, rail, reason: outcome.refusal })
      own.refusal.resolve(outcome)
      leave()
    }
    const wake = () => {
      own.wake = Promise.withResolvers()
      return own.wake.promise
    }
    const done = collectUntilKnown(o, claimKey, { stop, onRefused, onSent: leave, wake, patient: how.patient }).finally(() => {
      running.delete(claimKey)
      refused.delete(payer, claimKey)
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
      if (refused.has(o.records.byClaim(claimKey)?.payer ?? '', claimKey)) it.refusal = Promise.withResolvers()
      it.wake.resolve()
      return Promise.race([it.done, it.refusal.promise])
    },
    /** True while an authorization of this payer is refused: what it signs next is collected before the work. */
    refuses: (payer: string): boolean => refused.of(payer).length > 0,
    /** Why one more of this payer would be refused: so many of its are already. The first of them is tried at once, so that it is known when that is over. */
    refusalOf(rail: RailName, payer: string): FailureReason | undefined {
      const [first, ...more] = refused.of(payer).filter((one) => one.rail === rail)
      if (!first || more.length < REFUSED_OF_PAYER_MAX - 1) return undefined
      running.get(first.claimKey)?.wake.resolve()
      return first.reason
    },
    isFullOfRefused: (): boolean => refused.size() >= max.refused,
    hasRoom: (rail: RailName): boolean => running.size - refused.size() < max.running && places.taken(rail) < UNSENT_MAX,
    size: (): number => running.size,
  }
}

type RefusedOne = Readonly<{ claimKey: string; rail: RailName | undefined; reason: FailureReason }>

/** What is refused as things are, by payer. */
function createRefused() {
  const payers = new Map<string, Map<string, RefusedOne>>()
  let size = 0
  return {
    size: (): number => size,
    of: (payer: string): readonly RefusedOne[] => [...(payers.get(payer)?.values() ?? [])],
    has: (payer: string, claimKey: string): boolean => payers.get(payer)?.has(claimKey) ?? false,
    add(payer: string, one: RefusedOne): void {
      const own = payers.get(payer) ?? new Map<string, RefusedOne>()
      if (!own.has(one.claimKey)) size += 1
      payers.set(payer, own.set(one.claimKey, one))
    },
    delete(payer: string, claimKey: string): void {
      const own = payers.get(payer)
      if (own?.delete(claimKey)) size -= 1
      if (own?.size === 0) payers.delete(payer)
    },
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
