import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { EUR } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import { daysOf } from '../../gateway/payouts/calendar/schemes.ts'
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

type World = { bank: RunningBank; rail: BankRail; folder: string; open(gatherMs?: number): Promise<BankRail> }
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
  const common = {
    folder,
    account,
    asset: EUR,
    feeOf: () => euros('0.20'),
    days: daysOf('sepa'),
    clock: { now: () => Date.now() },
  }
  const open = async (gatherMs = POLL_MS) => {
    const rail = await openBankRail({ ...common, pollMs: POLL_MS, gatherMs, dataFile: join(folder, 'bank.db'), settlementSeconds: 10n })
    cleanups.push(() => rail.close())
    return rail
  }
  const world: World = { bank, folder, open, rail: await open() }
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
  expect(unknown).toMatchObject({ kind: 'received', amount: euros('2.50'), remittance: 'no reference' })
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

test('what a day end repeats is booked once', async () => {
  const world = await createWorld()
  await world.bank.control('POST', '/transfers', { customer: 'customer-1', amount: '3.00', remittance: 'first' })
  await world.bank.control('POST', '/cycle')
  await take(world.rail, 1)
  await world.bank.control('POST', '/transfers', { customer: 'customer-1', amount: '4.00', remittance: 'second' })
  await world.bank.control('POST', '/day-end')
  await world.bank.control('POST', '/transfers', { customer: 'customer-1', amount: '5.00', remittance: 'third' })
  await world.bank.control('POST', '/cycle')
  const seen = await take(world.rail, 3)
  expect(seen.map(({ amount }) => amount)).toEqual([euros('3.00'), euros('4.00'), euros('5.00')])
  await agree(world)
  expect(world.rail.problems()).toEqual([])
})

test('a notification that never came is booked from the statement', async () => {
  const world = await createWorld()
  await world.rail.close()
  await world.bank.control('POST', '/transfers', { customer: 'customer-1', amount: '3.00', remittance: 'lost' })
  await world.bank.control('POST', '/cycle')
  const inbox = join(world.folder, 'inbox')
  for (const name of await readdir(inbox)) if (name.includes('camt054')) await rm(join(inbox, name))
  await world.bank.control('POST', '/day-end')
  world.rail = await world.open()
  expect(await take(world.rail, 1)).toMatchObject([{ kind: 'received', amount: euros('3.00') }])
  await agree(world)
})

test('a closed account is a failure that says so, and nothing is charged', async () => {
  const world = await createWorld()
  const attempt = attemptTo(world.bank.ready.rules.closedIban, '5.00', 'closed')
  await world.rail.send(attempt, { signal })
  await world.bank.control('POST', '/cycle')
  expect(await settle(world.rail, attempt.id)).toEqual({
    kind: 'failed',
    reason: 'invalid_destination',
    detail: 'AC04: the account is closed',
  })
  const again = { amount: euros('5.00'), destination: attempt.destination }
  expect(await world.rail.estimate(again)).toMatchObject({
    kind: 'impossible',
    reason: 'invalid_destination',
    detail: /with AC04 .*name another/,
  })
  await agree(world)
  expect((await world.rail.balances())[0]).toMatchObject({ amount: euros('500.00'), inFlight: [] })
})

test('too little money is a failure for want of liquidity', async () => {
  const world = await createWorld({ openingBalance: '1.00' })
  const attempt = attemptTo(world.bank.ready.customers[0]!.iban, '5.00', 'poor')
  await world.rail.send(attempt, { signal })
  await world.bank.control('POST', '/cycle')
  expect(await settle(world.rail, attempt.id)).toMatchObject({ kind: 'failed', reason: 'insufficient_liquidity' })
})

