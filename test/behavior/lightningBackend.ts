import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { railCases } from '../../gateway/conformance/railCases.ts'
import type { RailUnderTest } from '../../gateway/conformance/railUnderTest.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import type { Receiver } from '../../gateway/ports/receiver.ts'
import type { Destination, Sender } from '../../gateway/ports/sender.ts'
import type { Statement } from '../../gateway/ports/statement.ts'
import { attemptAt, firstSettlements, offerOf, outcomeOf, restingBalance } from './lightningCalls.ts'
import { signedInvoice } from './signedInvoice.ts'

/** A Lightning rail, whatever node is behind it. */
export type LightningBackend = Receiver & Sender & Statement & Readonly<{ nodeId: string; close: () => Promise<void> }>

/**
 * A rail in a small network: our node, a router that asks a base fee of 1,000 msat, and a customer behind it. Our side of the one channel holds
 * 5,000,000 sat at the start. `reopen` closes the rail and opens it again on the same folder; `restartNode` ends the node at once and starts it again.
 */
export type BackendWorld = Readonly<{
  rail: () => LightningBackend
  reopen: () => Promise<void>
  restartNode: () => Promise<void>
  /** Nobody whom the rail asks or pays through answers, until what this answers is called. */
  silence: () => Promise<() => Promise<void>>
  customer: Readonly<{
    nodeId: string
    /** It leaves the amount open when none is named. */
    invoice: (amountMsat?: bigint) => Promise<{ invoice: string; paymentHash: string }>
    /** Rejects when the payment comes back. */
    pay: (invoice: string) => Promise<{ preimage: string }>
    /** What its channels hold for it, in msat. */
    balanceMsat: () => Promise<bigint>
  }>
  close: () => Promise<void>
}>

const STRANGER = `02${'79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798'}`
const sha256 = (hex: string) => createHash('sha256').update(Buffer.from(hex, 'hex')).digest('hex')
const asInvoice = (invoice: string): Destination => ({ kind: 'lightning_invoice', invoice })
const sendOn = (world: () => BackendWorld) => (a: ReturnType<typeof attemptAt>) => {
  const rail = world().rail()
  return rail.send(a, { signal: AbortSignal.timeout(40_000) })
}

/** What every Lightning backend does. A difference between two is a defect of one, or a named ability. */
export function lightningBackendBehaves(open: () => Promise<BackendWorld>): void {
  let opened: BackendWorld
  beforeAll(async () => {
    opened = await open()
  }, 120_000)
  afterAll(() => opened?.close(), 60_000)
  const world = () => opened

  moneyIn(world)
  moneyOut(world)
  openAmounts(world)
  refusals(world)
  restarts(world)
  describe('as every rail does', () => {
    for (const { name, run } of railCases(() => asRail(opened), ['receives', 'silence'])) test(name, run, 120_000)
  })
}

const AMOUNT = money(BTC, 5_000n)

/** The rail as the cases of every rail use it. */
function asRail({ rail, reopen, restartNode, silence, customer }: BackendWorld): RailUnderTest {
  return {
    rail,
    amount: AMOUNT,
    async payee({ units }) {
      const before = await customer.balanceMsat()
      const { invoice } = await customer.invoice(units)
      return { destination: asInvoice(invoice), got: async () => (await customer.balanceMsat()) - before }
    },
    malformed: asInvoice('lnbcrt1nothing'),
    // A node that nobody knows.
    refused: async () => ({ destination: { kind: 'lightning_node', nodeId: STRANGER }, amount: AMOUNT }),
    reopen,
    cut: restartNode,
    silence,
    async pay({ reference, wire }) {
      if (wire.kind !== 'bolt11') throw new Error('a Lightning offer is an invoice')
      await customer.pay(wire.invoice)
      return reference
    },
  }
}

function moneyIn(world: () => BackendWorld): void {
  describe('money in', () => {
    test('a payment over two hops is reported once, to the msat, with the preimage that opens its hash', async () => {
      const before = await restingBalance(world().rail())
      const { terms, invoice } = await offerOf(world().rail(), 2_001n)
      const paid = await world().customer.pay(invoice)
      const [settlement, ...others] = await firstSettlements(world().rail(), '', 1)
      const about = { kind: 'received', rail: 'lightning', place: 'node', id: terms.reference, reference: terms.reference }
      expect(settlement).toMatchObject({ ...about, amount: money(BTC, 2_001n), proof: paid.preimage })
      expect(others).toEqual([])
      expect(sha256(paid.preimage)).toBe(terms.reference)
      expect(await restingBalance(world().rail())).toBe(before + 2_001n)
    }, 60_000)

    test('an invoice that is paid cannot be paid again', async () => {
      const { invoice } = await offerOf(world().rail(), 3_000n)
      await world().customer.pay(invoice)
      const before = await restingBalance(world().rail())
      await expect(world().customer.pay(invoice)).rejects.toThrow()
      expect(await restingBalance(world().rail())).toBe(before)
    }, 60_000)

    test('a stream opened at a cursor sees what came after it, and nothing twice', async () => {
      const first = await firstSettlements(world().rail(), '', 2)
      const next = offerOf(world().rail(), 4_000n)
      const seen = firstSettlements(world().rail(), first[1]!.cursor, 1)
      await world().customer.pay((await next).invoice)
      expect((await seen).map(({ id }) => id)).toEqual([(await next).terms.reference])
    }, 60_000)
  })
}

