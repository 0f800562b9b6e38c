import { isGatewayError } from '../../errors/gatewayError.ts'
import { GroundError } from '../../errors/groundError.ts'
import type { BudgetStore } from './budgetStore.ts'

/** How often a change is tried when others change the store at the same time. */
const TRIES_MAX = 100
const PAUSE_MS_MAX = 20

/** What stands under one key of a store. */
export interface StoredText {
  read(): Promise<string | undefined>
  /** Writes what `next` makes of what stands there, again when others were first; undefined leaves it as it is. */
  change(next: (before: string | undefined) => string | undefined): Promise<void>
}

/** Changes the text under a key one after the other inside this process; only other processes can come between. */
export function storedText(store: BudgetStore, key: string): StoredText {
  let last: Promise<unknown> = Promise.resolve()
  return {
    read: () => guarded(() => store.get(key)),
    change(next) {
      const done = last.then(() => changeNow(store, key, next))
      last = done.catch(() => undefined)
      return done
    },
  }
}

/** A store that failed, with its own word on why. */
export function storeFailed(why: string, cause?: unknown): GroundError {
  return new GroundError('budget_store_failed', `The budget's store failed: ${why.slice(0, 300)}`, { cause })
}

async function changeNow(store: BudgetStore, key: string, next: (before: string | undefined) => string | undefined): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const before = await guarded(() => store.get(key))
    const after = next(before)
    if (after === undefined) return
    const written = await guarded(() => store.set(key, after, before))
    if (written === true) return
    if (written !== false) throw storeFailed(`its \`set\` answered ${typeof written} instead of true or false`)
    // Others were first: a while of their own for each, so that they do not meet again.
    await new Promise((resolve) => setTimeout(resolve, crypto.getRandomValues(new Uint8Array(1))[0]! % PAUSE_MS_MAX))
  }
  throw new GroundError('too_busy', `The budget's store was changed by others ${TRIES_MAX} times in a row`, {
    hint: 'Nothing was signed or paid. Try again, or give the payers stores of their own.',
  })
}

async function guarded<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (cause) {
    if (isGatewayError(cause)) throw cause
    throw storeFailed(cause instanceof Error ? cause.message : 'it gave no reason', cause)
  }
}
