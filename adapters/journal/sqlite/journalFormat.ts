import type { DatabaseSync } from 'node:sqlite'

/** Marks the file as a Switchyard journal ("swyd") of this format. */
const APPLICATION_ID = 0x73777964
const FORMAT = 1
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS journal (
    seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, n INTEGER NOT NULL, hash BLOB NOT NULL, data BLOB NOT NULL
  ) STRICT`

/** Makes an empty file a journal without blocks. */
export function markAsJournal(db: DatabaseSync): void {
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}`)
  db.exec(`PRAGMA user_version = ${FORMAT}`)
  db.exec(SCHEMA)
}

/** Refuses a file of another program or of a later format, and marks a new one as ours. */
export function claimFormat(db: DatabaseSync, path: string): void {
  const id = db.prepare('PRAGMA application_id').get()?.application_id
  const format = db.prepare('PRAGMA user_version').get()?.user_version
  const tables = db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n
  if (id === 0 && format === 0 && tables === 0) markAsJournal(db)
  else if (id !== APPLICATION_ID || format !== FORMAT) {
    throw new Error(`${path} is not a journal of format ${FORMAT} (application id ${id}, format ${format}). Choose another --data folder.`)
  }
}
