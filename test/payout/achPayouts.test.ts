import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openAchRail } from '../../adapters/bank/achRail.ts'
import { USD } from '../../gateway/money/asset.ts'
import { money, parseAmount } from '../../gateway/money/money.ts'
import { daysOf } from '../../gateway/payouts/calendar/schemes.ts'
import type { Outcome } from '../../gateway/ports/outcome.ts'
import type { Sender } from '../../gateway/ports/sender.ts'
import { bai2Statement } from '../../world/bank/us/bai2Statement.ts'
import { createUsBank } from '../../world/bank/us/usBank.ts'
import { openUsCounter } from '../../world/bank/us/usCounter.ts'
import { FUNDS, openBankWings, START_MS } from './bankWings.ts'
import { USDC } from './payoutWorld.ts'
import { openReconcileRooms } from './reconcileWorld.ts'

const OWN = {
  routing: '121042882',
  account: '1000000001',
  type: 'checking',
  name: 'Switchyard',
  companyId: '1123456789',
  bankName: 'A bank',
} as const
const DAY_MS = 86_400_000
const WAIT = { timeout: 20_000, interval: 20 }
const dollars = (text: string) => parseAmount(text, USD)
const payee = (account: string) => ({ kind: 'us_account', routing: '021000021', account, type: 'checking', name: 'Mia Weber' }) as const

/** The same rail, which wants to be asked again at once where it would be asked by the day. */
function impatient(sender: Sender): Sender {
  const soon = (outcome: Outcome) => (outcome.kind === 'unknown' ? { ...outcome, checkAfterMs: 20 } : outcome)
  return {
    ...sender,
    send: async (...given) => soon(await sender.send(...given)),
    lookup: async (...given) => soon(await sender.lookup(...given)),
  }
}

/** Payouts over an account at a US bank with two ways, and that bank, whose days end when it is told. */
async function openAchWings({ sameDayFee = '0.552', chargeCents = 0n } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'ach-payouts-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const setup = { routing: OWN.routing, account: OWN.account, openingCents: 5_000n, chargeCents, startDate: '2027-01-15' }
  const bank = createUsBank(setup)
  const counter = await openUsCounter(folder, bank)
  await counter.deliver([bank.opening()])
  const rail = await openAchRail({
    folder,
    account: OWN,
    dataFile: join(folder, 'bank-us.db'),
    // Files of a day that is further ahead are refused.
    clock: { now: () => Math.max(START_MS, Date.parse(bank.date()) - 6 * DAY_MS) },
    pollMs: 20,
    gatherMs: 20,
    wording: { purpose: 'wages', usual: 'PAYOUT', balanced: false },
    ordinary: { days: daysOf('ach'), feeOf: () => dollars('0.50') },
    sameDay: { days: daysOf('ach_same_day'), feeOf: () => dollars(sameDayFee) },
  })
  onTestFinished(() => rail.close())
  await expect
    .poll(
      () =>
        rail.balances().then(
          () => true,
          () => false,
        ),
      WAIT,
    )
    .toBe(true)
  const holds = [{ rail: 'rail:bank:us:account', amount: money(USD, FUNDS) }]
  const closing = [{ rail: 'bank:us', days: rail.closedDays }] as const
  const w = await openBankWings((wings) => openReconcileRooms(wings, { closing }), {
    senders: [impatient(rail), impatient(rail.sameDay!)],
    receivers: [rail],
    holds,
  })
  async function begin(account: string, terms: { deliverBy?: number } = {}) {
    const order = {
      source: w.source,
      amount: money(USDC, 20_000_000n),
      destinations: [payee(account)],
      reference: 'invoice 7',
      createdBy: 'test',
    }
    const { id } = await w.payouts.create({ ...order, ...terms })
    const files: string[] = []
    const collect = async () => files.push(...(await counter.collect()))
    await expect.poll(collect, WAIT).toBe(1)
    return { id, file: files[0]!.split('\n') }
  }
  const status = (id: string) => w.payouts.get(id).status
  return { ...w, ...w.above, bank, rail, counter, begin, status }
}

test('a payout goes by the cheaper of two ways of one account, and is settled by the day’s statement', async () => {
  const w = await openAchWings({ sameDayFee: '0.99' })
  const { id, file } = await w.begin('5550001')
  const { decisionId } = w.payouts.get(id)
  const weighed = w.payouts.decision(decisionId!).candidates.map(({ rail }) => rail)
  expect(weighed.sort()).toEqual(['bank:us', 'bank:us-same-day'])
  // Tuesday: Monday is Martin Luther King's day.
  expect(file[1]).toContain('PPDPAYROLL         270119')
  expect(file[2]).toMatch(/^622021000021 ?5550001/)
  await w.counter.dayEnd()
  await w.counter.dayEnd()
  await expect.poll(() => w.status(id), WAIT).toBe('settled')
  expect(w.payouts.get(id).attempts).toMatchObject([{ rail: 'bank:us' }])
  expect(w.has('rail:bank:us:account', USD)).toBe(-(FUNDS - 20_000_000n))
})

test('over a long weekend the quicker way is worth its five cents more', async () => {
  const w = await openAchWings()
  const { file } = await w.begin('5550003')
  expect(file[1]).toContain('PPDPAYROLL   SD1300270115')
})

