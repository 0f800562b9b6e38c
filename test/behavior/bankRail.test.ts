import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, test, vi } from 'vitest'
import { type BankRail, openBankRail } from '../../adapters/bank/rail.ts'
import { railCases } from '../../gateway/conformance/railCases.ts'
import type { RailUnderTest } from '../../gateway/conformance/railUnderTest.ts'
import { EUR } from '../../gateway/money/asset.ts'
import { formatAmount, parseAmount } from '../../gateway/money/money.ts'
import { daysOf } from '../../gateway/payouts/calendar/schemes.ts'
import { startBank } from '../../world/bank/startBank.ts'
import { silenced } from './silenced.ts'

const euros = (text: string) => parseAmount(text, EUR)
const CYCLE_MS = 40
const POLL_MS = 10

type World = RailUnderTest & Readonly<{ close: () => Promise<void> }>

/** A bank that works by its own clock, and the rail on its folders. */
async function bankWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'bank-conformance-'))
  // Its days go by like seconds, and a rail takes no file of a day far ahead: so they begin long ago.
  const bank = await startBank({ folder, cycleMs: CYCLE_MS, cyclesPerDay: 5, startDate: '2024-01-02' })
  const { account, customers, rules } = bank.ready
  const clock = { now: () => Date.now() }
  let files = 0
  const open = () =>
    openBankRail({
      folder,
      account,
      asset: EUR,
      feeOf: () => euros('0.20'),
      pollMs: POLL_MS,
      clock,
      days: daysOf('sepa'),
      settlementSeconds: 1n,
      dataFile: join(folder, `bank-${files}.db`),
    })
  let rail: BankRail = await open()
  const reopen = async () => {
    await rail.close()
    rail = await open()
  }
  const balanceOf = async (iban: string) => {
    // The control server of world/bank answers with this.
    const { accounts } = (await bank.control('GET', '/accounts')) as { accounts: { iban: string; balance: string }[] }
    return euros(accounts.find((one) => one.iban === iban)!.balance).units
  }
  // A bank that has sent no statement yet has said nothing of the balance.
  await vi.waitFor(() => rail.balances(), { timeout: 20_000 })
  let payees = 0
  return {
    rail: () => rail,
    amount: euros('1.50'),
    async payee() {
      const { iban, name } = customers[payees++ % customers.length]!
      const before = await balanceOf(iban)
      return { destination: { kind: 'iban', iban, name }, got: async () => (await balanceOf(iban)) - before }
    },
    malformed: { kind: 'iban', iban: 'DE00370400440532013000', name: 'A payee' },
    refused: async () => ({ destination: { kind: 'iban', iban: rules.closedIban, name: 'A payee' }, amount: euros('1.50') }),
    reopen,
    cut: reopen,
    silence: () => silenced(bank.processId),
    async pay({ amount, reference, wire }) {
      if (wire.kind !== 'bank') throw new Error('a bank offer has a bank wire')
      // Of another customer than those who are paid, whose balances are compared.
      await bank.control('POST', '/transfers', {
        customer: customers.at(-1)!.id,
        amount: formatAmount(amount),
        remittance: wire.remittance,
      })
      return reference
    },
    async loseFiles() {
      await rail.close()
      files++
      rail = await open()
    },
    async close() {
      await rail.close()
      await bank.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

describe('the bank rail', () => {
  let world: World
  beforeAll(async () => {
    world = await bankWorld()
  })
  afterAll(() => world?.close())
  for (const { name, run } of railCases(() => world, ['receives', 'silence', 'files'])) test(name, run)
})
