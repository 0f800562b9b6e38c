import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { LightningRail } from '../../adapters/lightning/embedded/rail.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import type { AttemptId } from '../../gateway/ports/ids.ts'
import type { Settlement } from '../../gateway/ports/receiver.ts'
import type { Destination } from '../../gateway/ports/sender.ts'
import { type LightningWorld, openRouterChannel, startLightningWorld } from './lightningWorld.ts'

let world: LightningWorld
let rail: LightningRail
let lastAttempt = 0

beforeAll(async () => {
  world = await startLightningWorld()
  rail = await world.openRail()
  await openRouterChannel(world, rail)
})
afterAll(() => world?.close())

type CustomerInvoice = { invoice: string; paymentHash: string }
const invoiceOf = (amountMsat: bigint) => world.ask<CustomerInvoice>('/invoice', { amountMsat: String(amountMsat), description: 'payout' })
const pay = (invoice: string, maxFeeMsat = 10_000n) =>
  world.ask<{ preimage: string; feeMsat: string }>('/pay', { invoice, maxFeeMsat: String(maxFeeMsat) })

async function offer(amountMsat: bigint, lifeMs = 60_000) {
  const terms = await rail.offer({ amount: money(BTC, amountMsat), ref: '0x01', expiresAt: Date.now() + lifeMs, description: 'an article' })
  if (terms.wire.kind !== 'bolt11') throw new Error('a Lightning offer is an invoice')
  return { terms, invoice: terms.wire.invoice }
}

async function firstSettlements(from: LightningRail, after: string, count: number): Promise<Settlement[]> {
  const seen: Settlement[] = []
  for await (const settlement of from.settlements(after, { signal: AbortSignal.timeout(10_000) })) {
    seen.push(settlement)
    if (seen.length === count) break
  }
  return seen
}

function attempt(destination: Destination, amountMsat: bigint, feeMaxMsat: bigint) {
  const id: AttemptId = `at_${++lastAttempt}`
  return { id, amount: money(BTC, amountMsat), feeMax: money(BTC, feeMaxMsat), destination, reference: 'payout' }
}
const send = (a: ReturnType<typeof attempt>) => rail.send(a, { signal: AbortSignal.timeout(20_000) })

/** Once no HTLC is left: the balance is the sum of what the node reports. */
async function restingBalance(): Promise<bigint> {
  for (let tries = 0; tries < 500; tries++) {
    const [balance] = await rail.balances()
    if (balance && balance.inFlight.length === 0) return balance.amount.units
  }
  throw new Error('an HTLC stays')
}

describe('money in', () => {
  test('a payment over two hops is reported once, with the preimage that opens its hash', async () => {
    const before = await restingBalance()
    const { terms, invoice } = await offer(2_000n)
    const paid = await pay(invoice)
    const [settlement] = await firstSettlements(rail, '', 1)
    expect(settlement).toMatchObject({
      kind: 'received',
      rail: 'lightning',
      place: 'node',
      id: terms.reference,
      reference: terms.reference,
    })
    expect(settlement?.amount).toEqual(money(BTC, 2_000n))
    expect(settlement?.proof).toBe(paid.preimage)
    expect(createHash('sha256').update(Buffer.from(paid.preimage, 'hex')).digest('hex')).toBe(terms.reference)
    expect(await restingBalance()).toBe(before + 2_000n)
  })

  test('an invoice is good until the time it was asked for', async () => {
    const { terms, invoice } = await offer(1_000n, 90_000)
    const said = /^lnbcrt/.test(invoice) && rail.check({ kind: 'lightning_invoice', invoice })
    expect(said).toContain('our own')
    expect(terms.expiresAt).toBeGreaterThan(Date.now() + 80_000)
  })

  test('an invoice that is paid cannot be paid again', async () => {
    const { invoice } = await offer(3_000n)
    await pay(invoice)
    const before = await restingBalance()
    await expect(pay(invoice)).rejects.toThrow(/already_used/)
    expect(await restingBalance()).toBe(before)
  })

  test('a stream opened at a cursor sees what came after it, and nothing twice', async () => {
    const first = await firstSettlements(rail, '', 2)
    const { terms, invoice } = await offer(4_000n)
    const next = firstSettlements(rail, first[1]!.cursor, 1)
    await pay(invoice)
    expect((await next).map(({ id }) => id)).toEqual([terms.reference])
  })
})