test('who must be paid today is paid by the quicker way, from the same account', async () => {
  const w = await openAchWings()
  const { id, file } = await w.begin('5550002', { deliverBy: START_MS + 12 * 3_600_000 })
  expect(file[1]).toContain('PPDPAYROLL   SD1300270115')
  await w.counter.dayEnd()
  await expect.poll(() => w.status(id), WAIT).toBe('settled')
  expect(w.payouts.get(id).attempts).toMatchObject([{ rail: 'bank:us-same-day' }])
  expect(w.has('rail:bank:us:account', USD)).toBe(-(FUNDS - 20_000_000n))
})

test('a payout that comes back days after it was settled is given back with its code, and its account is not paid again', async () => {
  const w = await openAchWings()
  const { id } = await w.begin('L0355501')
  for (let day = 0; day < 2; day++) await w.counter.dayEnd()
  await expect.poll(() => w.status(id), WAIT).toBe('settled')
  for (let day = 0; day < 10; day++) await w.counter.dayEnd()
  await expect.poll(() => w.status(id), WAIT).toBe('returned')
  expect(w.payouts.get(id)).toMatchObject({ returned: { reason: 'R03', amount: { amount: '20', code: 'USD' } } })
  expect([w.has(w.source, USDC), w.has('suspense:bank:us', USD)]).toEqual([FUNDS, 0n])
  const again = await w.rail.estimate({ amount: dollars('20'), destination: payee('L0355501') })
  expect(again).toMatchObject({ kind: 'impossible', reason: 'invalid_destination', detail: expect.stringContaining('R03') })
})

test('a payee’s bank that corrects an account is heard: the next payment goes to the new one, and a person is told', async () => {
  const w = await openAchWings()
  const { id } = await w.begin('C0155501')
  for (let day = 0; day < 4; day++) await w.counter.dayEnd()
  await expect.poll(() => w.rail.problems().map(({ what }) => what), WAIT).toEqual(['the bank has corrected the account of a payee'])
  expect(w.rail.problems()[0]!.detail).toBe('Mia Weber, 021000021/C0155501/checking: C01 777000777')
  await expect.poll(() => w.status(id), WAIT).toBe('settled')
  const { file } = await w.begin('C0155501')
  expect(file[2]).toContain('622021000021777000777')
})

test('statements of a US bank are compared line by line: both ways of the account, what came back, the charge, and what nobody ordered', async () => {
  const w = await openAchWings({ chargeCents: 25n })
  const ordinary = await w.begin('R0355502', {})
  const sameDay = await w.begin('5550004', { deliverBy: START_MS + 12 * 3_600_000 })
  for (let day = 0; day < 4; day++) await w.counter.dayEnd()
  await expect.poll(() => [w.status(ordinary.id), w.status(sameDay.id)], WAIT).toEqual(['returned', 'settled'])
  const read = async () => (await w.reconciliation.run()).map(({ lines, matched, breaks }) => [lines, matched, breaks])
  // The opening and four days: two payments, two charges, one return.
  const days: Awaited<ReturnType<typeof read>> = []
  await expect.poll(async () => days.push(...(await read())), WAIT).toBe(5)
  expect(days.reduce(([a, b, c], [lines, matched, breaks]) => [a! + lines!, b! + matched!, c! + breaks!], [0, 0, 0])).toEqual([5, 5, 0])
  expect(await read()).toEqual([])

  // A bank that debits what nobody ordered, and a fee of which the books know nothing yet.
  const about = { date: '2027-01-22', opening: 0n, closing: -1_300n }
  const booking = { type: '475', cents: 1_300n, reference: 'B99', customerReference: '', text: 'CHECK 1044' }
  await w.counter.deliver([
    { kind: 'bai2', text: bai2Statement({ ...about, bookings: [booking] }, { account: OWN.account, bank: OWN.routing }) },
  ])
  await expect.poll(read, WAIT).toEqual([[1, 0, 1]])
  const [one] = w.records.list({ limit: 9, after: undefined })
  expect(one).toMatchObject({
    rail: 'bank:us',
    kind: 'unexpected',
    account: 'rail:bank:us:account',
    moved: { units: 13_000_000n },
    text: 'CHECK 1044',
  })
})

test('a file that a US bank debits with another sum is one break of its payments', async () => {
  const w = await openAchWings()
  const { file } = await w.begin('5550005')
  await w.reconciliation.run()
  const name = file[1]!.slice(20, 40).trim()
  const about = { date: '2027-01-19', opening: 5_000n, closing: 2_900n }
  const booking = { type: '466', cents: 2_100n, reference: 'B1', customerReference: name, text: 'ACH SETTLEMENT' }
  await w.counter.deliver([
    { kind: 'bai2', text: bai2Statement({ ...about, bookings: [booking] }, { account: OWN.account, bank: OWN.routing }) },
  ])
  await expect.poll(async () => (await w.reconciliation.run()).map(({ breaks }) => breaks), WAIT).toEqual([1])
  const [one] = w.records.list({ limit: 9, after: undefined })
  expect(one).toMatchObject({ kind: 'amount', expected: { units: 20_000_000n }, moved: { units: 21_000_000n } })
})
