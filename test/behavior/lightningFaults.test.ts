import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { pubECDSA } from '@scure/btc-signer/utils.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LightningRail } from '../../adapters/lightning/embedded/rail.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import type { Outcome } from '../../gateway/ports/outcome.ts'
import type { Destination } from '../../gateway/ports/sender.ts'
import { until } from '../../world/lightning/until.ts'
import { type LightningBook, lightningBook } from './lightningBook.ts'
import { attemptAt, outcomeOf } from './lightningCalls.ts'
import { type LightningWorld, openRouterChannel, startLightningWorld } from './lightningWorld.ts'

const DEADLINE_MS = 30_000
const FEE_MSAT_MAX = 5_000n

let world: LightningWorld
let rail: LightningRail
let book: LightningBook

beforeAll(async () => {
  world = await startLightningWorld()
  rail = await world.openRail()
  await openRouterChannel(world, rail)
  book = await lightningBook(rail)
})
afterAll(async () => {
  await book?.close()
  await world?.close()
})

const toInvoice = (invoice: string): Destination => ({ kind: 'lightning_invoice', invoice })
const invoiceOf = (amountMsat: bigint) =>
  world.ask<{ invoice: string; paymentHash: string }>('/invoice', { amountMsat: String(amountMsat), description: 'payout' })

const attempt = (destination: Destination, amountMsat: bigint) => attemptAt(destination, amountMsat, FEE_MSAT_MAX)

async function pay(one: ReturnType<typeof attempt>): Promise<Outcome> {
  const outcome = await rail.send(one, { signal: AbortSignal.timeout(DEADLINE_MS) })
  book.paid(one, outcome)
  return outcome
}

const ready = (of: LightningRail) =>
  until(
    DEADLINE_MS,
    'the node is back',
    async () => (await of.status().catch(() => undefined))?.channels.some(({ usable }) => usable) === true,
  )

async function kill(of: LightningRail): Promise<void> {
  await until(DEADLINE_MS, 'the node runs', () => of.processId() !== undefined)
  process.kill(of.processId()!, 'SIGKILL')
}

describe('a node that is killed', () => {
  test.each([0, 2, 20, 60, 500])('%i ms after a pay call has one outcome, and sent again under its id pays once', async (ms) => {
    await ready(rail)
    const amount = 11_000n + BigInt(ms)
    const one = attempt(toInvoice((await invoiceOf(amount)).invoice), amount)
    const sending = rail.send(one, { signal: AbortSignal.timeout(DEADLINE_MS) })
    if (ms > 0) await sleep(ms)
    await kill(rail)
    const told = await sending
    const outcome = await outcomeOf(rail, one.id)
    if (told.kind === 'settled') expect(outcome).toEqual(told)
    else expect(told.kind).toBe('unknown')
    // What was never sent may be sent: it is the same attempt, so the same payment, if there is one.
    await ready(rail)
    const again = await rail.send(one, { signal: AbortSignal.timeout(DEADLINE_MS) })
    if (outcome.kind === 'settled') expect(again).toEqual(outcome)
    if (outcome.kind === 'failed' && outcome.reason !== 'never_sent') expect(again).toEqual(outcome)
    book.paid(one, again)
    await book.equal()
    expect((await rail.status()).closed).toBe(0n)
  })

  test('while it holds a payment for us still holds it afterwards, and takes it', async () => {
    const payee = await world.openRail(`${world.dataDir}-payee`)
    await openRouterChannel(world, payee)
    const theirs = await lightningBook(payee)
    const preimage = randomBytes(32)
    const hash = createHash('sha256').update(preimage).digest('hex')
    const amount = 21_000n
    const wanted = { hash, amount: money(BTC, amount), expiresAt: Date.now() + 600_000, holdableMs: 3_600_000, description: 'waits' }
    const { invoice } = await payee.holds.hold(wanted)
    const one = attempt(toInvoice(invoice), amount)
    const sending = rail.send(one, { signal: AbortSignal.timeout(DEADLINE_MS) })
    await until(DEADLINE_MS, 'the payee holds', async () => (await payee.holds.lookup(hash)).kind === 'held')
    await kill(payee)
    await ready(payee)
    expect((await rail.lookup(one.id)).kind).toBe('unknown')
    expect(await payee.holds.lookup(hash)).toMatchObject({ kind: 'held', amount: money(BTC, amount) })
    await payee.holds.settle(hash, preimage.toString('hex'))
    const outcome = await sending
    expect(outcome).toMatchObject({ kind: 'settled', evidence: { id: hash, proof: preimage.toString('hex') } })
    book.paid(one, outcome)
    await book.equal()
    expect((await theirs.equal()).node).toBe(theirs.opening + amount)
    await theirs.close()
    await payee.close()
  })
})

