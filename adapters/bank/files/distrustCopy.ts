import { DatabaseSync } from 'node:sqlite'
import { openDatabase } from './database.ts'

const DETAIL =
  "the bank rail's own file was put back from a backup, and this order may have left after it was made. It is not sent again. The bank's next report of it " +
  'ends it; else look for a debit with its end-to-end id, then end it by hand'

const RECALL_DETAIL =
  "the bank rail's own file was put back from a backup, in which this question had not left. It is not asked again, so the bank may never have had it"

/**
 * Of a data file that is put back from a copy: orders that it holds for unsent, or of which it knows the name alone, may have left after it was copied. None
 * is sent by it, and nothing is asked back by it; the bank's reports end them, or a person, who is called for both.
 */
export function distrustBankCopy(file: string): void {
  const database = openDatabase(file, ibanIn(file))
  try {
    database.transaction(() => {
      database.run("UPDATE payments SET state = 'sent', detail = ? WHERE state IN ('prepared', 'staged')", DETAIL)
      database.run('DELETE FROM announced')
      database.run('UPDATE recalls SET sent_at = asked_at, detail = ? WHERE sent_at IS NULL', RECALL_DETAIL)
    })
  } finally {
    database.close()
  }
}

function ibanIn(file: string): string {
  const db = new DatabaseSync(file)
  try {
    return String(db.prepare('SELECT iban FROM meta').get()?.iban)
  } finally {
    db.close()
  }
}
