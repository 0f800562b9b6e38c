import { expect, onTestFinished, test } from 'vitest'
import { boot, PAYEE, to, USDC, type World } from '../../../test/payout/payoutWorld.ts'
import { money } from '../../money/money.ts'
import type { AccountPath } from '../../ports/books.ts'
import type { EntryId } from '../../ports/ids.ts'
import type { Destination } from '../../ports/sender.ts'
import { payoutLimits } from './limits.ts'

const BURST = 40
const party = (n: number): AccountPath => `party:pa_${String(n).padStart(32, '9')}`

async function world(policy: NonNullable<Parameters<typeof boot>[0]>['policy'] = {}): Promise<World> {
  const made = await boot({ policy })
  onTestFinished(() => made.payouts.close())
  made.rails.evm.manner = 'stuck'
  return made
}

async function give(w: World, credit: AccountPath, units = 1_000n): Promise<void> {
  const id: EntryId = `en_${credit.slice(-2)}${'7'.repeat(30)}`
  await w.books.submit({ entry: { id, payment: 'seed', legs: [{ kind: 'move', debit: PAYEE, credit, asset: USDC, units }] } })
}

const account = (n: number): Destination => ({ kind: 'evm_address', address: `0x${n.toString(16).padStart(40, '0')}` })

function create(w: World, o: { source?: AccountPath; units?: bigint; destinations?: readonly Destination[] } = {}) {
  const { source = PAYEE, units = 1n, destinations = [to.evm] } = o
  return w.payouts.create({ source, amount: money(USDC, units), destinations, reference: '', createdBy: 'test' })
}

/** How many were made, and how the others were refused. */
async function atOnce(makes: readonly (() => Promise<unknown>)[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  const count = (as: string) => {
    counts[as] = (counts[as] ?? 0) + 1
  }
  const made = makes.map((make) =>
    make().then(
      () => count('made'),
      (e) => count(e.code),
    ),
  )
  await Promise.all(made)
  return counts
}

const burst = (make: (i: number) => Promise<unknown>) => atOnce(Array.from({ length: BURST }, (_, i) => () => make(i)))

test('payouts that are asked for at once are no more than one party may have open', async () => {
  const w = await world({ limits: { ...payoutLimits, party: { ...payoutLimits.party, openMax: 10 } } })
  expect(await burst((i) => create(w, { destinations: [account(i)] }))).toEqual({ made: 10, too_many_open: BURST - 10 })
})

test('payouts that are asked for at once are worth no more than one party may have open', async () => {
  const w = await world({ limits: { ...payoutLimits, party: { ...payoutLimits.party, openNanoMax: 10_000n } } })
  expect(await burst((i) => create(w, { destinations: [account(i)] }))).toEqual({ made: 10, too_many_open: BURST - 10 })
})

test('payouts that are asked for at once are no more than may be open of all', async () => {
  const w = await world({ openMax: 10 })
  expect(await burst((i) => create(w, { destinations: [account(i)] }))).toEqual({ made: 10, too_busy: BURST - 10 })
})

test('what the books declined counts no more', async () => {
  const w = await world({ limits: { ...payoutLimits, party: { ...payoutLimits.party, openMax: 10 } } })
  const poor = party(1)
  await give(w, poor, 5n)
  expect(await atOnce(Array.from({ length: 9 }, () => () => create(w, { source: poor, units: 6n })))).toEqual({ insufficient_balance: 9 })
  expect(await atOnce(Array.from({ length: 9 }, () => () => create(w, { source: poor, units: 6n })))).toEqual({ insufficient_balance: 9 })
  await create(w, { source: poor, units: 5n })
})

test('a refund that operators decided is made however much of the surplus is under way', async () => {
  const w = await world({ limits: { ...payoutLimits, party: { ...payoutLimits.party, openMax: 1, openNanoMax: 1_000n } } })
  await give(w, 'surplus:sa_01')
  await give(w, 'surplus:sa_02')
  for (const source of ['surplus:sa_01', 'surplus:sa_02']) await create(w, { source, units: 1_000n })
})

test('a refund that is worth more than a payee may have open is made', async () => {
  const w = await world({ limits: { ...payoutLimits, payee: { ...payoutLimits.payee, openNanoMax: 1_000n } } })
  await give(w, 'surplus:sa_01')
  await create(w, { source: 'surplus:sa_01', units: 1_000n })
})

test('two parties do not fill what a payee may have open: whoever comes next finds a place', async () => {
  const w = await world({ limits: { ...payoutLimits, payee: { ...payoutLimits.payee, openMax: 16 } } })
  const evil = [party(1), party(2)]
  for (const source of evil) await give(w, source)
  for (const source of evil) expect(await burst(() => create(w, { source }))).toHaveProperty('too_many_open')
  await create(w)
})
