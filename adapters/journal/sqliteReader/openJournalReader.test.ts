import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqliteJournal } from '../sqlite/openSqliteJournal.ts'
import { openJournalReader } from './openJournalReader.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-reader-'))
  path = join(folder, 'journal.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

const BLOCKS = 600

async function write(): Promise<ReturnType<typeof openSqliteJournal>> {
  const journal = openSqliteJournal(path)
  for (let seq = 1; seq <= BLOCKS; seq++)
    await journal.append({
      seq,
      at: 2n ** 62n + BigInt(seq),
      count: 1,
      hash: Buffer.alloc(32, seq % 251),
      data: Buffer.from(`block ${seq}`),
    })
  return journal
}

async function seqs(): Promise<number[]> {
  const reader = openJournalReader(path)
  const read: number[] = []
  for await (const { seq, at, data } of reader.read(0)) {
    expect([at, Buffer.from(data).toString()]).toEqual([2n ** 62n + BigInt(seq), `block ${seq}`])
    read.push(seq)
  }
  expect((await reader.head()).seq).toBe(read.at(-1))
  await reader.close()
  return read
}

const all = Array.from({ length: BLOCKS }, (_, i) => i + 1)

test('a journal is read while its gateway has it open, and after it was closed', async () => {
  const journal = await write()
  expect(await seqs()).toEqual(all)
  await journal.close()
  expect(await seqs()).toEqual(all)
})

test('a file of another program and a file that is not there are refused', () => {
  expect(() => openJournalReader(path)).toThrow()
  const db = new DatabaseSync(path)
  db.exec('CREATE TABLE recipes (name TEXT)')
  db.close()
  expect(() => openJournalReader(path)).toThrow('is not a journal of format 1')
})
