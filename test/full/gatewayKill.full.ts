import { afterAll, beforeAll, expect, test } from 'vitest'
import { byLightning, byX402, carryOut, cutOff, type Errand, fromBalance, payout } from '../e2e/traffic.ts'
import { balanceOf, control, partyWith, startYard, undividedUnits, units, until, verified, type Yard } from '../e2e/yard.ts'

type Payout = { status: string; failure?: { code: string; reasons: { rail: string; reason: string }[] } }

const KILLS = 10
const WORKERS = 6
const PAID_EUR_UNITS = 1_852n
const PRICE_UNITS = 2_000n

let yard: Yard
beforeAll(async () => {
  yard = await startYard()
}, 90_000)
afterAll(() => yard?.close(), 30_000)

test('after ten kills in the middle of mixed traffic every acknowledged payment is there once and every rail agrees', async () => {
  const [payer, worker] = await Promise.all([partyWith(yard, { name: 'payer', eur: '50.00' }), partyWith(yard, { name: 'worker' })])
  await fund(worker.id)
  const { body: split } = await yard.call<{ payees: { party: string }[] }>('GET', `/v1/splits/${yard.split()}`)
  const before = await Promise.all(split.payees.map(async (p) => units(await balanceOf(yard, p.party, 'USDC'))))

  const done: Errand[] = []
  let stopping = false
  const errands = [
    () => fromBalance(yard, payer.key),
    () => byX402(yard),
    () => fromBalance(yard, payer.key),
    () => byLightning(yard),
    () =>
      payout(yard, {
        party: worker.id,
        amount: '0.01',
        destination: { kind: 'evm_address', address: '0x00000000000000000000000000000000000b0b02' },
      }),
    () =>
      payout(yard, {
        party: worker.id,
        amount: '0.05',
        destination: { kind: 'lightning_node', node_id: yard.world.lightning.customer.nodeId },
      }),
    () =>
      payout(yard, {
        party: worker.id,
        amount: '0.05',
        destination: { kind: 'iban', iban: yard.world.bank.customers[0]!.iban, name: 'Worker' },
      }),
  ]
  const workers = Array.from({ length: WORKERS }, async (_, w) => {
    for (let i = w; !stopping; i++) await carryOut(errands[i % errands.length]!(), (errand) => done.push(errand))
  })
  for (let kill = 0; kill < KILLS; kill++) {
    // A different moment each time, spread over what a request, a commit, a collection and a payout take.
    await new Promise((resolve) => setTimeout(resolve, 300 + kill * 90))
    await yard.kill()
    await yard.start()
  }
  stopping = true
  await Promise.all(workers)

  const paid = done.filter((e) => e.kind !== 'payout' && e.status === 200)
  const interrupted = done.filter((e) => e.status === 409 || cutOff(e))
  expect(
    done
      .filter((e) => ![200, 201, 409].includes(e.status) && !cutOff(e))
      .slice(0, 3)
      .map((e) => `${e.kind} ${e.status} ${e.body}`),
  ).toEqual([])
  expect(interrupted.every((e) => e.body.includes('request_interrupted') || cutOff(e))).toBe(true)
  expect(new Set(paid.map((e) => e.kind))).toEqual(new Set(['book', 'x402', 'lightning']))

  // Each acknowledged payment is there once: the same request again has the same receipt, and no two share one.
  for (const errand of paid) {
    const again: Errand = { ...errand, receipt: undefined }
    await carryOut(again, () => undefined)
    expect({ id: errand.id, status: again.status, receipt: again.receipt }).toEqual({
      id: errand.id,
      status: 200,
      receipt: errand.receipt,
    })
  }
  expect(new Set(paid.map((e) => e.receipt)).size).toBe(paid.length)

  // Every attempt is resolved.
  const payouts = done.filter((e) => e.kind === 'payout').map((e) => (JSON.parse(e.body) as { id: string }).id)
  expect(new Set(payouts).size).toBe(payouts.length)
  const ends = await Promise.all(
    payouts.map((id) =>
      until(`payout ${id}`, async () => {
        const { body } = await yard.call<Payout>('GET', `/v1/payouts/${id}`)
        return (body.status === 'settled' || body.status === 'failed') && body
      }),
    ),
  )
  const failed = ends.filter(({ status }) => status === 'failed')
  expect(failed.length).toBeLessThan(ends.length)

  // The balances say the same: what the payer gave, what the payees got, what waits on chain.
  const verification = await verified(yard)
  expect([...verification.rails, ...verification.splits].filter((r) => r.verdict !== 'equal')).toEqual([])
  expect(verification).toMatchObject({ ok: true, journal: { verdict: 'unbroken' } })
  const count = (kind: string) => BigInt(paid.filter((e) => e.kind === kind).length)
  expect(units(await balanceOf(yard, payer.id, 'EUR'))).toBe(50_000_000n - count('book') * PAID_EUR_UNITS)
  const after = await Promise.all(split.payees.map(async (p) => units(await balanceOf(yard, p.party, 'USDC'))))
  const earned = after.reduce((a, b) => a + b, 0n) - before.reduce((a, b) => a + b, 0n)
  expect(earned).toBe((count('book') + count('lightning')) * PRICE_UNITS)
  expect(await undividedUnits(yard)).toBe(count('x402') * PRICE_UNITS)
  console.log(
    `kill test: ${paid.length} paid requests, ${interrupted.length} interrupted and given back, ${payouts.length} payouts, ` +
      `${failed.length} failed ${JSON.stringify(failed.map(({ failure }) => failure?.reasons))}`,
  )
}, 240_000)

/** Earns the worker a balance to be paid out of. */
async function fund(party: string): Promise<void> {
  const { body } = await yard.call<{ id: string; offers: { rail: string; pay: { invoice?: string } }[] }>('POST', '/v1/payment_intents', {
    body: { amount: { asset: 'USD', amount: '20' }, payee: party },
  })
  await control(yard.world.lightning.controlUrl, '/pay', { invoice: body.offers.find((o) => o.rail === 'lightning')!.pay.invoice })
  await until('the funds', async () => (await balanceOf(yard, party, 'USDC')) === '20')
}