test('a returned transfer stays settled and its money comes back by the stream', async () => {
  const world = await createWorld()
  const attempt = attemptTo(world.bank.ready.rules.returnedIban, '7.00', 'back')
  await world.rail.send(attempt, { signal })
  await world.bank.control('POST', '/cycle')
  expect(await settle(world.rail, attempt.id)).toMatchObject({ kind: 'settled' })
  await world.bank.control('POST', '/cycle')
  const [charge, back] = await take(world.rail, 2)
  expect(charge).toMatchObject({ kind: 'spent', amount: euros('0.20') })
  expect(back).toMatchObject({ kind: 'received', amount: euros('7.00'), attemptId: attempt.id, reference: 'atback', reason: 'MS03' })
  expect(back?.meaning).toEqual({ words: 'the payee’s bank refuses it, and does not say why', next: 'ask' })
  expect(await world.rail.lookup(attempt.id)).toMatchObject({ kind: 'settled' })
  await agree(world)
})

test('a transfer that the bank corrects is credited once, and what is added is nobody’s', async () => {
  const world = await createWorld()
  const transfer = { customer: 'customer-1', amount: '9.00', remittance: 'mistyped' }
  await world.bank.control('POST', '/transfers', transfer)
  await world.bank.control('POST', '/cycle')
  expect(await take(world.rail, 1)).toMatchObject([{ amount: euros('9.00') }])
  await world.bank.control('POST', '/corrections', { remittance: 'mistyped', amount: '9.50' })
  await world.bank.control('POST', '/cycle')
  const [first, more] = await take(world.rail, 2)
  expect(more).toMatchObject({ kind: 'received', amount: euros('0.50') })
  expect(more!.id).not.toBe(first!.id)
  expect(world.rail.problems()).toMatchObject([{ what: 'the bank has corrected an entry' }])
  await world.bank.control('POST', '/day-end')
  await agree(world)
  expect(world.rail.problems().length).toBe(1)
})

test('a rail closed in the middle of everything pays and books once after it is opened again', async () => {
  const world = await createWorld()
  const { iban } = world.bank.ready.customers[0]!
  await world.rail.send(attemptTo(iban, '1.00', 'before'), { signal })
  await world.bank.control('POST', '/transfers', { customer: 'customer-2', amount: '9.00', remittance: 'meanwhile' })
  await world.rail.close()
  await world.bank.control('POST', '/cycle')
  world.rail = await world.open()
  await world.rail.send(attemptTo(iban, '1.00', 'before'), { signal })
  expect(await settle(world.rail, 'at_before')).toMatchObject({ kind: 'settled' })
  const [first] = await take(world.rail, 1)
  await world.rail.close()
  world.rail = await world.open()
  const rest = await take(world.rail, 1, first!.cursor)
  expect([first, ...rest].map((s) => s?.kind).sort()).toEqual(['received', 'spent'])
  await world.bank.control('POST', '/cycle')
  await agree(world)
  expect(await bankBalance(world)).toBe(euros('507.80').units)
})

test('orders that come together leave in one file, and each has an outcome of its own', async () => {
  const world = await createWorld()
  await world.rail.close()
  world.rail = await world.open(60_000)
  const { customers, rules } = world.bank.ready
  const ibans = [customers[0]!.iban, rules.closedIban, customers[1]!.iban, rules.returnedIban]
  const attempts = ibans.map((iban, i) => attemptTo(iban, `${i + 1}.00`, `m${i}`))
  const acknowledged: string[] = []
  const send = (attempt: Attempt) => world.rail.send(attempt, { signal, acknowledged: () => acknowledged.push(attempt.id) })
  const sent = attempts.map(send)
  await until(() => acknowledged.length === attempts.length)
  expect(await readdir(join(world.folder, 'outbox'))).toEqual([])
  await world.rail.close()
  const outcomes = await Promise.all(sent)
  world.rail = await world.open()
  expect([acknowledged, outcomes.map(({ kind }) => kind)]).toEqual([attempts.map(({ id }) => id), ibans.map(() => 'unknown')])
  await world.bank.control('POST', '/cycle')
  const ends = []
  for (const { id } of attempts) ends.push(await settle(world.rail, id))
  expect(ends.map((end) => (end.kind === 'failed' ? end.reason : end.kind))).toEqual([
    'settled',
    'invalid_destination',
    'settled',
    'settled',
  ])
  expect((await readdir(join(world.folder, 'taken'))).length).toBe(1)
  await world.bank.control('POST', '/cycle')
  const found = await take(world.rail, 4)
  expect(found.filter(({ kind }) => kind === 'received')).toMatchObject([{ amount: euros('4.00'), attemptId: 'at_m3', reason: 'MS03' }])
  await agree(world)
  expect(world.rail.problems()).toEqual([])
})

