import { afterAll, beforeAll, expect, test } from 'vitest'
import { BTC } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import type { Destination } from '../../gateway/ports/sender.ts'
import { type LightningPayouts, startLightningPayouts } from './lightningPayouts.ts'

/** 100,000 USD a bitcoin: 2 cents. */
const AMOUNT = money(BTC, 20_000n)
const HELD = 130
/** A busy machine's patience; a payment that is kept waiting by others waits for their 30 seconds, again and again. */
const WAIT = { timeoutMs: 20_000 }
const [ATTACKER, HONEST, PAYEE] = ['pa_1', 'pa_2', 'pa_3'] as const

let all: LightningPayouts
beforeAll(async () => {
  all = await startLightningPayouts([ATTACKER, HONEST])
}, 240_000)
afterAll(() => all?.close(), 60_000)

function create(party: string, destination: Destination) {
  return all.payouts.create({ source: `party:${party}`, amount: AMOUNT, destinations: [destination], reference: '', createdBy: party })
}

async function pay(party: string, destination: Destination) {
  return all.payouts.wait((await create(party, destination)).id, WAIT)
}

async function invoice(
  path: '/hold' | '/invoice',
  wanted: object = path === '/hold' ? {} : { description: 'honest' },
): Promise<Destination> {
  const { invoice } = await all.world.ask<{ invoice: string }>(path, { amountMsat: String(AMOUNT.units), ...wanted })
  return { kind: 'lightning_invoice', invoice }
}

test('a payment of two cents is not locked for as long as its payee likes', async () => {
  const days = await invoice('/hold', { holdableMs: 700 * 300_000 })
  const refused = { reason: 'invalid_destination', detail: expect.stringMatching(/hold the money for 72\d blocks.* at most 432/) }
  expect(await pay(ATTACKER, days)).toMatchObject({ status: 'failed', attempts: [], failure: { reasons: [refused] } })
}, 120_000)

test('a party that lets many payments wait at their payee keeps nobody else from being paid', async () => {
  for (let i = 0; i < HELD; i++) await create(ATTACKER, await invoice('/hold'))
  expect(await pay(HONEST, { kind: 'party', party: PAYEE })).toMatchObject({ status: 'settled', rail: 'book' })
  expect(await pay(HONEST, await invoice('/invoice'))).toMatchObject({ status: 'settled', rail: 'lightning' })
  expect(await pay(HONEST, await invoice('/invoice', { payee: 'router' }))).toMatchObject({ status: 'settled', rail: 'lightning' })
}, 180_000)
