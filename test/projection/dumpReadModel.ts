import { DatabaseSync } from 'node:sqlite'
import { TABLES } from '../../adapters/readModel/sqlite/schema.ts'

/**
 * Every row of the read model at `path` as a line of text, in a fixed order: two read models of the same journal give the same lines, however
 * their blocks were batched. Blobs are hex.
 */
export function* dumpReadModel(path: string): Generator<string> {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    for (const [table, order] of TABLES) {
      const all = db.prepare(`SELECT * FROM ${table} ORDER BY ${order}`)
      all.setReadBigInts(true)
      for (const row of all.iterate()) yield `${table} ${JSON.stringify(Object.values(row).map(cellText))}`
    }
  } finally {
    db.close()
  }
}

function cellText(cell: unknown): string {
  return cell instanceof Uint8Array ? Buffer.from(cell).toString('hex') : String(cell)
}
