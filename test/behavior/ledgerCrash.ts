import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { openSqliteJournal } from '../../adapters/journal/sqlite/openSqliteJournal.ts'
import { openStateFiles } from '../../adapters/state/openStateFiles.ts'
import { createBooks } from '../../gateway/ledger/books/createBooks.ts'
import { isEntryId } from '../../gateway/ledger/journal/legIds.ts'
import { USD } from '../../gateway/money/asset.ts'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'

const CHILD = fileURLToPath(new URL('./ledgerCrashChild.ts', import.meta.url))

/** Books in a folder of their own, written by children that are stopped in the middle. */
export type CrashPlace = Readonly<{
  journal: string
  state: string
  /** Children that were started here. */
  children: Set<ChildProcess>
  /** Ends what still runs, and removes the folder. */
  remove(): Promise<void>
}>

export function crashPlace(): CrashPlace {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-crash-'))
  const children = new Set<ChildProcess>()
  return {
    journal: join(folder, 'journal.db'),
    state: join(folder, 'state'),
    children,
    async remove() {
      for (const child of children) {
        child.kill('SIGKILL')
        await once(child, 'close')
      }
      rmSync(folder, { recursive: true })
    },
  }
}

/** What a child said: the entries it acknowledged, what followed after it said that it stopped, and how it ended. */
export type ChildEnd = Readonly<{
  acknowledged: string[]
  afterStop: string[]
  complaint: string
  code: number | null
  signal: string | null
}>

/** Starts a child that submits until it is ended. `before` are a program and arguments to run it under. */
export function startChild(place: CrashPlace, before: readonly string[] = []): ChildProcess {
  const [command, ...args] = [...before, process.execPath, ...NODE_FLAGS, CHILD, place.journal, place.state]
  const child = spawn(command!, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  place.children.add(child)
  child.on('close', () => place.children.delete(child))
  return child
}

/** Reads what a child says until it has ended; `onLines` is told how many lines there are so far. */
export async function readChild(child: ChildProcess, onLines: (count: number) => void = () => undefined): Promise<ChildEnd> {
  let said = ''
  let complaint = ''
  let lines = 0
  child.stderr!.on('data', (chunk) => {
    complaint += chunk
  })
  child.stdout!.on('data', (chunk: Buffer) => {
    said += chunk
    for (const byte of chunk) if (byte === 10) lines += 1
    onLines(lines)
  })
  const [code, signal] = await once(child, 'close')
  // A last line without its end was cut off.
  const whole = said
    .slice(0, said.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1)
  const stop = whole.indexOf('stopped')
  const cut = stop < 0 ? whole.length : stop
  return { acknowledged: whole.slice(0, cut), afterStop: whole.slice(cut + 1), complaint, code, signal }
}

/** Runs a child until it has acknowledged some entries and kills it in the middle of more; returns all it had acknowledged. */
export async function killWhileSubmitting(place: CrashPlace, atLeast: number): Promise<string[]> {
  const child = startChild(place)
  const end = await readChild(child, (count) => count >= atLeast && child.kill('SIGKILL'))
  expect(end.signal, end.complaint).toBe('SIGKILL')
  return end.acknowledged
}

/** Opens the books and expects what was acknowledged to be there, each once and whole, and nothing half. */
export async function expectWhole(place: CrashPlace, acknowledged: readonly string[]): Promise<void> {
  const warnings: string[] = []
  const books = createBooks({
    journal: openSqliteJournal(place.journal),
    clock: { now: () => Date.now() },
    state: openStateFiles(place.state),
    warn: (line) => warnings.push(line),
  })
  const paid: string[] = []
  books.listen((fact) => paid.push(fact.id))
  await books.start()
  expect(warnings).toEqual([])
  const standing = new Set(paid)
  expect(standing.size).toBe(paid.length)
  expect(new Set(acknowledged).size).toBe(acknowledged.length)
  expect(acknowledged.filter((id) => !standing.has(id))).toEqual([])
  const wrong = paid.filter((id) => {
    const legs = isEntryId(id) ? books.entry(id)?.legs : undefined
    return books.claim(`claim:${id}`)?.fingerprint !== id || legs?.map((leg) => ('units' in leg ? leg.units : 0n)).join() !== '3,1'
  })
  expect(wrong).toEqual([])
  const count = BigInt(paid.length)
  expect(books.balance('party:pa_seller', USD).creditsPosted).toBe(3n * count)
  expect(books.balance('fee:earned', USD).creditsPosted).toBe(count)
  expect(await books.verify()).not.toHaveProperty('broken')
  await books.close()
}
