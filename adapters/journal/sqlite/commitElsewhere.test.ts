import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { NODE_FLAGS } from '../../../gateway/ports/nodeFlags.ts'
import { commitElsewhere } from './commitElsewhere.ts'
import { openSqliteJournal } from './openSqliteJournal.ts'
import { SHARED_BYTES_MAX } from './sharedBlock.ts'

const blockOf = (seq: number, data = new Uint8Array(100).fill(seq)) => ({
  seq,
  at: 2n ** 62n,
  count: 30,
  hash: new Uint8Array(32).fill(seq),
  data,
})

let folder: string
let path: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-journal-'))
  path = join(folder, 'journal.db')
  await openSqliteJournal(path).close()
})
afterEach(() => rmSync(folder, { recursive: true }))

function inFile(): unknown[] {
  const db = new DatabaseSync(path)
  const read = db.prepare('SELECT seq, at, n, hash, data FROM journal ORDER BY seq')
  read.setReadBigInts(true)
  const rows = read.all().map(({ seq, at, n, hash, data }) => ({ seq: Number(seq), at, count: Number(n), hash, data }))
  db.close()
  return rows
}

test('a thread commits what it is given to the bit, anchors it, and leaves the thread that waits free', async () => {
  const thread = commitElsewhere(path)
  const largest = blockOf(2, new Uint8Array(SHARED_BYTES_MAX).fill(7))
  await thread.commit(blockOf(1))
  let isDone = false
  const done = thread.commit(largest).then(() => {
    isDone = true
  })
  await turn()
  expect(isDone).toBe(false)
  await done
  await thread.commit(blockOf(3, new Uint8Array(0)))
  expect(thread.isReady()).toBe(true)
  await thread.close()
  expect(inFile()).toEqual([blockOf(1), largest, blockOf(3, new Uint8Array(0))])
  expect(readFileSync(`${path}.head`).readBigUInt64BE(0)).toBe(3n)
})

test('what becomes of the bytes after they were handed over changes nothing', async () => {
  const thread = commitElsewhere(path)
  const block = blockOf(1)
  const done = thread.commit(block)
  block.data.fill(255)
  await done
  await thread.close()
  expect(inFile()).toEqual([blockOf(1)])
})

test('a commit that fails is told with its reason, and the thread takes nothing after it', async () => {
  const thread = commitElsewhere(path)
  await thread.commit(blockOf(1))
  await expect(thread.commit(blockOf(1))).rejects.toThrow('UNIQUE')
  expect(thread.isReady()).toBe(false)
  await thread.close()
  expect(readFileSync(`${path}.head`).readBigUInt64BE(0)).toBe(1n)
})

test('a thread that dies leaves unknown what it was given', async () => {
  const thread = commitElsewhere(join(folder, 'nowhere', 'journal.db'))
  await expect(thread.commit(blockOf(1))).rejects.toThrow('unable to open')
  expect(thread.isReady()).toBe(false)
  await thread.close()
})

test('a thread that begins late leaves the anchor at what was committed meanwhile', async () => {
  const journal = openSqliteJournal(path)
  await journal.append({ ...blockOf(1), count: 1 })
  // Starts the thread, which has not begun before the last of these.
  await journal.append(blockOf(2))
  await journal.append({ ...blockOf(3), count: 1 })
  await journal.close()
  expect(readFileSync(`${path}.head`).readBigUInt64BE(0)).toBe(3n)
})

test('blocks of many submissions go through the thread once it has begun, and the journal takes nothing after one that failed there', async () => {
  const journal = openSqliteJournal(path)
  let seq = 0
  let turns = 0
  // A block that is committed here leaves no turn to anybody else.
  while (turns === 0) {
    const immediate = setImmediate(() => turns++)
    await journal.append(blockOf(++seq))
    clearImmediate(immediate)
    if (turns === 0) await turn()
  }
  const db = new DatabaseSync(path)
  db.exec('ALTER TABLE journal RENAME TO gone')
  await expect(journal.append(blockOf(++seq))).rejects.toThrow('no such table')
  db.exec('ALTER TABLE gone RENAME TO journal')
  db.close()
  await expect(journal.append(blockOf(seq))).rejects.toThrow('an append failed before it')
  expect(await journal.head()).toMatchObject({ seq: seq - 1 })
  await journal.close()
  expect(inFile()).toHaveLength(seq - 1)
})

test('at the limit of threads blocks are committed here, the log is copied here, and a thread is tried again later', async () => {
  let tries = 0
  const startThread = () => {
    tries++
    throw Object.assign(new Error('Worker initialization failure: EAGAIN'), { code: 'ERR_WORKER_INIT_FAILED' })
  }
  const journal = openSqliteJournal(path, { startThread })
  // Beyond what the log may have before it is copied.
  for (let seq = 1; seq <= 30; seq++) await journal.append(blockOf(seq, new Uint8Array(1_000_000)))
  expect(statSync(`${path}-wal`).size).toBeLessThan(20_000_000)
  expect(tries).toBeLessThan(10)
  for (let seq = 31; seq <= 1_040; seq++) await journal.append(blockOf(seq, new Uint8Array(0)))
  const before = tries
  await journal.append(blockOf(1_041))
  expect(tries).toBeLessThanOrEqual(before + 1)
  expect(await journal.head()).toMatchObject({ seq: 1_041 })
  await journal.close()
  expect(inFile()).toHaveLength(1_041)
})

/** Closes the journal in a process of its own while a block is under way in the thread, and says what its append came to. */
const CLOSING = `
const { commitElsewhere } = await import(process.argv[2])
const thread = commitElsewhere(process.argv[3])
const block = (seq) => ({ seq, at: 1n, count: 30, hash: new Uint8Array(32), data: new Uint8Array(500000) })
await thread.commit(block(1))
const told = thread.commit(block(2)).then(() => 'durable', (error) => error.message)
if (process.argv[4] === 'later') await new Promise((resolve) => setImmediate(resolve))
await thread.close()
console.log(await told, 'closed')
`

test.each(['at once', 'later'])('closing while a block is under way waits for it and ends, %s', (when) => {
  const module = new URL('./commitElsewhere.ts', import.meta.url).href
  const program = join(folder, 'closing.mjs')
  writeFileSync(program, CLOSING)
  const { status, stdout, stderr } = spawnSync(process.execPath, [...NODE_FLAGS, program, module, path, when], { encoding: 'utf8' })
  expect([status, stdout, stderr]).toEqual([0, 'durable closed\n', ''])
  expect(inFile()).toHaveLength(2)
})

test('the write-ahead log of a thread that is never idle does not grow without bound', async () => {
  const journal = openSqliteJournal(path)
  const data = new Uint8Array(500_000)
  let largest = 0
  for (let seq = 1; seq <= 400; seq++) {
    await journal.append(blockOf(seq, data))
    largest = Math.max(largest, statSync(`${path}-wal`).size)
  }
  expect(largest).toBeLessThan(80_000_000)
  await journal.close()
}, 120_000)
