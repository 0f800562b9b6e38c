import type { BudgetStore } from '../../gateway/client/budget/budgetStore.ts'
import { storedText } from '../../gateway/client/budget/storedText.ts'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'

const KEY = 'switchyard-agent/approvals'
/** No person approves as many in the time that one is kept. */
const KEPT_MAX = 256

type Spent = Readonly<{ nonce: string; until: number }>

/** Remembers which approvals have been paid with, in the store of the budget, `keptMs` long: longer than the client can come back with one. */
export function createSpentApprovals(store: BudgetStore, { now, keptMs }: { now: () => number; keptMs: number }) {
  const stored = storedText(store, KEY)
  return {
    /** Spends it, durably; false when it was spent before. Throws `too_busy` or `budget_store_failed`. */
    async spend(nonce: string): Promise<boolean> {
      let isFirst = false
      await stored.change((before) => {
        const spent = JSON.parse(before ?? '[]') as readonly Spent[] // Nobody else writes this key.
        const kept = spent.filter(({ until }) => until > now())
        isFirst = kept.every((one) => one.nonce !== nonce)
        if (!isFirst) return undefined
        if (kept.length >= KEPT_MAX) {
          throw new GatewayError('too_busy', `${KEPT_MAX} approvals were paid with a moment ago`, {
            hint: 'Nothing was signed or paid. Try again in some minutes.',
          })
        }
        return JSON.stringify([...kept, { nonce, until: now() + keptMs }])
      })
      return isFirst
    },
  }
}
