import type { BudgetStore } from '../../gateway/client/budget/budgetStore.ts'
import type { PaidReceipt } from '../../gateway/client/paidReceipt.ts'

const KEY = 'switchyard-agent/receipts'
/** The newest are kept. */
const KEPT = 100
/** How often a receipt is written when other processes write theirs at the same time. */
const TRIES = 20

type Entry = Readonly<{ at: string; proof: string }>

/** Keeps what was paid, newest last, in the store of the budget. */
export function createReceipts(store: BudgetStore, now: () => number) {
  const read = async () => {
    const text = await store.get(KEY)
    return { text, all: JSON.parse(text ?? '[]') as readonly Entry[] } // Nobody else writes this key.
  }
  return {
    /** Writes it down, once for a payment, if the store lets it: what was paid is in the budget in any case, and the answer is not held back for this. */
    async add(receipt: PaidReceipt): Promise<void> {
      const entry = { at: new Date(now()).toISOString(), ...(receipt.toJSON() as object), proof: receipt.proof }
      for (let tries = 0; tries < TRIES; tries++) {
        const { text, all } = await read()
        if (all.some(({ proof }) => proof === receipt.proof)) return
        if (await store.set(KEY, JSON.stringify([...all, entry].slice(-KEPT)), text)) return
      }
    },
    newest: async (count: number): Promise<readonly object[]> => (await read()).all.slice(-count).reverse(),
  }
}
