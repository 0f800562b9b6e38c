import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqliteJournal } from '../../adapters/journal/sqlite/openSqliteJournal.ts'
import { createBooks } from '../../gateway/books/createBooks.ts'
import { isEntryId } from '../../gateway/books/legIds.ts'
import { USD } from '../../gateway/money/asset.ts'

const KILLS = 10
const CHILD = fileURLToPath(new URL('./ledgerCrashChild.ts', import.meta.url))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-crash-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Runs the child until it has acknowledged some entries, kills it in the middle of more, and returns all it had acknowledged. */
async function killWhileSubmitting(path: string, atLeast: number): Promise<string[]> {
  const child = spawn(process.execPath, [CHILD, path], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  let complaint = ''
  child.stderr.on('data', (chunk) => {
    complaint += chunk
  })
  child.stdout.on('data', (chunk) => {
    said += chunk
    if (said.split('\n').length > atLeast) child.kill('SIGKILL')
  })
  const [, signal] = await once(child, 'close')
  expect(signal, complaint).toBe('SIGKILL')
  // A last line without its end was cut by the kill.
  return said.slice(0, said.lastIndexOf('\n')).split('\n')
}

test('after ten kills every acknowledged submission is there, once and whole', async () => {
  const path = join(folder, 'journal.db')
  const acknowledged: string[] = []
  for (let kill = 0; kill < KILLS; kill++) acknowledged.push(...(await killWhileSubmitting(path, 1 + kill * 40)))

  const books = createBooks({ journal: openSqliteJournal(path), clock: { now: () => Date.now() } })
  const paid: string[] = []
  books.listen((fact) => paid.push(fact.id))
  await books.start()
  const standing = new Set(paid)
  expect(standing.size).toBe(paid.length)
  expect(new Set(acknowledged).size).toBe(acknowledged.length)
  expect(acknowledged.filter((id) => !standing.has(id))).toEqual([])
  for (const id of paid) {
    expect(books.claim(`claim:${id}`)?.fingerprint).toBe(id)
    expect(isEntryId(id) && books.entry(id)?.legs.map((leg) => 'units' in leg && leg.units)).toEqual([3n, 1n])
  }
  const count = BigInt(paid.length)
  expect(books.balance('party:pa_seller', USD).creditsPosted).toBe(3n * count)
  expect(books.balance('fee:earned', USD).creditsPosted).toBe(count)
  expect(await books.verify()).not.toHaveProperty('broken')
  await books.close()
})