test('an invoice that two gateways pay at once is paid by one of them, and the other has its money back', async () => {
  const other = await world.openRail(`${world.dataDir}-other`)
  await openRouterChannel(world, other)
  const theirs = await lightningBook(other)
  for (let round = 0; round < 3; round++) {
    const { invoice } = await invoiceOf(31_000n)
    const [one, two] = [attempt(toInvoice(invoice), 31_000n), attempt(toInvoice(invoice), 31_000n)]
    const signal = AbortSignal.timeout(DEADLINE_MS)
    const outcomes = await Promise.all([rail.send(one, { signal }), other.send(two, { signal })])
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['failed', 'settled'])
    expect(outcomes.find(({ kind }) => kind === 'failed')).toMatchObject({ reason: 'rejected_by_payee' })
    book.paid(one, outcomes[0])
    theirs.paid(two, outcomes[1])
  }
  await book.equal()
  await theirs.equal()
  await theirs.close()
  await other.close()
})

describe('a payment that cannot be', () => {
  // BOLT 11's own examples, for mainnet and long expired.
  const donation =
    'lnbc1pvjluezsp5zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zygspp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqypqdpl2pkx2ctnv5sxxmmwwd5kgetjypeh2ursdae8g6twvus8g6rfwvs8qun0dfjkxaq9qrsgq357wnc5r2ueh7ck6q93dj32dlqnls087fxdwk8qakdyafkq3yap9us6v52vjjsrvywa6rt52cm9r9zqt8r2t7mlcwspyetp5h2tztugp9lfyql'

  test('is refused at once, with its reason, when the invoice is for another network', async () => {
    expect(rail.check(toInvoice(donation))).toBe('the invoice is for mainnet, this node is on regtest')
    expect(await pay(attempt(toInvoice(donation), 1_000n))).toMatchObject({ kind: 'failed', reason: 'invalid_destination' })
    await book.equal()
  })

  test('is refused when the invoice has expired meanwhile', async () => {
    const request = { amountMsat: '1000', lifeMs: 1_000 }
    const { invoice } = await world.ask<{ invoice: string }>('/invoice', request)
    const good = rail.check(toInvoice(invoice))
    expect(good === undefined || good.includes('expired')).toBe(true)
    await until(DEADLINE_MS, 'it expires', () => rail.check(toInvoice(invoice))?.includes('the invoice expired at') === true)
    const refused = await pay(attempt(toInvoice(invoice), 1_000n))
    expect(refused).toMatchObject({ kind: 'failed', reason: 'invalid_destination', detail: expect.stringContaining('expired at') })
    await book.equal()
  })

  test('is told as it came when a wallet pays an invoice of ours too late: LDK goes by the time of the newest block', async () => {
    const terms = await rail.offer({ amount: money(BTC, 1_007n), ref: '0x01', expiresAt: Date.now() + 1_000, description: 'short' })
    if (terms.wire.kind !== 'bolt11') throw new Error('a Lightning offer is an invoice')
    await sleep(terms.expiresAt - Date.now() + 1_000)
    await world.ask('/pay', { invoice: terms.wire.invoice })
    await until(DEADLINE_MS, 'it is told', () => book.seen.some(({ id, amount }) => id === terms.reference && amount.units === 1_007n))
    await book.equal()
  })

  test('has no route to a node that nobody knows, and says so before and after', async () => {
    const stranger: Destination = { kind: 'lightning_node', nodeId: Buffer.from(pubECDSA(randomBytes(32))).toString('hex') }
    expect(await rail.estimate({ amount: money(BTC, 1_000n), destination: stranger })).toMatchObject({ reason: 'no_route' })
    expect(await pay(attempt(stranger, 1_000n))).toMatchObject({ kind: 'failed', reason: 'no_route' })
    await book.equal()
  })
})
