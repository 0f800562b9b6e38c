import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openAuditLog, openAuditLogWriter } from './openAuditLog.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-audit-log-'))
  path = join(folder, 'audit.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A log of receipts alone, as it was once written: one receipt, and a checkpoint. */
function writeOld(): void {
  const db = new DatabaseSync(path)
  db.exec(`
    CREATE TABLE cursor (id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL, hash BLOB NOT NULL, at INTEGER NOT NULL, size INTEGER NOT NULL) STRICT;
    CREATE TABLE leaves (n INTEGER PRIMARY KEY, receipt TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE subtrees (level INTEGER NOT NULL, n INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, n)) STRICT, WITHOUT ROWID;
    CREATE TABLE checkpoint (id INTEGER PRIMARY KEY CHECK (id = 1), size INTEGER NOT NULL, note TEXT NOT NULL) STRICT;
    INSERT INTO cursor VALUES (1, 9, zeroblob(32), 7, 1);
    INSERT INTO leaves VALUES (0, 'rc_1');
    INSERT INTO subtrees VALUES (0, 0, zeroblob(32));
    INSERT INTO checkpoint VALUES (1, 1, 'the old note');
    PRAGMA application_id = ${0x73777961};
    PRAGMA user_version = 1`)
  db.close()
}

test('a log of receipts alone is read as it is, and built again by its builder, who keeps what it signed', () => {
  writeOld()
  const reader = openAuditLog(path)
  expect([reader.size(), reader.checkpoint()?.note, reader.earlier()]).toEqual([1, 'the old note', undefined])
  reader.close()
  const writer = openAuditLogWriter(path)
  expect([writer.size(), writer.cursor().seq, writer.indexOf('rc_1'), writer.checkpoint()]).toEqual([0, 0, undefined, undefined])
  expect(writer.earlier()).toMatchObject({ size: 1, note: 'the old note' })
  const subtrees = [{ level: 0, index: 0, hash: new Uint8Array(32) }]
  writer.append({ receipts: [{ receipt: 'rc_1', index: 0 }], subtrees, size: 2, cursor: { seq: 1, hash: new Uint8Array(32), at: 5n } })
  writer.saveCheckpoint({ size: 2, note: 'the new note' })
  writer.close()
  const again = openAuditLogWriter(path)
  expect([again.size(), again.checkpoint()?.note, again.earlier()?.note]).toEqual([2, 'the new note', 'the old note'])
  again.close()
})

test('a log of another format is refused', () => {
  openAuditLogWriter(path).close()
  const db = new DatabaseSync(path)
  db.exec('PRAGMA user_version = 3')
  db.close()
  expect(() => openAuditLogWriter(path)).toThrow('is not an audit log of format 2')
  expect(() => openAuditLog(path)).toThrow('is not an audit log of format 2')
})

test('an entry under a name that there is already is a leaf without a name, and the log goes on', () => {
  const writer = openAuditLogWriter(path)
  const cursor = (seq: number) => ({ seq, hash: new Uint8Array(32), at: 1n })
  const leaf = (index: number) => ({ level: 0, index, hash: new Uint8Array(32).fill(index) })
  writer.append({ receipts: [{ receipt: 'rc_1.2', index: 0 }], subtrees: [leaf(0)], size: 1, cursor: cursor(1) })
  writer.append({ receipts: [{ receipt: 'rc_1.2', index: 1 }], subtrees: [leaf(1)], size: 2, cursor: cursor(2) })
  expect([writer.size(), writer.cursor().seq, writer.indexOf('rc_1.2')]).toEqual([2, 2, 0])
  expect([...writer.subtree(0, 1)]).toEqual([...leaf(1).hash])
  writer.close()
})
