import { setImmediate as turn } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { countedLightning } from '../../../test/paidRoute/countedRails.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { BTC } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { Receiver } from '../../ports/receiver.ts'
import { createInvoicePool } from './invoicePool.ts'

function opened(offer?: Receiver['offer']) {
  const now = { ms: 1_800_000_000_000 }
  const lightning = countedLightning()
  const receiver: Receiver = {
    rail: 'lightning',
    asset: BTC,
    offer: offer ?? lightning.offer,
    settlements: () => expect.unreachable('nothing is paid here'),
  }
  const pool = createInvoicePool({ receiver, clock: { now: () => now.ms } })
  const take = (asker = 'net', units = 2_000n) => pool.take({ amount: money(BTC, units), description: 'a joke', ref: '0x', asker })
  const made = () => lightning.asked.filter((name) => name === 'offer').length
  return { now, take, made }
}

/** Until the node has nothing to do. */
async function rested(made: () => number): Promise<number> {
  for (let before = -1; before !== made(); await turn()) before = made()
  return made()
}

test('of what is asked for once, no other invoice is made', async () => {
  const { take, made } = opened()
  for (let units = 1n; units <= 50n; units++) await take('net', 1_000n * units)
  expect(await rested(made)).toBe(50)
})

test('however often it is asked, no more than sixteen wait that nobody asked for, and each is handed out once', async () => {
  const { take, made } = opened()
  const handed = new Set<string>()
  for (let round = 0; round < 20; round++) {
    const offers = await Promise.all(Array.from({ length: 30 }, (_, i) => take(`net ${i}`)))
    for (const { reference } of offers) handed.add(reference)
  }
  expect(handed.size).toBe(600)
  expect(await rested(made)).toBeLessThanOrEqual(616)
})

test('what grew old in the pool is handed to nobody, and less is made ahead', async () => {
  const { now, take, made } = opened()
  for (let i = 0; i < 4; i++) await take()
  const before = await rested(made)
  now.ms += 121_000
  const { expiresAt } = await take()
  expect(expiresAt - now.ms).toBeGreaterThanOrEqual(300_000)
  expect(made()).toBeGreaterThan(before)
})

test('who waits for a node that fails is told, and the next one gets an invoice', async () => {
  const { offer } = countedLightning()
  const flaky = vi.fn<Receiver['offer']>(offer).mockRejectedValueOnce(new GatewayError('rail_unavailable', 'the node is away'))
  const { take } = opened(flaky)
  await expect(take()).rejects.toMatchObject({ code: 'rail_unavailable' })
  expect(await take()).toMatchObject({ rail: 'lightning' })
})

test('one who asks for a thousand invoices at once leaves room to wait to another', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const { offer } = countedLightning()
  const { take } = opened(async (request) => {
    await promise
    return offer(request)
  })
  const greedy = Promise.allSettled(Array.from({ length: 1_000 }, () => take('greedy')))
  const other = take('other')
  resolve()
  expect(await other).toMatchObject({ rail: 'lightning' })
  expect((await greedy).filter(({ status }) => status === 'rejected').length).toBeGreaterThan(400)
})
