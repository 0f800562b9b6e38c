import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { EUR } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import { daysOf } from '../../gateway/payouts/calendar/schemes.ts'
import type { AttemptId } from '../../gateway/ports/ids.ts'
import type { Attempt } from '../../gateway/ports/sender.ts'
import { startBank } from '../../world/bank/startBank.ts'
import { openBankRail } from './rail.ts'

// What is asked of the bank, and what its rules refuse from their day on.
const WAIT = { timeout: 30_000, interval: 20 }
const signal = new AbortController().signal
const euros = (text: string) => parseAmount(text, EUR)

async function world(more: Partial<Parameters<typeof openBankRail>[0]>) {
  const folder = await mkdtemp(join(tmpdir(), 'bank-service-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const bank = await startBank({ folder, cycleMs: 0 })
  onTestFinished(() => bank.stop())
  const { account, customers } = bank.ready
  const common = { folder, account, asset: EUR, feeOf: () => euros('0.20'), pollMs: 20, gatherMs: 20, days: daysOf('sepa'), clock: Date }
  const rail = await openBankRail({ ...common, dataFile: join(folder, 'bank.db'), ...more })
  onTestFinished(() => rail.close())
  const destination = { kind: 'iban' as const, iban: customers[0]!.iban, name: 'Customer 1' }
  const attempt = (id: AttemptId): Attempt => ({ id, amount: euros('2.00'), feeMax: euros('1.00'), destination, reference: 'r' })
  return { rail, attempt }
}

test('an instant transfer is booked as soon as the bank takes its file, without a cycle', async () => {
  const { rail, attempt } = await world({ service: 'instant', days: daysOf('sepa_instant') })
  await rail.send(attempt('at_1'), { signal })
  await expect.poll(() => rail.lookup('at_1'), WAIT).toMatchObject({ kind: 'settled' })
})

test('an account whose address has no town pays until the day on which SEPA refuses it, and nothing leaves from then on', async () => {
  const account = { iban: 'DE93999999990000000001', name: 'Switchyard', country: 'DE', addressLines: ['Somewhere 1', 'Berlin'] }
  let at = Date.parse('2026-11-13T09:00:00Z')
  const { rail, attempt } = await world({ account, clock: { now: () => at } })
  expect(await rail.send(attempt('at_1'), { signal })).toMatchObject({ kind: 'unknown' })
  at = Date.parse('2026-11-16T09:00:00Z')
  expect(await rail.send(attempt('at_2'), { signal })).toMatchObject({ kind: 'failed', detail: expect.stringContaining('2026-11-15') })
})
