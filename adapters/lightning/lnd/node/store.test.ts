import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { openLndStore } from './store.ts'

test('a file of before records were kept is opened, and what it has came without any', () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-lnd-store-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'lnd.db')
  openLndStore(path).close()
  const old = new DatabaseSync(path)
  old.exec('ALTER TABLE received DROP COLUMN records')
  old.exec("INSERT INTO received (payment_hash, amount_msat, preimage, at) VALUES ('h', 5, 'p', 1)")
  old.close()
  for (let opened = 0; opened < 2; opened++) {
    const store = openLndStore(path)
    expect(store.statement('SELECT records FROM received').all()).toEqual([{ records: '[]' }])
    store.close()
  }
})