function moneyOut(world: () => BackendWorld): void {
  const send = sendOn(world)
  describe('money out', () => {
    test('a payout to an invoice is settled with its real fee, apart from the amount, and its preimage', async () => {
      const before = await restingBalance(world().rail())
      const { invoice, paymentHash } = await world().customer.invoice(5_000n)
      const query = { amount: money(BTC, 5_000n), destination: asInvoice(invoice) }
      expect(await world().rail().estimate(query)).toMatchObject({ kind: 'possible', fee: money(BTC, 1_000n) })
      const outcome = await send(attemptAt(asInvoice(invoice), 5_000n, 2_000n))
      expect(outcome).toMatchObject({ kind: 'settled', evidence: { id: paymentHash }, fee: money(BTC, 1_000n) })
      expect(sha256(outcome.kind === 'settled' ? (outcome.evidence.proof ?? '') : '')).toBe(paymentHash)
      expect(await restingBalance(world().rail())).toBe(before - 6_000n)
    }, 60_000)

    test('a payout to a node needs no invoice', async () => {
      const before = await restingBalance(world().rail())
      const outcome = await send(attemptAt({ kind: 'lightning_node', nodeId: world().customer.nodeId }, 7_000n, 2_000n))
      expect(outcome).toMatchObject({ kind: 'settled', fee: money(BTC, 1_000n) })
      expect(await restingBalance(world().rail())).toBe(before - 8_000n)
    }, 60_000)

    test('another attempt at an invoice we paid is refused and moves nothing', async () => {
      const { invoice } = await world().customer.invoice(1_000n)
      await send(attemptAt(asInvoice(invoice), 1_000n, 2_000n))
      const before = await restingBalance(world().rail())
      expect(await send(attemptAt(asInvoice(invoice), 1_000n, 2_000n))).toMatchObject({ kind: 'failed', reason: 'already_used' })
      expect(await restingBalance(world().rail())).toBe(before)
    }, 60_000)

    test('a fee limit below the route is kept, and a higher one then pays the same invoice', async () => {
      const { invoice } = await world().customer.invoice(5_000n)
      const before = await restingBalance(world().rail())
      expect(await send(attemptAt(asInvoice(invoice), 5_000n, 999n))).toMatchObject({ kind: 'failed', reason: 'fee_above_limit' })
      expect(await send(attemptAt(asInvoice(invoice), 5_000n, 0n))).toMatchObject({ kind: 'failed', reason: 'fee_above_limit' })
      expect(await restingBalance(world().rail())).toBe(before)
      expect(await send(attemptAt(asInvoice(invoice), 5_000n, 1_000n))).toMatchObject({ kind: 'settled' })
    }, 60_000)

    test('more than the channel holds is refused for want of liquidity', async () => {
      const { invoice } = await world().customer.invoice(6_000_000_000n)
      const query = { amount: money(BTC, 6_000_000_000n), destination: asInvoice(invoice) }
      expect(await world().rail().estimate(query)).toMatchObject({ kind: 'impossible', reason: 'insufficient_liquidity' })
      const outcome = await send(attemptAt(asInvoice(invoice), 6_000_000_000n, 10_000_000n))
      expect(outcome).toMatchObject({ kind: 'failed', reason: 'insufficient_liquidity' })
    }, 60_000)
  })
}

