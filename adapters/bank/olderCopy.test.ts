import { mkdir, mkdtemp, readdir, rename, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { EUR } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import { daysOf } from '../../gateway/payouts/calendar/schemes.ts'
import type { Attempt } from '../../gateway/ports/sender.ts'
import { startBank } from '../../world/bank/startBank.ts'
import { distrustBankCopy } from './files/distrustCopy.ts'
import { type BankRail, openBankRail } from './rail.ts'

// A copy of the rail's own file from the moments between an attempt's announcement and its leaving, put back after it has left.
const WAIT = { timeout: 20_000, interval: 20 }
const signal = new AbortController().signal
const KNOWN_NOT_SENT = { kind: 'failed', reason: 'never_sent' }

async function world(to: 'open' | 'closed' = 'open') {
  const folder = await mkdtemp(join(tmpdir(), 'bank-older-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const bank = await startBank({ folder, cycleMs: 0 })
  onTestFinished(() => bank.stop())
  const { account, customers, rules } = bank.ready
  const open = (aheadMs = 0) => {
    const clock = { now: () => Date.now() + aheadMs }
    const common = { folder, account, asset: EUR, feeOf: () => money(EUR, 0n), pollMs: 20, days: daysOf('sepa'), clock }
    return openBankRail({ ...common, dataFile: join(folder, 'bank.db'), settlementSeconds: 10n })
  }
  let rail = await open()
  onTestFinished(() => rail.close())
  const iban = to === 'open' ? customers[0]!.iban : rules.closedIban
  const destination = { kind: 'iban' as const, iban, name: 'Customer 1' }
  const railKey = rail.railKey!(destination, 'at_1')!
  const attempt: Attempt = { id: 'at_1', amount: money(EUR, 2_000_000n), feeMax: money(EUR, 0n), destination, reference: 'r', railKey }
  const inbox = async () => (await readdir(join(folder, 'inbox'))).filter((name) => name.endsWith('.xml'))
  return {
    attempt,
    rail: (): BankRail => rail,
    cycle: () => bank.control('POST', '/cycle'),
    allRead: () => expect.poll(inbox, WAIT).toEqual([]),
    /** One start of a machine whose clock is ahead, and then one of a machine whose clock is right. */
    async startedAhead(aheadMs: number): Promise<void> {
      await rail.close()
      await (await open(aheadMs)).close()
      rail = await open()
    },
    folder,
    /** Stops it, puts the file back as it was before the order had left, and starts again. */
    async backTo(row: 'announced' | 'prepared', more: (folder: string) => Promise<void> = async () => undefined): Promise<void> {
      await rail.close()
      const db = new DatabaseSync(join(folder, 'bank.db'))
      db.exec('DELETE FROM entries; DELETE FROM files; DELETE FROM problems')
      if (row === 'announced') db.exec("DELETE FROM payments; INSERT INTO announced VALUES ('at_1', 4000000000000)")
      else db.exec("UPDATE payments SET state = 'prepared', code = NULL, detail = NULL, evidence = NULL")
      db.close()
      await more(folder)
      rail = await open()
    },
    /** The orders that have left, whether the bank has taken them or not. */
    async left(): Promise<number> {
      const names = await Promise.all(['outbox', 'taken'].map((name) => readdir(join(folder, name))))
      return names.flat().length
    },
    /** The bank's answers lie in the inbox again, as they do for a copy from before they were read. */
    async answersAgain(): Promise<void> {
      const archive = join(folder, 'archive')
      for (const name of await readdir(archive)) await rename(join(archive, name), join(folder, 'inbox', name))
    },
  }
}

test.each(['announced', 'prepared'] as const)('an order that left is not sent again by a file that has it as %s', async (row) => {
  const w = await world()
  await w.rail().send(w.attempt, { signal })
  await w.backTo(row)
  expect(await w.rail().lookup('at_1', w.attempt)).toMatchObject({ kind: 'unknown' })
  expect(await w.rail().send(w.attempt, { signal })).toMatchObject({ kind: 'unknown' })
  await w.cycle()
  await w.allRead()
  await expect.poll(() => w.rail().lookup('at_1', w.attempt), WAIT).toMatchObject({ kind: 'settled' })
  expect(await w.left()).toBe(1)
})

test('an order whose debit was read before it was known again is ended by it, and not sent', async () => {
  const w = await world()
  await w.rail().send(w.attempt, { signal })
  await w.cycle()
  await w.allRead()
  await w.backTo('announced')
  await w.answersAgain()
  await w.allRead()
  expect(await w.rail().send(w.attempt, { signal })).toMatchObject({ kind: 'settled' })
  expect(await w.left()).toBe(1)
})

test('an order whose rejection was read before it was known again is ended by it, and not sent', async () => {
  const w = await world('closed')
  await w.rail().send(w.attempt, { signal })
  await w.cycle()
  await w.allRead()
  await w.backTo('announced')
  await w.answersAgain()
  await w.allRead()
  expect(await w.rail().lookup('at_1', w.attempt)).toMatchObject({ kind: 'failed', reason: 'invalid_destination' })
  expect(await w.left()).toBe(1)
})

test.each(['announced', 'prepared'] as const)(
  'restored from a backup, an order that is %s there is not sent, also when no name is left of it',
  async (row) => {
    const w = await world()
    await w.rail().send(w.attempt, { signal })
    await w.cycle()
    await w.backTo(row, async (folder) => {
      await rm(join(folder, 'handed'), { recursive: true })
      distrustBankCopy(join(folder, 'bank.db'))
    })
    expect(await w.rail().send(w.attempt, { signal })).toMatchObject({ kind: 'unknown', stuck: true })
    expect(await w.rail().lookup('at_1', w.attempt)).toMatchObject({ kind: 'unknown', stuck: true })
    expect(await w.left()).toBe(1)
  },
)

test('an attempt that was announced and has left nothing behind was never sent', async () => {
  const w = await world()
  expect(await w.rail().lookup('at_1', w.attempt)).toMatchObject(KNOWN_NOT_SENT)
  await w.rail().send(w.attempt, { signal })
  expect(await w.left()).toBe(1)
})

test('a start with a clock that is months ahead forgets nothing that left', async () => {
  const w = await world()
  await w.rail().send(w.attempt, { signal })
  await w.cycle()
  await w.startedAhead(91 * 24 * 3_600_000)
  await w.backTo('announced')
  expect(await w.rail().send(w.attempt, { signal })).toMatchObject({ kind: 'unknown' })
  expect(await w.left()).toBe(1)
})

test('what others put beside the names of orders that left is left alone', async () => {
  const w = await world()
  const foreign = join(w.folder, 'handed', 'lost+found')
  await mkdir(foreign)
  await utimes(foreign, 1, 1)
  await w.startedAhead(0)
  expect(await readdir(join(w.folder, 'handed'))).toEqual(['lost+found'])
})
