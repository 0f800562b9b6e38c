import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

// Copies the journal's write-ahead log into its file whenever it is asked to, beside the thread that commits. Everything in the log is durable
// already, so nothing is lost when this fails; the next one copies it.
const BUSY_WAIT_MS = 2000

// Set by `startCheckpoints`.
const db = new DatabaseSync(workerData as string, { timeout: BUSY_WAIT_MS })
db.exec('PRAGMA wal_autocheckpoint = 0')

parentPort!.on('message', () => {
  db.prepare('PRAGMA wal_checkpoint(PASSIVE)').get()
  parentPort!.postMessage('done')
})
