import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { EUR } from '../../gateway/money/asset.ts'
import { formatAmount, money, parseAmount } from '../../gateway/money/money.ts'
import type { Settlement } from '../../gateway/ports/receiver.ts'
import type { Attempt } from '../../gateway/ports/sender.ts'
import { startStripe, TEST_KEY } from '../../world/stripe/startStripe.ts'
import { openStripeRail } from './rail.ts'

const euros = (text: string) => parseAmount(text, EUR)
const REF = `0x${'ab'.repeat(32)}` as const
const HOUR_MS = 3_600_000

/** An account that held 50 euros, with two payments, before the rail came. */
async function world() {
  const folder = mkdtempSync(join(tmpdir(), 'stripe-rail-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  let at = Date.now()
  const now = () => at
  const stripe = await startStripe({ currency: 'eur', openingCents: 5_000, feeOf: () => 30, now })
  onTestFinished(() => stripe.close())
  stripe.account.move('charge', 900, 30)
  const open = (secretKey = TEST_KEY, dataFile = 'stripe.db', url = stripe.url) =>
    openStripeRail({
      access: { secretKey, url },
      asset: EUR,
      returnUrl: 'https://shop.example/thanks',
      feeOf: () => euros('0.30'),
      dataFile: join(folder, dataFile),
      clock: { now },
      pollMs: 10,
    })
  const rail = await open()
  onTestFinished(() => rail.close())
  async function told(count: number, after = ''): Promise<Settlement[]> {
    const all: Settlement[] = []
    for await (const one of rail.settlements(after, { signal: AbortSignal.timeout(20_000) })) if (all.push(one) === count) break
    return all
  }
  const attempt = (id: string, account: string, amount: string): Attempt => {
    const destination = { kind: 'custom', rail: 'custom:stripe', account } as const
    const railKey = rail.railKey!(destination, `at_${id}`)!
    return { id: `at_${id}`, amount: euros(amount), feeMax: money(EUR, 0n), destination, reference: id, railKey }
  }
  const send = (one: Attempt) => rail.send(one, { signal: AbortSignal.timeout(20_000) })
  const later = (ms: number) => {
    at += ms
  }
  return { stripe, rail, open, told, attempt, send, later }
}

const line = ({ kind, amount, place, toPlace, attemptId, reference }: Settlement) =>
  [kind, formatAmount(amount), place, toPlace, attemptId, reference].filter((part) => part !== undefined).join(' ')

test('what moved before the rail came is not told, and everything after it is, each in the words of rails', async () => {
  const w = await world()
  const offer = await w.rail.offer({ amount: euros('20'), ref: REF, expiresAt: Date.now() + HOUR_MS, description: 'a thing' })
  if (offer.wire.kind !== 'custom') throw new Error('the wire is that of a custom rail')
  const payment = w.stripe.account.pay(offer.wire.fields['Pay by card']!)
  expect(await w.send(w.attempt('1', 'acct_1234567890', '4'))).toMatchObject({ kind: 'settled' })
  expect(await w.send(w.attempt('2', payment, '3'))).toMatchObject({ kind: 'settled' })
  const { account } = w.stripe
  account.reverse(account.transfersOf('at_1').data[0]!.id)
  account.failRefund(account.refundsOf(payment, {}).data[0]!.id)
  account.payOut(700)
  account.move('payout_reversal', 700)
  account.move('dispute', -500, 1_500)
  account.move('dispute_reversal', 500, -1_500)
  account.move('refund', -200)
  const all = await w.told(11)
  expect(all.map(line)).toEqual([
    `received 20 account ${REF}`,
    'spent 0.3 account',
    'received 4 account at_1',
    'received 3 account at_2',
    'moved 7 account to-bank',
    'moved 7 to-bank account',
    'spent 5 account',
    'spent 15 account',
    'funded 5 account',
    'funded 15 account',
    'spent 2 account',
  ])
  expect(all[0]).toMatchObject({ proof: payment, cursor: expect.stringMatching(/:amount$/) })
  // Behind a cursor in the middle of a transaction comes its fee.
  expect((await w.told(2, all[0]!.cursor)).map(line)).toEqual(['spent 0.3 account', 'received 4 account at_1'])
  expect(w.rail.problems().map(({ detail }) => detail)).toEqual([
    expect.stringMatching(/^refund: 2 EUR out/),
    expect.stringMatching(/^dispute_reversal: 5 EUR in/),
    expect.stringMatching(/^dispute: 5 EUR out/),
  ])
  const [balance, toBank] = await w.rail.balances()
  expect(balance).toMatchObject({ cursor: all.at(-1)!.cursor, amount: euros('76.4'), told: euros('17.7') })
  expect(toBank).toMatchObject({ place: 'to-bank', amount: euros('7') })
})

test('a request whose answer was lost is one payment, whoever asks and however often', async () => {
  const w = await world()
  const one = w.attempt('1', 'acct_1234567890', '4')
  w.stripe.hush('after')
  expect(await w.rail.send(one, { signal: AbortSignal.timeout(50) })).toMatchObject({ kind: 'unknown' })
  w.stripe.hush('none')
  await expect.poll(() => w.rail.lookup(one.id, one)).toMatchObject({ kind: 'settled', evidence: { id: expect.stringMatching(/^tr_/) } })
  expect(await w.send(one)).toMatchObject({ kind: 'settled' })
  expect(w.stripe.account.got('acct_1234567890')).toBe(400)
})

test('one that never came there is sent under its own key while Stripe knows the key, and never after', async () => {
  const w = await world()
  const [soon, late] = [w.attempt('1', 'acct_1234567890', '4'), w.attempt('2', 'acct_1234567899', '4')]
  for (const one of [soon, late]) {
    w.stripe.hush('cut')
    expect(await w.send(one)).toMatchObject({ kind: 'unknown' })
    w.stripe.hush('none')
  }
  expect(await w.rail.lookup(soon.id, soon)).toMatchObject({ kind: 'settled' })
  w.later(13 * HOUR_MS)
  expect(await w.rail.lookup(late.id, late)).toEqual({ kind: 'failed', reason: 'never_sent' })
  expect(await w.send(late)).toEqual({ kind: 'failed', reason: 'never_sent' })
  expect([w.stripe.account.got('acct_1234567890'), w.stripe.account.got('acct_1234567899')]).toEqual([400, 0])
})

test('a clock that was set back ends nothing', async () => {
  const w = await world()
  const one = w.attempt('1', 'acct_1234567890', '4')
  w.stripe.hush('cut')
  await w.send(one)
  w.stripe.hush('none')
  w.later(-HOUR_MS)
  expect(await w.rail.lookup(one.id, one)).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('clock') })
  w.later(2 * HOUR_MS)
  await expect.poll(() => w.rail.lookup(one.id, one)).toMatchObject({ kind: 'settled' })
})

