import type { Clock } from '../../../gateway/ports/clock.ts'
import type { ActionTable } from './actionTable.ts'
import type { EvmRequest } from './requests.ts'
import type { Store } from './store.ts'

/**
 * Opens actions durably, those of one turn of the loop in one write: a write waits for the disk, so one for each would be the most that can be taken in a
 * second.
 */
export function createOpenings({ store, actions, clock }: Readonly<{ store: Store; actions: ActionTable; clock: Clock }>) {
  let asked = new Map<string, EvmRequest>()
  let written: PromiseWithResolvers<void> | undefined

  function write(): void {
    const [batch, done] = [asked, written]
    asked = new Map()
    written = undefined
    if (!done) return
    try {
      store.transact(() => {
        for (const [id, request] of batch) if (!actions.stateOf(id)) actions.open(id, request, clock.now())
      })
      done.resolve()
    } catch (error) {
      done.reject(error)
    }
  }

  return {
    /** Resolves when it is durable. Of two requests under one id in the same turn the first is opened. */
    open(id: string, request: EvmRequest): Promise<void> {
      if (!asked.has(id)) asked.set(id, request)
      if (!written) {
        written = Promise.withResolvers()
        setImmediate(write)
      }
      return written.promise
    },
    /** What is asked for and not durable yet is written now. */
    flush: write,
  }
}