describe('money out', () => {
  test('a payout to an invoice is settled with its real fee and its preimage', async () => {
    const before = await restingBalance()
    const { invoice, paymentHash } = await invoiceOf(5_000n)
    const estimate = await rail.estimate({ amount: money(BTC, 5_000n), destination: { kind: 'lightning_invoice', invoice } })
    expect(estimate).toMatchObject({ kind: 'possible', fee: money(BTC, 1_000n) })
    const outcome = await send(attempt({ kind: 'lightning_invoice', invoice }, 5_000n, 2_000n))
    expect(outcome).toMatchObject({ kind: 'settled', evidence: { id: paymentHash }, fee: money(BTC, 1_000n) })
    const proof = outcome.kind === 'settled' ? outcome.evidence.proof : undefined
    expect(
      createHash('sha256')
        .update(Buffer.from(proof ?? '', 'hex'))
        .digest('hex'),
    ).toBe(paymentHash)
    expect(await restingBalance()).toBe(before - 6_000n)
  })

  test('a payout to a node needs no invoice', async () => {
    const before = await restingBalance()
    const outcome = await send(attempt({ kind: 'lightning_node', nodeId: world.ready.customer.nodeId }, 7_000n, 2_000n))
    expect(outcome).toMatchObject({ kind: 'settled', fee: money(BTC, 1_000n) })
    expect(await restingBalance()).toBe(before - 8_000n)
  })

  test('a payout to a node carries its records, and a payee gives back what it must know and does not', async () => {
    const payee = await world.openRail(`${world.dataDir}-records`)
    await openRouterChannel(world, payee)
    const records = [
      { type: '7629169', value: Buffer.from('{"podcast":"a show","action":"boost"}').toString('hex') },
      { type: '65537', value: '' },
    ]
    const to = (given: typeof records): Destination => ({ kind: 'lightning_node', nodeId: payee.nodeId, records: given })
    const paid = await send(attempt(to(records), 3_000n, 2_000n))
    expect(paid).toMatchObject({ kind: 'settled' })
    const [settlement] = await firstSettlements(payee, '', 1)
    expect(settlement).toMatchObject({ kind: 'received', amount: money(BTC, 3_000n) })
    expect([...(settlement?.records ?? [])].sort((a, b) => a.type.localeCompare(b.type))).toEqual([records[1], records[0]])
    const unknown = [{ type: '65536', value: '00' }]
    expect(await send(attempt(to(unknown), 3_000n, 2_000n))).toMatchObject({ kind: 'failed', reason: 'rejected_by_payee' })
    expect(rail.check(to([{ type: '5482373484', value: '' }]))).toMatch(/not the keysend's own/)
    expect((await payee.balances())[0]?.amount.units).toBe(5_000_003_000n)
    await payee.close()
  })

  test('the same attempt sent again, at once and later, pays once', async () => {
    const before = await restingBalance()
    const { invoice } = await invoiceOf(9_000n)
    const once = attempt({ kind: 'lightning_invoice', invoice }, 9_000n, 2_000n)
    const outcomes = await Promise.all([send(once), send(once), send(once)])
    outcomes.push(await send(once), await rail.lookup(once.id))
    for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0])
    expect(outcomes[0]).toMatchObject({ kind: 'settled' })
    // Also when the invoice has expired since: an attempt that was begun is followed.
    const later = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 7_200_000)
    const afterwards = await send(once).finally(() => later.mockRestore())
    expect(afterwards).toEqual(outcomes[0])
    expect(await restingBalance()).toBe(before - 10_000n)
  })

  test('another attempt at an invoice we paid is refused and moves nothing', async () => {
    const { invoice } = await invoiceOf(1_000n)
    const destination: Destination = { kind: 'lightning_invoice', invoice }
    await send(attempt(destination, 1_000n, 2_000n))
    const before = await restingBalance()
    expect(await send(attempt(destination, 1_000n, 2_000n))).toMatchObject({ kind: 'failed', reason: 'already_used' })
    expect(await restingBalance()).toBe(before)
  })

  test('a fee limit below the route is kept, and a higher one then pays the same invoice', async () => {
    const { invoice } = await invoiceOf(5_000n)
    const destination: Destination = { kind: 'lightning_invoice', invoice }
    const before = await restingBalance()
    expect(await send(attempt(destination, 5_000n, 999n))).toMatchObject({ kind: 'failed', reason: 'fee_above_limit' })
    expect(await restingBalance()).toBe(before)
    expect(await send(attempt(destination, 5_000n, 1_000n))).toMatchObject({ kind: 'settled' })
  })

  test('more than the channel holds is refused for want of liquidity', async () => {
    const { invoice } = await invoiceOf(6_000_000_000n)
    const destination: Destination = { kind: 'lightning_invoice', invoice }
    expect(await rail.estimate({ amount: money(BTC, 6_000_000_000n), destination })).toMatchObject({ reason: 'insufficient_liquidity' })
    const outcome = await send(attempt(destination, 6_000_000_000n, 10_000_000n))
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'insufficient_liquidity' })
  })

  test('an attempt that was never sent is looked up as such', async () => {
    expect(await rail.lookup('at_never')).toMatchObject({ kind: 'failed', reason: 'never_sent' })
  })

  test('a caller who stops waiting learns nothing, and the look-up tells later', async () => {
    const { invoice } = await invoiceOf(2_000n)
    const one = attempt({ kind: 'lightning_invoice', invoice }, 2_000n, 2_000n)
    const stop = new AbortController()
    const sending = rail.send(one, { signal: stop.signal })
    stop.abort()
    expect(await sending).toMatchObject({ kind: 'unknown' })
    let outcome = await rail.lookup(one.id)
    while (outcome.kind === 'unknown') outcome = await rail.lookup(one.id)
    expect(outcome).toMatchObject({ kind: 'settled', fee: money(BTC, 1_000n) })
  })
})

