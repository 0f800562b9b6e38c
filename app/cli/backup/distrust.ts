import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { distrustBankCopy } from '../../../adapters/bank/files/distrustCopy.ts'
import { distrustEvmCopy } from '../../../adapters/evm/sending/distrustCopy.ts'
import { markStale } from '../../../adapters/lightning/embedded/staleCopy.ts'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import { type RestoredBooks, restoredFile } from '../../open/restoredBooks.ts'
import { dataFiles } from './dataFiles.ts'

/**
 * Makes a copy safe to open: each database is whole and without a log beside it, no rail sends what it holds for unsent, an embedded node stays closed, and the
 * books know that they were restored. Nothing is to be done for LND, which is asked by the payment hash that the journal has. Answers whether there is a node.
 */
export function distrust(folder: string, restored: RestoredBooks): { node: boolean } {
  for (const { path, name } of dataFiles(folder).filter(({ database }) => database)) {
    checkDatabase(path, name)
    if (/^evm-[0-9]+\.db$/.test(name)) distrustEvmCopy(path, { now: Date.now })
    if (name === 'bank.db' || name === 'bank-us.db') distrustBankCopy(path)
  }
  const node = existsSync(join(folder, 'lightning', 'node.db'))
  markStale(join(folder, 'lightning'), `restored from a backup of ${new Date(restored.madeAt).toISOString()}`)
  writeFileSync(restoredFile(folder), `${JSON.stringify(restored)}\n`, { mode: 0o600 })
  return { node }
}

function checkDatabase(path: string, name: string): void {
  const db = new DatabaseSync(path)
  try {
    const found = db.prepare('PRAGMA integrity_check').get()?.integrity_check
    if (found !== 'ok') throw new GatewayError('backup_unreadable', `${name} in the backup is damaged: ${found}`)
    db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()
  } finally {
    db.close()
  }
}
