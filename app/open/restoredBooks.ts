import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'

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

/** It stands in a folder that is being restored where it is, until all in it is checked. */
export function unfinishedFile(dataDir: string): string {
  return join(dataDir, 'restore.unfinished')
}

/** Throws `unsafe_configuration` for a folder whose restore did not come to its end. */
export function refuseUnfinished(dataDir: string): void {
  if (!existsSync(unfinishedFile(dataDir))) return
  throw new GatewayError('unsafe_configuration', `The backup in ${dataDir} was not put back as a whole`, {
    hint: 'A restore runs, or was cut short. When none is running, empty the folder and restore again.',
  })
}
