import { totalmem } from 'node:os'
import { floorDivCount, min } from '../../gateway/money/integers.ts'
import type { Books } from '../../gateway/ports/books.ts'

/** An eighth of the places, and half of the memory: what is left is as much as all that was, and more. */
const PLACES_PART = 8
const MEMORY_PART = 2

type Memory = Readonly<{ used: number; most: number }>

/** What this process has of the memory that it may have. */
export function processMemory(): Memory {
  const allowed = process.constrainedMemory()
  return { used: process.memoryUsage.rss(), most: allowed > 0 ? min(allowed, totalmem()) : totalmem() }
}

/** What a person should see long before the ledger ends. */
export function ledgerProblems(limits: ReturnType<Books['limits']>, memory: Memory): { rail: string; what: string; detail: string }[] {
  const filling = [
    ...limits.map((limit) => ({ ...limit, part: PLACES_PART })),
    { what: 'bytes of memory', used: memory.used, most: memory.most, part: MEMORY_PART },
  ].filter(({ used, most, part }) => used * part > most)
  return filling.map(({ what, used, most }) => ({
    rail: 'book',
    what: 'ledger_filling',
    detail: `${used} of ${most} ${what} are used (${floorDivCount(100 * used, most)} %). Move to a larger machine or to the distributed ledger in time.`,
  }))
}
