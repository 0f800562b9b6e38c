import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { EUR } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import type { AttemptId } from '../../gateway/ports/ids.ts'
import type { Outcome } from '../../gateway/ports/outcome.ts'
import type { Settlement } from '../../gateway/ports/receiver.ts'
import type { Attempt } from '../../gateway/ports/sender.ts'
import type { BankOptions } from '../../world/bank/ready.ts'
import { type RunningBank, startBank } from '../../world/bank/startBank.ts'
import { type BankRail, openBankRail } from './rail.ts'

const POLL_MS = 20
const WAIT_MS_MAX = 10_000
const euros = (text: string) => parseAmount(text, EUR)
const signal = new AbortController().signal

type World = { bank: RunningBank; rail: BankRail; folder: string; open(): Promise<BankRail> }
const cleanups: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** A bank whose cycles run only when asked, and a rail on its folders. */
async function createWorld(options: BankOptions = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'bank-rail-'))
  cleanups.push(() => rm(folder, { recursive: true, force: true }))
  const bank = await startBank({ folder, cycleMs: 0, ...options })
  cleanups.push(() => bank.stop())
  const { account } = bank.ready
  const common = { folder, account, asset: EUR, fee: euros('0.20'), pollMs: POLL_MS, clock: { now: () => Date.now() } }
  const world: World = {
    bank,
    folder,
    open: async () => {
      const rail = await openBankRail({ ...common, dataFile: join(folder, 'bank.db'), settlementSeconds: 10n })
      cleanups.push(() => rail.close())
      return rail
    },
    rail: undefined as unknown as BankRail, // Set on the next line, before anyone sees it.
  }
  world.rail = await world.open()
  await until(async () => (await world.rail.balances().catch(() => [])).length === 1)
  return world
}

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  for (const end = Date.now() + WAIT_MS_MAX; Date.now() < end; ) {
    if (await condition()) return
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  throw new Error('the condition did not come true in time')
}

/** The next `count` settlements after a cursor. */
async function take(rail: BankRail, count: number, after = ''): Promise<Settlement[]> {
  const stop = new AbortController()
  const taken: Settlement[] = []
  for await (const settlement of rail.settlements(after, { signal: stop.signal })) {
    taken.push(settlement)
    if (taken.length === count) stop.abort()
  }
  return taken
}

async function settle(rail: BankRail, id: AttemptId): Promise<Outcome> {
  await until(async () => (await rail.lookup(id)).kind !== 'unknown')
  return rail.lookup(id)
}

async function bankBalance(world: World): Promise<bigint> {
  // The control server of world/bank answers with this.
  const { accounts } = (await world.bank.control('GET', '/accounts')) as { accounts: { id: string; balance: string }[] }
  return euros(accounts.find(({ id }) => id === 'own')!.balance).units
}

async function agree(world: World): Promise<void> {
  const expected = await bankBalance(world)
  await until(async () => (await world.rail.balances())[0]!.amount.units === expected)
}

const attemptTo = (iban: string, amount: string, id: string): Attempt => ({
  id: `at_${id}`,
  amount: euros(amount),
  feeMax: euros('0.20'),
  destination: { kind: 'iban', iban, name: 'Customer 1' },
  reference: `po_${id}`,
})

test('a transfer with our reference arrives as a settlement that names the offer', async () => {
  const world = await createWorld()
  const ref = `0x${'5a'.repeat(32)}` as const
  const offer = await world.rail.offer({ amount: euros('1.00'), ref, expiresAt: Date.now() + 60_000, description: 'one euro' })
  if (offer.wire.kind !== 'bank') throw new Error('a bank offer has a bank wire')
  const written = `Invoice 7: ${offer.wire.remittance.toLowerCase().replace(/(.{4})/g, '$1 ')}`
  await world.bank.control('POST', '/transfers', { customer: 'customer-1', amount: '1.00', remittance: written })
  await world.bank.control('POST', '/transfers', { customer: 'customer-2', amount: '2.50', remittance: 'no reference' })
  await world.bank.control('POST', '/cycle')
  const [paid, unknown] = await take(world.rail, 2)
  expect(paid).toMatchObject({ kind: 'received', place: 'account', amount: euros('1.00'), reference: offer.reference, payer: 'Customer 1' })
  expect(unknown).toMatchObject({ kind: 'received', amount: euros('2.50') })
  expect(unknown).not.toHaveProperty('reference')
  await agree(world)
})

test('a payout is debited, settles, and its charge comes by the stream', async () => {
  const world = await createWorld()
  const attempt = attemptTo(world.bank.ready.customers[0]!.iban, '12.30', 'out1')
  expect(await world.rail.estimate(attempt)).toMatchObject({ kind: 'possible', fee: euros('0.20'), available: euros('499.80') })
  expect(await world.rail.send(attempt, { signal })).toMatchObject({ kind: 'unknown' })
  expect((await world.rail.balances())[0]!.inFlight).toMatchObject([{ amount: euros('12.30') }])
  await world.bank.control('POST', '/cycle')
  expect(await settle(world.rail, attempt.id)).toMatchObject({ kind: 'settled', fee: euros('0'), evidence: { rail: 'bank' } })
  expect(await take(world.rail, 1)).toMatchObject([{ kind: 'spent', amount: euros('0.20'), attemptId: attempt.id }])
  await agree(world)
  expect((await world.rail.balances())[0]).toMatchObject({ amount: euros('487.50'), inFlight: [] })
})