test('what waits for its file is under way, also to who asks; closing lets it leave', async () => {
  const world = await createWorld()
  await world.rail.close()
  world.rail = await world.open(60_000)
  const attempt = attemptTo(world.bank.ready.customers[0]!.iban, '1.00', 'waits')
  const sent = world.rail.send(attempt, { signal })
  await until(async () => (await world.rail.lookup(attempt.id)).kind === 'unknown')
  await world.rail.close()
  expect(await sent).toMatchObject({ kind: 'unknown' })
  await world.bank.control('POST', '/cycle')
  expect(await bankBalance(world)).toBe(euros('498.80').units)
})

test('the same attempt sent ten times at once leaves one file', async () => {
  const world = await createWorld()
  const attempt = attemptTo(world.bank.ready.customers[0]!.iban, '2.00', 'ten')
  const outcomes = await Promise.all(Array.from({ length: 10 }, () => world.rail.send(attempt, { signal })))
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['unknown']))
  await world.bank.control('POST', '/cycle')
  await settle(world.rail, attempt.id)
  expect(await bankBalance(world)).toBe(euros('497.80').units)
  expect((await readdir(join(world.folder, 'taken'))).length).toBe(1)
})

test('the same attempt with another amount is never sent and waits for a person', async () => {
  const world = await createWorld()
  const { iban } = world.bank.ready.customers[0]!
  await world.rail.send(attemptTo(iban, '2.00', 'same'), { signal })
  expect(await world.rail.send(attemptTo(iban, '3.00', 'same'), { signal })).toMatchObject({ kind: 'unknown', stuck: true })
  await world.bank.control('POST', '/cycle')
  expect(await bankBalance(world)).toBe(euros('497.80').units)
})

test('a copy of our file at the bank is refused there and fails nothing here', async () => {
  const world = await createWorld()
  const attempt = attemptTo(world.bank.ready.customers[0]!.iban, '2.00', 'copy')
  await world.rail.send(attempt, { signal })
  await until(async () => (await readdir(join(world.folder, 'taken'))).length === 1)
  const [kept] = await readdir(join(world.folder, 'taken'))
  await copyFile(join(world.folder, 'taken', kept!), join(world.folder, 'outbox', 'again.xml'))
  await world.bank.control('POST', '/cycle')
  await agree(world)
  expect(await settle(world.rail, attempt.id)).toMatchObject({ kind: 'settled' })
  expect(await bankBalance(world)).toBe(euros('497.80').units)
  expect(world.rail.problems()).toEqual([])
})

test('a cut file is refused with its reason, nothing of it is booked, and the next files go on', async () => {
  const world = await createWorld()
  await world.bank.control('POST', '/transfers', { customer: 'customer-1', amount: '3.00', remittance: 'whole' })
  await world.bank.control('POST', '/cycle')
  await take(world.rail, 1)
  const archive = join(world.folder, 'archive')
  const name = (await readdir(archive)).find((one) => one.includes('camt054'))!
  const text = await readFile(join(archive, name), 'utf8')
  await writeFile(join(world.folder, 'inbox', '00-cut.xml'), text.slice(0, text.length / 2))
  await copyFile(join(archive, name), join(world.folder, 'inbox', '01-other-name.xml'))
  // As long as a name can be: with its hash before it, it would be too long.
  await writeFile(join(world.folder, 'inbox', `02-${'n'.repeat(248)}.xml`), text.slice(1))
  await world.bank.control('POST', '/transfers', { customer: 'customer-1', amount: '4.00', remittance: 'after' })
  await world.bank.control('POST', '/cycle')
  expect((await take(world.rail, 2)).map(({ amount }) => amount)).toEqual([euros('3.00'), euros('4.00')])
  const details = world.rail.problems().map(({ detail }) => detail)
  expect(details.find((one) => one.startsWith('00-cut.xml'))).toContain('not well-formed XML')
  expect(details.find((one) => one.startsWith('01-other-name.xml'))).toContain('the same file was taken before')
  const rejected = await readdir(join(world.folder, 'inbox', 'rejected'))
  expect(rejected.filter((one) => one.endsWith('.reason.txt')).length).toBe(3)
  await agree(world)
})

