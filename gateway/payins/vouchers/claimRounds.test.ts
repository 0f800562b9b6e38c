import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openVoucherWorld, type VoucherWorld } from '../../../test/vouchers/voucherWorld.ts'
import { isGatewayError } from '../../errors/gatewayError.ts'
import type { Hex } from '../../ports/ids.ts'

const DEPOSIT = 1_000_000n
/** A row costs 30 units of gas in this world, and a claim is worth a hundred times its gas. */
const WORTH = 3_000n
const GATHER_MS = 600_000

let w: VoucherWorld
let id: Hex
beforeEach(async () => {
  w = await openVoucherWorld()
  id = w.hub.deposit(w.terms(0, 1n), DEPOSIT)
  await w.caughtUp()
})
afterEach(() => w.close())

const send = async (cumulative: bigint, o: { payer?: number; channel?: Hex } = {}) => {
  const channel = w.channel(o.channel ?? id)
  await w.accept({ channel, cumulative, signature: await w.sign(o.payer ?? 0, channel.id, cumulative) })
}

describe('a round', () => {
  test('claims what has gathered for ten minutes and is worth its gas, once', async () => {
    await send(WORTH)
    await w.rounds.round()
    expect(w.hub.claims).toBe(0)
    w.time.ms += GATHER_MS
    await w.rounds.round()
    await w.rounds.round()
    await w.caughtUp()
    expect(w.hub.claims).toBe(1)
    expect(w.held()).toMatchObject({ vouched: 0n, shares: [1_500n, 900n, 600n] })
  })

  test('leaves what is not worth its gas, however old', async () => {
    await send(WORTH - 1n)
    w.time.ms += 100 * GATHER_MS
    await w.rounds.round()
    expect(w.hub.claims).toBe(0)
    // Two rows cost twice as much and must bring twice as much.
    const other = w.hub.deposit(w.terms(1, 1n), DEPOSIT)
    await w.caughtUp()
    await send(WORTH, { payer: 1, channel: other })
    await w.rounds.round()
    expect(w.hub.claims).toBe(0)
    await send(WORTH + 1n, { payer: 1, channel: other })
    await w.rounds.round()
    expect(w.hub.claims).toBe(1)
  })

  test('lets what came after a claim gather anew', async () => {
    await send(WORTH)
    w.time.ms += GATHER_MS
    await w.rounds.round()
    await send(3n * WORTH)
    await w.rounds.round()
    expect(w.hub.claims).toBe(1)
    w.time.ms += GATHER_MS
    await w.rounds.round()
    expect(w.hub.claims).toBe(2)
  })

  test('claims at once, at any price, what a payer is about to withdraw, with all of its split', async () => {
    const other = w.hub.deposit(w.terms(1, 1n), DEPOSIT)
    await w.caughtUp()
    await send(1n)
    await send(2n, { payer: 1, channel: other })
    w.hub.requestClose(id)
    await w.rounds.round()
    await w.caughtUp()
    expect([w.hub.claims, w.hub.pot(w.split.splitId), w.held().vouched]).toEqual([1, 3n, 0n])
    w.hub.withdraw(id)
    await w.caughtUp()
    expect(w.settlements.exceptions()).toEqual([])
  })

  test('says so when the chain does not answer, and the next one claims', async () => {
    await send(WORTH)
    w.time.ms += GATHER_MS
    w.hub.setSilent(true)
    const refusal = await w.rounds.round().catch((error: unknown) => error)
    expect(isGatewayError(refusal, 'rail_unavailable')).toBe(true)
    w.hub.setSilent(false)
    await w.rounds.round()
    expect(w.hub.claims).toBe(1)
  })

  test('claims again what the chain took back', async () => {
    await send(WORTH)
    w.time.ms += GATHER_MS
    await w.rounds.round()
    await w.rounds.round()
    w.hub.reorganise(false)
    await w.caughtUp()
    expect(w.held()).toMatchObject({ vouched: WORTH, shares: [0n, 0n, 0n] })
    w.time.ms += GATHER_MS
    await w.rounds.round()
    await w.caughtUp()
    expect([w.hub.claims, w.hub.pot(w.split.splitId), w.held().vouched]).toEqual([2, WORTH, 0n])
  })

  test('after a restart finds what was accepted before it', async () => {
    await send(WORTH)
    await w.close()
    const again = await openVoucherWorld({ journal: w.journal, hub: w.hub })
    again.time.ms += GATHER_MS
    await again.rounds.round()
    await again.caughtUp()
    expect(again.held()).toMatchObject({ vouched: 0n, shares: [1_500n, 900n, 600n] })
    await again.close()
  })
})

test('a claim takes the newest voucher of each channel in one transaction, and two claims at once are one', async () => {
  const other = w.hub.deposit(w.terms(1, 1n), DEPOSIT)
  await w.caughtUp()
  for (const sum of [5n, 6n, 7n]) await send(sum)
  await send(9n, { payer: 1, channel: other })
  const rail = w.hub.chain.rail
  const [one, two] = await Promise.all([w.claim(rail, w.split.splitId), w.claim(rail, w.split.splitId)])
  expect(one).toBe(two)
  expect(one).toMatchObject([{ rows: 2, value: { units: 16n }, outcome: { kind: 'settled' } }])
  await w.caughtUp()
  expect(w.held()).toMatchObject({ vouched: 0n, shares: [8n, 4n, 3n], dust: 1n })
  expect(await w.claim(rail, w.split.splitId)).toEqual([])
})
