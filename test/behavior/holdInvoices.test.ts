import { afterAll, describe, expect, test } from 'vitest'
import { BLOCK_MS } from '../../adapters/lightning/embedded/payments/holds.ts'
import type { LightningRail } from '../../adapters/lightning/embedded/rail.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import { until } from '../e2e/yard.ts'
import { heldOf, holdInvoicesBehave, secret } from './holdInvoices.ts'
import { type LightningWorld, openRouterChannel, startLightningWorld } from './lightningWorld.ts'

let world: LightningWorld
let rail: LightningRail
afterAll(() => world?.close(), 30_000)

async function mine(n: number): Promise<void> {
  const response = await fetch(new URL('/mine', world.ready.chainUrl), { method: 'POST', body: JSON.stringify({ n }) })
  expect(response.status).toBe(200)
}

describe('on the embedded node', () => {
  holdInvoicesBehave(async () => {
    world = await startLightningWorld()
    rail = await world.openRail()
    await openRouterChannel(world, rail)
    return {
      holds: rail.holds,
      receiver: rail,
      pay: (invoice) => world.ask('/pay', { invoice }),
      async restart() {
        const before = rail.processId()
        process.kill(before!, 'SIGKILL')
        await until('another process of the node', async () => rail.processId() !== before && rail.processId() !== undefined)
      },
    }
  })

  test('a payment that nobody decides on goes back when the chain reaches its block, and that is said', async () => {
    const { hash, preimage } = secret()
    const request = { hash, amount: money(BTC, 5_000_000n), expiresAt: Date.now() + 600_000, holdableMs: 1_500_000, description: '' }
    const { invoice } = await rail.holds.hold(request)
    const ended = world.ask('/pay', { invoice }).then(
      () => 'paid',
      () => 'returned',
    )
    const held = await heldOf(rail.holds, hash)
    await mine(3)
    // Three blocks nearer.
    const nearer = await until('the blocks', async () => {
      const state = await rail.holds.lookup(hash)
      return state.kind === 'held' && state.decideBy < held.decideBy - 2 * BLOCK_MS && state
    })
    expect(nearer.amount.units).toBe(5_000_000n)
    // A payer adds blocks to what was asked for, so that the last hop cannot tell that it is the last.
    await mine(Math.ceil((nearer.decideBy - Date.now()) / BLOCK_MS))
    expect(await ended).toBe('returned')
    expect(await rail.holds.lookup(hash)).toEqual({ kind: 'cancelled' })
    expect(await rail.holds.settle(hash, preimage)).toEqual({ kind: 'cancelled' })
  }, 60_000)
})
