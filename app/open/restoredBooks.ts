import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What books say of themselves that were put back from a backup: when it was made, and put back (ms). */
export type RestoredBooks = Readonly<{ madeAt: number; restoredAt: number }>

/** It stands in the data folder until the operator takes it away. */
export function restoredFile(dataDir: string): string {
  return join(dataDir, 'restored.json')
}

/** Undefined for books that were never put back, or that the operator has looked through since. */
export function restoredBooks(dataDir: string): (RestoredBooks & { file: string }) | undefined {
  const file = restoredFile(dataDir)
  if (!existsSync(file)) return undefined
  const { madeAt, restoredAt } = JSON.parse(readFileSync(file, 'utf8')) as RestoredBooks // As `switchyard restore` writes it.
  return { madeAt, restoredAt, file }
}

/** For the list of what a person should see to. */
export function restoredProblem(restored: ReturnType<typeof restoredBooks>): { rail: string; what: string; detail: string }[] {
  if (!restored) return []
  const detail =
    `What was paid or received after ${new Date(restored.madeAt).toISOString()} is not in them. Payouts that were open then are not sent again: each waits ` +
    `for a person. When all of them have ended, and verify agrees, remove ${restored.file} and start again.`
  return [{ rail: 'book', what: 'the books were restored from a backup', detail }]
}
