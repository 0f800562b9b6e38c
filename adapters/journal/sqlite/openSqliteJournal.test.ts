import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NODE_FLAGS } from '../../../gateway/ports/nodeFlags.ts'
import { journalStoreBehavior } from '../../../test/behavior/journalStore.ts'
import { openSqliteJournal } from './openSqliteJournal.ts'

function damage(path: string, change: (db: DatabaseSync) => void): void {
  const db = new DatabaseSync(path)
  change(db)
  db.close()
}

journalStoreBehavior('SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-journal-'))
  const path = join(folder, 'journal.db')
  return {
    open: () => openSqliteJournal(path),
    flipBit(seq) {
      damage(path, (db) => {
        // STRICT table: data is a blob.
        const data = db.prepare('SELECT data FROM journal WHERE seq = ?').get(seq)!.data as Uint8Array
        data[data.byteLength - 1]! ^= 1
        db.prepare('UPDATE journal SET data = ? WHERE seq = ?').run(data, seq)
      })
    },
    remove: (seq) => damage(path, (db) => db.prepare('DELETE FROM journal WHERE seq = ?').run(seq)),
    dispose: () => rmSync(folder, { recursive: true }),
  }
})

describe('the journal file', () => {
  let folder: string
  let path: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'switchyard-journal-'))
    path = join(folder, 'journal.db')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  /** Opens the journal in another process and lets it hold on until it is killed. */
  async function holder() {
    const program = `import(${JSON.stringify(new URL('./openSqliteJournal.ts', import.meta.url).href)}).then((m) => {
      globalThis.journal = m.openSqliteJournal(${JSON.stringify(path)})
      console.log('open')
      setInterval(() => {}, 1000)
    })`
    const child = spawn(process.execPath, [...NODE_FLAGS, '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    return child
  }

  test('is refused while another process has it, with a message that says what to do', async () => {
    const child = await holder()
    try {
      expect(() => openSqliteJournal(path)).toThrow(/in use by another process.*--data/)
    } finally {
      child.kill('SIGKILL')
      await once(child, 'close')
    }
  }, 20_000)

  test('is free again as soon as the process that had it was killed', async () => {
    const child = await holder()
    child.kill('SIGKILL')
    const journal = openSqliteJournal(path)
    expect(await journal.head()).toMatchObject({ seq: 0 })
    await journal.close()
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close')
  })

  test('is kept in WAL mode', async () => {
    await openSqliteJournal(path).close()
    const db = new DatabaseSync(path)
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
    db.close()
  })

  test('is read by another connection while it is written, and its write-ahead log does not grow without bound', async () => {
    const journal = openSqliteJournal(path)
    const reader = new DatabaseSync(path, { readOnly: true })
    const data = new Uint8Array(1_000_000)
    const largest = { log: 0 }
    for (let seq = 1; seq <= 200; seq++) {
      await journal.append({ seq, at: 1n, count: 1, hash: new Uint8Array(32).fill(seq), data })
      largest.log = Math.max(largest.log, statSync(`${path}-wal`).size)
    }
    expect(reader.prepare('SELECT count(*) AS n FROM journal').get()).toEqual({ n: 200 })
    expect(largest.log).toBeLessThan(80_000_000)
    reader.close()
    await journal.close()
  }, 60_000)

  const blockOf = (seq: number) => ({ seq, at: 1n, count: 1, hash: new Uint8Array(32).fill(seq), data: new Uint8Array(100) })

  test('takes nothing after an append that failed, and says why it did', async () => {
    const journal = openSqliteJournal(path)
    await journal.append(blockOf(1))
    damage(path, (db) => db.exec('ALTER TABLE journal RENAME TO gone'))
    await expect(journal.append(blockOf(2))).rejects.toThrow('no such table')
    damage(path, (db) => db.exec('ALTER TABLE gone RENAME TO journal'))
    await expect(journal.append(blockOf(2))).rejects.toThrow('an append failed before it')
    expect(await journal.head()).toMatchObject({ seq: 1 })
    await journal.close()
    expect(readFileSync(`${path}.head`).readBigUInt64BE(0)).toBe(1n)
  })

  test('of another program is left alone', () => {
    damage(path, (db) => db.exec('CREATE TABLE recipes (name TEXT)'))
    expect(() => openSqliteJournal(path)).toThrow('is not a journal of format 1')
    const db = new DatabaseSync(path)
    expect(db.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'recipes' }])
    db.close()
  })

  async function appendThree(): Promise<void> {
    const journal = openSqliteJournal(path)
    for (let seq = 1; seq <= 3; seq++) {
      await journal.append({ seq, at: 1n, count: 1, hash: new Uint8Array(32).fill(seq), data: new Uint8Array(100) })
    }
    await journal.close()
  }

  test('that lost its last block is refused, because its head is anchored outside of it', async () => {
    await appendThree()
    damage(path, (db) => db.exec('DELETE FROM journal WHERE seq = 3'))
    expect(() => openSqliteJournal(path)).toThrow('ends at block 2, but block 3 was committed')
  })

  test('that was put in the place of another is refused', async () => {
    await appendThree()
    damage(path, (db) => db.exec('UPDATE journal SET hash = zeroblob(32) WHERE seq = 3'))
    expect(() => openSqliteJournal(path)).toThrow('block 3 of the journal is not the one anchored')
  })

  test('opens beside an anchor that was cut off before its first write', async () => {
    writeFileSync(`${path}.head`, '')
    await appendThree()
    expect(readFileSync(`${path}.head`).readBigUInt64BE(0)).toBe(3n)
  })

  test('opens when its anchor is older than its head, as after a power failure, and anchors its head again', async () => {
    await appendThree()
    const anchor = Buffer.alloc(40, 2)
    anchor.writeBigUInt64BE(2n, 0)
    writeFileSync(`${path}.head`, anchor)
    await openSqliteJournal(path).close()
    expect(readFileSync(`${path}.head`).readBigUInt64BE(0)).toBe(3n)
  })
})
