import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { EUR } from '../../gateway/money/asset.ts'
import { money, showMoney } from '../../gateway/money/money.ts'
import { daysOf } from '../../gateway/payouts/calendar/schemes.ts'
import type { Settlement } from '../../gateway/ports/receiver.ts'
import { startBank } from '../../world/bank/startBank.ts'
import { type BankRail, openBankRail } from './rail.ts'

// What a rail's file that is lost, or put back as it was, hides of what the bank told.
const WAIT = { timeout: 20_000, interval: 20 }

async function world() {
  const folder = await mkdtemp(join(tmpdir(), 'bank-cursor-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const bank = await startBank({ folder, cycleMs: 0 })
  onTestFinished(() => bank.stop())
  const { account } = bank.ready
  const open = (name: string) => {
    const common = {
      folder,
      account,
      asset: EUR,
      feeOf: () => money(EUR, 0n),
      pollMs: 20,
      days: daysOf('sepa'),
      clock: { now: () => Date.now() },
    }
    return openBankRail({ ...common, dataFile: join(folder, name), settlementSeconds: 10n })
  }
  return {
    path: (name: string) => join(folder, name),
    /** What works with the file, until it has taken all that the bank gave. */
    async reading<T>(name: string, work: (rail: BankRail) => Promise<T>): Promise<T> {
      const rail = await open(name)
      try {
        await expect.poll(async () => (await readdir(join(folder, 'inbox'))).filter((file) => file.endsWith('.xml')), WAIT).toEqual([])
        return await work(rail)
      } finally {
        await rail.close()
      }
    },
    async arrive(...amounts: string[]): Promise<void> {
      for (const amount of amounts)
        await bank.control('POST', '/transfers', { customer: 'customer-1', amount, remittance: `gift of ${amount}` })
      await bank.control('POST', '/cycle')
    },
  }
}

/** What it tells after a cursor, until it has told `last` or for as long as a test waits. */
async function toldAfter(rail: BankRail, after: string, last: string): Promise<Settlement[]> {
  const told: Settlement[] = []
  for await (const one of rail.settlements(after, { signal: AbortSignal.timeout(3_000) })) {
    told.push(one)
    if (showMoney(one.amount).startsWith(last)) break
  }
  return told
}

const amounts = (told: readonly Settlement[]) => told.map(({ amount }) => amount.units / 10_000n)

test('a file after one that was lost is told whole, though the lost one’s cursor was nearer its beginning', async () => {
  const w = await world()
  await w.arrive('1.00', '2.00', '3.00')
  const { cursor } = (await w.reading('lost.db', (rail) => toldAfter(rail, '', '3'))).at(-1)!
  await w.arrive('4.00', '5.00', '6.00', '7.00')
  // A process was killed after it had read the bank's files and before the books had the first of them.
  await w.reading('new.db', async () => undefined)
  const told = await w.reading('new.db', (rail) => toldAfter(rail, cursor, '7'))
  expect(amounts(told)).toEqual([400n, 500n, 600n, 700n])
})

test('an older copy that has read on by itself is told whole', async () => {
  const w = await world()
  await w.arrive('1.00')
  await w.reading('bank.db', async () => undefined)
  await copyFile(w.path('bank.db'), w.path('older.db'))
  await w.arrive('2.00', '3.00')
  const { cursor } = (await w.reading('bank.db', (rail) => toldAfter(rail, '', '3'))).at(-1)!
  await w.arrive('4.00', '5.00', '6.00')
  await w.reading('older.db', async () => undefined)
  const told = await w.reading('older.db', (rail) => toldAfter(rail, cursor, '6'))
  expect(amounts(told)).toEqual([100n, 400n, 500n, 600n])
})

test('a cursor goes on in its own file, and a bare number, as cursors were, begins anew', async () => {
  const w = await world()
  await w.arrive('1.00', '2.00', '3.00')
  const all = await w.reading('bank.db', (rail) => toldAfter(rail, '', '3'))
  expect(await w.reading('bank.db', (rail) => toldAfter(rail, all[1]!.cursor, '3'))).toEqual(all.slice(2))
  expect(await w.reading('bank.db', (rail) => toldAfter(rail, '2', '3'))).toEqual(all)
})
