import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { copyDatabase } from './databaseCopy.ts'

const COPIES = 25
/** Moves units between two rows in each transaction, with the only lock, and begins its log anew every few dozen of them. */
const WRITER = `
  const { DatabaseSync } = require('node:sqlite')
  const db = new DatabaseSync(process.argv[1])
  db.exec('PRAGMA journal_mode = WAL; PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 200')
  db.exec('CREATE TABLE sums (id INTEGER PRIMARY KEY, units INTEGER NOT NULL, filler BLOB); CREATE TABLE moves (id INTEGER PRIMARY KEY, by INTEGER)')
  for (let id = 0; id < 200; id++) db.prepare('INSERT INTO sums VALUES (?, 1000, randomblob(3000))').run(id)
  const add = db.prepare('UPDATE sums SET units = units + ?, filler = randomblob(3000) WHERE id = ?')
  const note = db.prepare('INSERT INTO moves (by) VALUES (?)')
  function move(n) {
    db.exec('BEGIN')
    add.run(-1, n % 200)
    add.run(1, (n * 7 + 3) % 200)
    note.run(n)
    db.exec('COMMIT')
  }
  process.stdout.write('ready')
  let n = 0
  setInterval(() => { for (let i = 0; i < 3; i++) move(n++) }, 1)
`

/** Writes the copy down, as a restore does. */
async function copied(file: string, to: string): Promise<DatabaseSync> {
  let path = ''
  for await (const part of copyDatabase(file)) {
    if (part.kind === 'begin') {
      path = to + part.path.slice(file.length)
      writeFileSync(path, '')
    } else appendFileSync(path, part.bytes)
  }
  return new DatabaseSync(to)
}

test('a copy of a file that another process writes, and has locked, is the file at one of its commits', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-copy-'))
  const file = join(folder, 'a.db')
  const writer = spawn(process.execPath, [...NODE_FLAGS, '--eval', WRITER, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(async () => {
    const ended = new Promise((resolve) => writer.once('exit', resolve))
    writer.kill('SIGKILL')
    await ended
    rmSync(folder, { recursive: true, force: true })
  })
  await new Promise((resolve) => writer.stdout.once('data', resolve))
  let last = 0
  for (let n = 0; n < COPIES; n++) {
    const db = await copied(file, join(folder, `${n}.db`))
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
    expect(db.prepare('SELECT sum(units) AS units FROM sums').get()).toEqual({ units: 200_000 })
    const { moves, by } = db.prepare('SELECT count(*) AS moves, max(by) AS by FROM moves').get() as { moves: number; by: number } // Its columns.
    expect([by, moves >= last]).toEqual([moves - 1, true])
    last = moves
    db.close()
  }
  expect(last).toBeGreaterThan(0)
})

test('a file that was closed well has no log, and its copy needs none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-copy-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'a.db')
  const db = new DatabaseSync(file)
  db.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (7)')
  db.close()
  expect(existsSync(`${file}-wal`)).toBe(false)
  const copy = await copied(file, join(folder, 'b.db'))
  expect(copy.prepare('SELECT a FROM t').all()).toEqual([{ a: 7 }])
  copy.close()
})