describe('a restart', () => {
  test('keeps channel and balance, and a stream goes on at its cursor', async () => {
    const before = await restingBalance()
    const channels = (await rail.status()).channels.map(({ id }) => id)
    const all = await firstSettlements(rail, '', 3)
    await rail.close()
    rail = await world.openRail()
    expect((await rail.status()).channels.map(({ id }) => id)).toEqual(channels)
    expect(await restingBalance()).toBe(before)
    expect(await firstSettlements(rail, '', 3)).toEqual(all)
    const { terms, invoice } = await offer(6_000n)
    const next = firstSettlements(rail, all[2]!.cursor, 1)
    await pay(invoice)
    expect((await next).map(({ id }) => id)).toEqual([terms.reference])
  })

  test('a second node on the same folder is refused while the first runs', async () => {
    await expect(world.openRail(world.dataDir)).rejects.toMatchObject({ code: 'rail_unavailable' })
  })
})

describe('a BOLT 12 offer', () => {
  test('of ours is paid twice, each payment told under the offer, and asked for again it is the same', async () => {
    const before = await restingBalance()
    const { offer, reference } = await rail.reusableOffer('shop')
    expect(await rail.reusableOffer('shop')).toEqual({ offer, reference })
    expect((await rail.reusableOffer('other')).reference).not.toBe(reference)
    const paid: { paymentHash: string; preimage: string }[] = []
    for (const amountMsat of ['5000', '7000']) paid.push(await world.ask('/payOffer', { offer, amountMsat }))
    const told: Settlement[] = []
    for await (const settlement of rail.settlements('', { signal: AbortSignal.timeout(10_000) })) {
      if (settlement.reference === reference) told.push(settlement)
      if (told.length === 2) break
    }
    expect(told.map(({ id, amount, proof }) => [id, amount.units, proof])).toEqual([
      [paid[0]!.paymentHash, 5_000n, paid[0]!.preimage],
      [paid[1]!.paymentHash, 7_000n, paid[1]!.preimage],
    ])
    expect(await restingBalance()).toBe(before + 12_000n)
  })

  test('of a peer is paid once an attempt, and by another attempt again', async () => {
    const before = await restingBalance()
    const { offer } = await world.ask<{ offer: string }>('/offer', {})
    const destination: Destination = { kind: 'lightning_offer', offer }
    expect(rail.check(destination)).toBeUndefined()
    expect(await rail.estimate({ amount: money(BTC, 6_000n), destination })).toMatchObject({ kind: 'possible', fee: money(BTC, 0n) })
    const one = attempt(destination, 6_000n, 2_000n)
    const outcome = await send(one)
    expect(outcome).toMatchObject({ kind: 'settled', fee: money(BTC, 0n) })
    const { id, proof } = outcome.kind === 'settled' ? outcome.evidence : { id: '', proof: '' }
    const digest = createHash('sha256')
      .update(Buffer.from(proof ?? '', 'hex'))
      .digest('hex')
    expect(digest).toBe(id)
    expect(await send(one)).toEqual(outcome)
    expect(await send(attempt(destination, 6_000n, 2_000n))).toMatchObject({ kind: 'settled' })
    expect(await restingBalance()).toBe(before - 12_000n)
  })

  test('that is none is refused before anything is asked', async () => {
    expect(rail.check({ kind: 'lightning_offer', offer: 'lnbc1' })).toBe('this is not a BOLT 12 offer')
    const broken: Destination = { kind: 'lightning_offer', offer: `lno1${'q'.repeat(60)}` }
    expect(await send(attempt(broken, 6_000n, 2_000n))).toMatchObject({ kind: 'failed', reason: 'invalid_destination' })
  })
})