test('what is listed late, behind what was read, is told all the same, and once', async () => {
  const w = await world()
  w.later(HOUR_MS)
  w.stripe.account.move('charge', 1_000)
  const all: string[] = []
  for await (const one of w.rail.settlements('', { signal: AbortSignal.timeout(20_000) })) {
    all.push(line(one))
    if (all.length === 1) w.stripe.account.moveLate('charge', 700, 300)
    if (all.length === 2) w.stripe.account.move('charge', 500)
    if (all.length === 3) break
  }
  expect(all).toEqual(['received 10 account', 'received 7 account', 'received 5 account'])
})

test('a refund that waits is not known, and one that came to nothing has failed and is in no stream', async () => {
  const w = await world()
  const offer = await w.rail.offer({ amount: euros('20'), ref: REF, expiresAt: Date.now() + HOUR_MS, description: 'a thing' })
  if (offer.wire.kind !== 'custom') throw new Error('the wire is that of a custom rail')
  const { account } = w.stripe
  const payment = account.pay(offer.wire.fields['Pay by card']!)
  account.makeRefunds('pending')
  const one = w.attempt('1', payment, '3')
  expect(await w.send(one)).toMatchObject({ kind: 'unknown', detail: 'the refund is pending' })
  account.failRefund(account.refundsOf(payment, {}).data[0]!.id)
  expect(await w.rail.lookup(one.id, one)).toEqual({ kind: 'failed', reason: 'rejected_by_payee', detail: 'the refund is failed' })
  account.move('charge', 100)
  expect((await w.told(3)).map(line)).toEqual([`received 20 account ${REF}`, 'spent 0.3 account', 'received 1 account'])
  expect(await w.send(w.attempt('2', 'pi_9999999999', '1'))).toMatchObject({ kind: 'failed', reason: 'invalid_destination' })
})

test('an older copy of the file pays nothing again, and a new key of the account opens it', async () => {
  const w = await world()
  const one = w.attempt('1', 'acct_1234567890', '4')
  await w.send(one)
  const older = await w.open(TEST_KEY, 'older.db')
  onTestFinished(() => older.close())
  older.railKey!(one.destination, one.id)
  expect(await older.lookup(one.id, one)).toMatchObject({ kind: 'settled' })
  expect(w.stripe.account.got('acct_1234567890')).toBe(400)
})

test('a wrong key, another account and another currency are refused when it is opened', async () => {
  const w = await world()
  await expect(w.open('sk_test_another', 'other.db')).rejects.toThrow(/Stripe: .*Invalid API Key/)
  w.stripe.account.move('charge', 100)
  await w.told(1)
  const other = await startStripe({ currency: 'eur', openingCents: 0, feeOf: () => 0, now: () => Date.now() })
  onTestFinished(() => other.close())
  await expect(w.open(TEST_KEY, 'stripe.db', other.url)).rejects.toThrow('is of another account at Stripe')
  const dollars = await startStripe({ currency: 'usd', openingCents: 0, feeOf: () => 0, now: () => Date.now() })
  onTestFinished(() => dollars.close())
  await expect(w.open(TEST_KEY, 'other.db', dollars.url)).rejects.toThrow('holds no EUR')
})
