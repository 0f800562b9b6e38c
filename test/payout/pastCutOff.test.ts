import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openBankRail } from '../../adapters/bank/rail.ts'
import { memoryJournal } from '../../gateway/ledger/books/memoryJournal.ts'
import { EUR } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import { daysOf } from '../../gateway/payouts/calendar/schemes.ts'
import { orderStatuses } from '../../world/bank/reports.ts'
import { boot, makeRails, PAYEE, to, USDC } from './payoutWorld.ts'

const WAIT = { timeout: 20_000, interval: 20 }
/** Friday at 15:30 in Frankfurt: the calendar would take it until 16:00, and this bank does not. */
const FRIDAY = Date.parse('2026-11-20T14:30:00Z')
const MONDAY = Date.parse('2026-11-22T23:00:00Z')

/** The files of the bank's rail, and the bank as a hand that writes into its folder. */
async function openFiles(clock: { now(): number }) {
  const folder = await mkdtemp(join(tmpdir(), 'bank-cut-off-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const account = { iban: 'DE93999999990000000001', bic: 'SWYDDEFFXXX', name: 'Switchyard', townName: 'Frankfurt', country: 'DE' }
  const common = { folder, account, asset: EUR, feeOf: () => money(EUR, 200_000n), days: daysOf('sepa'), clock, pollMs: 20, gatherMs: 20 }
  const rail = await openBankRail({ ...common, dataFile: join(folder, 'bank.db') })
  onTestFinished(() => rail.close())
  const orders = async () => {
    const names = (await readdir(join(folder, 'outbox'))).filter((name) => name.endsWith('.xml')).sort()
    return Promise.all(names.map((name) => readFile(join(folder, 'outbox', name), 'utf8')))
  }
  const part = (text: string, tag: string) => new RegExp(`<${tag}>([^<]+)<`).exec(text)?.[1] ?? ''
  return {
    rail,
    days: async () => (await orders()).map((text) => part(text, 'Dt')),
    async refuse(): Promise<void> {
      const text = (await orders())[0]!
      const ids = { messageId: part(text, 'MsgId'), instructionId: part(text, 'PmtInfId'), endToEndId: part(text, 'EndToEndId') }
      const status = { code: 'TM01', text: 'after the cut-off of today' }
      const order = { ...ids, cents: 1n, name: 'Y', iban: 'X', remittance: {} }
      await mkdir(join(folder, 'inbox'), { recursive: true })
      await writeFile(join(folder, 'R1.part'), orderStatuses({ id: 'R1', createdAt: '2026-11-20T14:31:00Z' }, [{ order, status }]))
      await rename(join(folder, 'R1.part'), join(folder, 'inbox', 'R1.xml'))
    },
  }
}

test('an order that the bank refuses for the hour leaves again with its next day, also after a restart, and not sooner', async () => {
  let now = FRIDAY
  const clock = { now: () => now }
  const [files, journal] = [await openFiles(clock), memoryJournal()]
  // Its balance is told by statements, and this bank sends none.
  const open = {
    journal,
    clock,
    senders: [{ ...files.rail, estimate: makeRails().bank.estimate }],
    policy: { sendDeadlineMs: 20_000, lookupDeadlineMs: 20_000, estimateDeadlineMs: 20_000 },
  }
  const w = await boot(open)
  const order = { source: PAYEE, amount: money(USDC, 5_000_000n), destinations: [to.iban], reference: 'x', createdBy: 'test' }
  const { id } = await w.payouts.create(order)
  await expect.poll(files.days, WAIT).toEqual(['2026-11-20'])
  await files.refuse()
  const again = { change: 'next_window', at: new Date(MONDAY).toISOString() }
  await expect.poll(() => w.payouts.get(id).attempts[0], WAIT).toMatchObject({ outcome: 'failed', reason: 'past_cut_off', again })
  await w.payouts.close()

  now = MONDAY - 1
  const weekend = await boot(open)
  await weekend.payouts.resume()
  expect(weekend.payouts.get(id).attempts).toHaveLength(1)
  await weekend.payouts.close()

  now = MONDAY
  const monday = await boot(open)
  onTestFinished(() => monday.payouts.close())
  void monday.payouts.resume()
  await expect.poll(files.days, WAIT).toEqual(['2026-11-20', '2026-11-23'])
  await expect.poll(() => monday.payouts.get(id).attempts[1], WAIT).toMatchObject({ changed: ['next_window'] })
})