function openAmounts(world: () => BackendWorld): void {
  const send = sendOn(world)
  test('an invoice that leaves the amount open is paid what the payout says, once, whatever another attempt would pay', async () => {
    const before = await restingBalance(world().rail())
    const { invoice, paymentHash } = await world().customer.invoice()
    expect(world().rail().check(asInvoice(invoice))).toBeUndefined()
    const query = { amount: money(BTC, 6_000n), destination: asInvoice(invoice) }
    expect(await world().rail().estimate(query)).toMatchObject({ kind: 'possible', fee: money(BTC, 1_000n) })
    expect(await send(attemptAt(asInvoice(invoice), 6_000n, 999n))).toMatchObject({ kind: 'failed', reason: 'fee_above_limit' })
    const outcome = await send(attemptAt(asInvoice(invoice), 6_000n, 1_000n))
    expect(outcome).toMatchObject({ kind: 'settled', evidence: { id: paymentHash }, fee: money(BTC, 1_000n) })
    for (const again of [6_000n, 8_000n]) {
      expect(await send(attemptAt(asInvoice(invoice), again, 2_000n))).toMatchObject({ kind: 'failed', reason: 'already_used' })
    }
    expect(await restingBalance(world().rail())).toBe(before - 7_000n)
  }, 60_000)
}

function refusals(world: () => BackendWorld): void {
  const send = sendOn(world)
  describe('what cannot be paid', () => {
    const cases: [string, () => Promise<string> | string, RegExp][] = [
      ['an invoice of another network', () => signedInvoice({ prefix: 'lnbc10u' }), /this node is on regtest/],
      ['an expired invoice', () => signedInvoice({ createdAt: Date.now() - 7_200_000 }), /expired/],
      ['our own invoice', async () => (await offerOf(world().rail(), 1_000_000n)).invoice, /our own/],
      ['what is no invoice', () => 'lnbcrt1nothing', /not a BOLT 11 invoice/],
    ]
    test.each(cases)('%s is refused before it is sent, and says why', async (_, make, why) => {
      const destination = asInvoice(await make())
      const before = await restingBalance(world().rail())
      expect(world().rail().check(destination)).toMatch(why)
      const query = { amount: money(BTC, 1_000_000n), destination }
      expect(await world().rail().estimate(query)).toMatchObject({ kind: 'impossible', reason: 'invalid_destination' })
      const one = attemptAt(destination, 1_000_000n, 10_000n)
      expect(await send(one)).toMatchObject({ kind: 'failed', reason: 'invalid_destination' })
      expect(await world().rail().lookup(one.id)).toMatchObject({ kind: 'failed' })
      expect(await restingBalance(world().rail())).toBe(before)
    })

    test('another amount than the invoice’s is refused', async () => {
      const { invoice } = await world().customer.invoice(5_000n)
      expect(await send(attemptAt(asInvoice(invoice), 5_001n, 10_000n))).toMatchObject({ kind: 'failed', reason: 'invalid_destination' })
      expect(await send(attemptAt(asInvoice(invoice), 4_999n, 10_000n))).toMatchObject({ kind: 'failed', reason: 'invalid_destination' })
    })

    test('a node that nobody knows has no route', async () => {
      const stranger = attemptAt({ kind: 'lightning_node', nodeId: STRANGER }, 1_000n, 10_000n)
      expect(await send(stranger)).toMatchObject({ kind: 'failed', reason: 'no_route' })
    }, 60_000)
  })
}

function restarts(world: () => BackendWorld): void {
  const send = sendOn(world)
  describe('a restart', () => {
    test('of the rail keeps the balance, what was paid, and the place in the stream', async () => {
      const before = await restingBalance(world().rail())
      const { invoice } = await world().customer.invoice(1_000n)
      const one = attemptAt(asInvoice(invoice), 1_000n, 2_000n)
      const outcome = await send(one)
      const all = await firstSettlements(world().rail(), '', 3)
      await world().reopen()
      expect(await world().rail().lookup(one.id)).toEqual(outcome)
      expect(await send(one)).toEqual(outcome)
      expect(await restingBalance(world().rail())).toBe(before - 2_000n)
      expect(await firstSettlements(world().rail(), '', 3)).toEqual(all)
      const next = await offerOf(world().rail(), 6_000n)
      const seen = firstSettlements(world().rail(), all[2]!.cursor, 1)
      await world().customer.pay(next.invoice)
      expect((await seen).map(({ id }) => id)).toEqual([next.terms.reference])
    }, 90_000)

    test('of the node under a payment leaves one outcome, and the balance says the same', async () => {
      const before = await restingBalance(world().rail())
      const { invoice } = await world().customer.invoice(8_000n)
      const one = attemptAt(asInvoice(invoice), 8_000n, 2_000n)
      const sending = send(one)
      await world().restartNode()
      const told = await sending
      const final = await outcomeOf(world().rail(), one.id)
      if (told.kind !== 'unknown') expect(final).toEqual(told)
      expect(await restingBalance(world().rail())).toBe(final.kind === 'settled' ? before - 9_000n : before)
    }, 120_000)
  })
}
