import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { reasonMeaning } from '../sepa/reasonCodes.ts'
import { BankFileRefused } from './bankFileRefused.ts'
import { openInbox } from './inbox.ts'
import { openStore } from './store.ts'

test('a file that is written anew while it is read is not refused for what was read of it, and read again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bank-inbox-'))
  const store = openStore(join(folder, 'bank.db'), 'DE93999999990000000001')
  onTestFinished(() => {
    store.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const file = join(folder, 'inbox', 'day.xml')
  let isWriting = true
  const inbox = await openInbox(folder, store, {
    read: () => ({
      write() {
        if (!isWriting) return
        isWriting = false
        writeFileSync(file, 'all of it')
        throw new BankFileRefused('it ends in the middle')
      },
      end: () => ({ kind: 'notification', at: 1, entries: [] }),
    }),
    meaningOf: reasonMeaning,
    inTurn: (work) => work(),
    now: () => Date.now(),
  })
  writeFileSync(file, 'a part')
  for (let scans = 0; scans < 4; scans++) await inbox.scan()
  expect([store.problems(), readdirSync(join(folder, 'inbox', 'rejected'))]).toEqual([[], []])
  expect(readdirSync(join(folder, 'archive'))).toEqual([expect.stringMatching(/^[0-9a-f]{12}-day\.xml$/)])
})
