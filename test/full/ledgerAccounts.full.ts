import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqliteJournal } from '../../adapters/journal/sqlite/openSqliteJournal.ts'
import { openStateFiles } from '../../adapters/state/openStateFiles.ts'
import { openEmbeddedEngine } from '../../gateway/ledger/books/embeddedEngine.ts'
import { LEDGER_BATCH_MAX } from '../../gateway/ports/ledger.ts'

const ACCOUNTS = 1_000_000
const LEDGER = 1
const CODE = 1
/** One in so many accounts pays the next one. */
const PAYS = 100
/** 128 bytes an account and its place in the index, with the room that growing by doubling leaves. */
const BYTES_PER_ACCOUNT_MAX = 400

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-million-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const open = () =>
  openEmbeddedEngine({
    journal: openSqliteJournal(join(folder, 'journal.db')),
    state: openStateFiles(join(folder, 'state')),
    nowNs: () => BigInt(Date.now()) * 1_000_000n,
  })

/** 1 to `count` in batches as large as the engine takes. */
function* batches(count: number, step = 1): Generator<bigint[]> {
  let batch: bigint[] = []
  for (let n = 1; n <= count; n += step) {
    batch.push(BigInt(n))
    if (batch.length === LEDGER_BATCH_MAX) {
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}

test('a million accounts are created, pay each other, are found again after a restart, and take bounded memory', async () => {
  const before = process.memoryUsage().arrayBuffers
  const engine = await open()
  for (const ids of batches(ACCOUNTS)) {
    const results = await engine.createAccounts(ids.map((id) => ({ id, ledger: LEDGER, code: CODE })))
    expect(results.every(({ status }) => status === 'created')).toBe(true)
  }
  for (const ids of batches(ACCOUNTS, PAYS)) {
    const results = await engine.createTransfers(
      ids.map((id) => ({ id, debitAccountId: id, creditAccountId: id + 1n, amount: id, ledger: LEDGER, code: CODE })),
    )
    expect(results.every(({ status }) => status === 'created')).toBe(true)
  }
  const used = process.memoryUsage().arrayBuffers - before
  console.log(`${(used / ACCOUNTS).toFixed(0)} bytes an account outside of the heap`)
  expect(used).toBeLessThan(ACCOUNTS * BYTES_PER_ACCOUNT_MAX)
  await engine.close()

  const again = await open()
  let paid = 0n
  for (const ids of batches(ACCOUNTS)) {
    const accounts = await again.lookupAccounts(ids)
    for (const [i, account] of accounts.entries()) {
      const id = ids[i]!
      const pays = id % BigInt(PAYS) === 1n
      const isPaid = id % BigInt(PAYS) === 2n
      if (account?.id !== id || account.debitsPosted !== (pays ? id : 0n) || account.creditsPosted !== (isPaid ? id - 1n : 0n)) {
        throw new Error(`account ${id} is not as it was: ${account?.debitsPosted} out, ${account?.creditsPosted} in`)
      }
      paid += account.debitsPosted - account.creditsPosted
    }
  }
  expect(paid).toBe(0n)
  expect(again.check()).toEqual([])
  expect(await again.createAccounts([{ id: BigInt(ACCOUNTS), ledger: LEDGER, code: CODE }])).toMatchObject([{ status: 'exists' }])
  await again.close()
}, 180_000)
