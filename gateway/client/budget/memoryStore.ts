import type { BudgetStore } from './budgetStore.ts'

/** Remembers as long as the process lives. */
export function memoryStore(): BudgetStore {
  const values = new Map<string, string>()
  return {
    get: async (key) => values.get(key),
    async set(key, value, expected) {
      if (values.get(key) !== expected) return false
      values.set(key, value)
      return true
    },
  }
}
