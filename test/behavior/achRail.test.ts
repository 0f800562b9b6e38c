import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, test, vi } from 'vitest'
import { type AchRail, openAchRail } from '../../adapters/bank/achRail.ts'
import { railCases } from '../../gateway/conformance/railCases.ts'
import type { RailUnderTest } from '../../gateway/conformance/railUnderTest.ts'
import { USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import { daysOf } from '../../gateway/payouts/calendar/schemes.ts'
import { createUsBank } from '../../world/bank/us/usBank.ts'
import { openUsCounter } from '../../world/bank/us/usCounter.ts'

const dollars = (text: string) => parseAmount(text, USD)
const CYCLE_MS = 60
const POLL_MS = 10
const OWN = {
  routing: '121042882',
  account: '1000000001',
  type: 'checking',
  name: 'Switchyard',
  companyId: '1123456789',
  bankName: 'A bank',
} as const
const NINE_IN_NEW_YORK_MS = 14 * 3_600_000
/** A Wednesday at 9:00 in New York; each of the bank's days begins then. */
const NOW = Date.parse('2026-11-18') + NINE_IN_NEW_YORK_MS

type World = RailUnderTest & Readonly<{ close: () => Promise<void> }>

/** A bank whose days last a moment, and the rail on its folders. */
async function achWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'ach-conformance-'))
  const { routing, account } = OWN
  const bank = createUsBank({ routing, account, openingCents: 50_000n, chargeCents: 20n, startDate: '2026-11-18' })
  const counter = await openUsCounter(folder, bank)
  await counter.deliver([bank.opening()])
  let running: Promise<unknown> = Promise.resolve()
  const days = setInterval(() => (running = running.then(counter.dayEnd)), CYCLE_MS)
  let files = 0
  const open = () =>
    openAchRail({
      folder,
      account: OWN,
      dataFile: join(folder, `bank-us-${files}.db`),
      clock: { now: () => Math.max(NOW, Date.parse(bank.date()) + NINE_IN_NEW_YORK_MS) },
      pollMs: POLL_MS,
      gatherMs: POLL_MS,
      wording: { purpose: 'other', usual: 'PAYOUT', balanced: false },
      ordinary: { days: daysOf('ach'), feeOf: () => dollars('0.20') },
      settlementSeconds: 1n,
    })
  let rail: AchRail = await open()
  const reopen = async () => {
    await rail.close()
    rail = await open()
  }
  await vi.waitFor(() => rail.balances(), { timeout: 20_000 })
  let payees = 0
  const payeeOf = (to: string) => ({ kind: 'us_account', routing: '021000021', account: to, type: 'checking', name: 'A payee' }) as const
  return {
    rail: () => rail,
    amount: dollars('1.50'),
    async payee() {
      const to = `5000${payees++}`
      return { destination: payeeOf(to), got: async () => bank.paidTo(to) * 10_000n }
    },
    malformed: { ...payeeOf('5'), routing: '021000022' },
    refused: async () => ({ destination: payeeOf('CLOSED1'), amount: dollars('1.50') }),
    reopen,
    cut: reopen,
    async loseFiles() {
      await rail.close()
      files++
      rail = await open()
    },
    async close() {
      clearInterval(days)
      await running
      await rail.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

describe('the ACH rail', () => {
  let world: World
  beforeAll(async () => {
    world = await achWorld()
  })
  afterAll(() => world?.close())
  for (const { name, run } of railCases(() => world, ['files'])) test(name, run)
})