test('an attempt nobody sent was never sent, and what can not be paid is refused before a file', async () => {
  const world = await createWorld()
  const { iban } = world.bank.ready.customers[0]!
  expect(await world.rail.lookup('at_nobody')).toMatchObject({ kind: 'failed', reason: 'never_sent' })
  expect(await world.rail.send(attemptTo(iban, '1.005', 'part'), { signal })).toMatchObject({ kind: 'failed', reason: 'rejected_by_rail' })
  expect(await world.rail.estimate(attemptTo(iban, '1.005', 'part'))).toMatchObject({ kind: 'impossible' })
  expect(await world.rail.send({ ...attemptTo(iban, '1.00', 'dear'), feeMax: euros('0.19') }, { signal })).toMatchObject({
    reason: 'fee_above_limit',
  })
  expect(world.rail.check({ kind: 'iban', iban: iban.replace(/.$/, '9'), name: 'Customer 1' })).toContain('not a valid IBAN')
  expect(world.rail.check({ kind: 'iban', iban, name: 'Zoë' })).toContain('SEPA')
  expect(world.rail.check({ kind: 'evm_address', address: '0x00' })).toContain('IBAN')
  expect(world.rail.check({ kind: 'iban', iban: iban.toLowerCase(), name: 'Customer 1' })).toBeUndefined()
  const request = { amount: euros('0.002'), ref: '0x01', expiresAt: 0, description: '' } as const
  await expect(world.rail.offer(request)).rejects.toThrow('invalid_amount')
})

test('a bank that works by its own clock, day after day, agrees after traffic both ways', async () => {
  const world = await createWorld({ cycleMs: 60, cyclesPerDay: 2 })
  const ids = ['1', '2', '3', '4', '5'] as const
  for (const id of ids) {
    await world.bank.control('POST', '/transfers', { customer: 'customer-2', amount: '1.10', remittance: id })
    await world.rail.send(attemptTo(world.bank.ready.customers[0]!.iban, '2.00', id), { signal })
  }
  for (const id of ids) expect(await settle(world.rail, `at_${id}`)).toMatchObject({ kind: 'settled' })
  const settlements = await take(world.rail, 10)
  expect(new Set(settlements.map(({ id }) => id)).size).toBe(10)
  await agree(world)
  expect((await world.rail.balances())[0]).toMatchObject({ amount: euros('494.50'), inFlight: [] })
  expect(world.rail.problems()).toEqual([])
})

test('a data file of another account is refused', async () => {
  const world = await createWorld()
  await world.rail.close()
  const account = { ...world.bank.ready.account, iban: world.bank.ready.customers[0]!.iban }
  const options = {
    folder: world.folder,
    dataFile: join(world.folder, 'bank.db'),
    asset: EUR,
    feeOf: () => euros('0'),
    days: daysOf('sepa'),
    clock: { now: () => 0 },
  }
  await expect(openBankRail({ ...options, account })).rejects.toThrow('rail_unavailable')
})

test('without any statement the balance is not known, which refuses no payout, and a person sees what to do', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bank-rail-'))
  cleanups.push(() => rm(folder, { recursive: true, force: true }))
  const account = { iban: 'DE93999999990000000001', name: 'Switchyard', townName: 'Berlin', country: 'DE' }
  const rail = await openBankRail({
    folder,
    dataFile: join(folder, 'bank.db'),
    account,
    asset: EUR,
    feeOf: () => euros('0.20'),
    days: daysOf('sepa'),
    clock: { now: () => 0 },
  })
  cleanups.push(() => rail.close())
  await expect(rail.balances()).rejects.toThrow('rail_unavailable')
  await expect(rail.estimate(attemptTo('DE89370400440532013000', '1.00', 'x'))).rejects.toThrow('rail_unavailable')
  expect(rail.problems()).toMatchObject([{ what: 'the bank has not sent a statement yet', detail: expect.stringContaining('inbox/') }])
})
