import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { openStore } from './store.ts'

const IBAN = 'DE93999999990000000001'

test('a data file of the first version is brought up with what it holds, and one of the future is refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bank-schema-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'bank.db')
  const store = openStore(file, IBAN)
  store.addPayment({ attemptId: 'at_1', endToEndId: 'at1', units: 10_000n, fee: 0n, iban: 'X', name: 'Y', document: '', createdAt: 1 })
  store.close()
  const old = new DatabaseSync(file)
  old.exec(
    'DROP INDEX payments_open; DROP INDEX payments_file; DROP INDEX entries_unlisted; DROP INDEX entries_statement; ALTER TABLE payments DROP COLUMN message_id; ALTER TABLE payments DROP COLUMN fee',
  )
  old.exec('CREATE INDEX payments_open ON payments (state); CREATE INDEX entries_unlisted ON entries (booked_on)')
  old.exec(
    'DROP INDEX entries_unexplained; DROP TABLE announced; DROP TABLE strays; DROP TABLE file_names; DROP TABLE account_words; DROP TABLE recalls; ALTER TABLE payments DROP COLUMN transaction_id; ALTER TABLE meta DROP COLUMN file',
  )
  old.exec(
    'ALTER TABLE entries DROP COLUMN end_to_end_id; ALTER TABLE entries DROP COLUMN reason; ALTER TABLE entries DROP COLUMN remittance; ALTER TABLE entries DROP COLUMN mark; ALTER TABLE entries DROP COLUMN payer_iban; ALTER TABLE entries DROP COLUMN batch; UPDATE meta SET version = 1',
  )
  old.close()
  const again = openStore(file, IBAN)
  expect([again.payment('at_1')?.units, again.payment('at_1')?.messageId, again.entriesAfter(0, 9)]).toEqual([10_000n, 'at1', []])
  const name = again.fileName()
  expect(name).toEqual(expect.any(String))
  again.close()
  const third = openStore(file, IBAN)
  expect(third.fileName()).toBe(name)
  third.close()
  const future = new DatabaseSync(file)
  future.exec('UPDATE meta SET version = 12')
  future.close()
  expect(() => openStore(file, IBAN)).toThrow('version 12')
})
