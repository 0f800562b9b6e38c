import type { Outcome } from '../../ports/outcome.ts'
import { type CollectParts, collectUntilKnown, type Refused } from './collectUntilKnown.ts'

/** `refusal`: the first since somebody last asked. `wake`: has it tried again at once. */
type Running = { readonly done: Promise<Outcome>; refusal: PromiseWithResolvers<Refused>; wake: PromiseWithResolvers<void> }

/**
 * The collections under way, one for each claim. One that is refused as things are is tried again until its authorization ends, beside the
 * others: it takes none of the places in which they run. `onRoom`: a place became free.
 */
export function createRunning(o: CollectParts, { stop, onRoom }: { stop: AbortSignal; onRoom: () => void }) {
  const running = new Map<string, Running>()
  const refused = new Set<string>()
  const refusedPayers = new Set<string>()

  function start(claimKey: string): Running {
    const payer = o.records.byClaim(claimKey)?.payer ?? ''
    const own: Omit<Running, 'done'> = { refusal: Promise.withResolvers(), wake: Promise.withResolvers() }
    const onRefused = (outcome: Refused) => {
      refused.add(claimKey)
      refusedPayers.add(payer)
      own.refusal.resolve(outcome)
      onRoom()
    }
    const wake = () => {
      own.wake = Promise.withResolvers()
      return own.wake.promise
    }
    const done = collectUntilKnown(o, claimKey, { stop, onRefused, wake }).finally(() => {
      running.delete(claimKey)
      refused.delete(claimKey)
      refusedPayers.delete(payer)
      onRoom()
    })
    const started = Object.assign(own, { done })
    running.set(claimKey, started)
    return started
  }

  return {
    /** Its outcome, once it is known. */
    run: (claimKey: string): Promise<Outcome> => (running.get(claimKey) ?? start(claimKey)).done,
    /** Its outcome, or the next refusal as things are. One that was refused before is tried at once. */
    async runUntilRefused(claimKey: string): Promise<Outcome> {
      const it = running.get(claimKey) ?? start(claimKey)
      if (refused.has(claimKey)) it.refusal = Promise.withResolvers()
      it.wake.resolve()
      return Promise.race([it.done, it.refusal.promise])
    },
    /** True while an authorization of this payer is refused: what it signs next is collected before the work. */
    refuses: (payer: string): boolean => refusedPayers.has(payer),
    /** How many take a place. */
    busy: (): number => running.size - refused.size,
    size: (): number => running.size,
  }
}
