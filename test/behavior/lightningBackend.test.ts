import { describe } from 'vitest'
import type { LightningRail } from '../../adapters/lightning/embedded/rail.ts'
import { until } from '../e2e/yard.ts'
import { type BackendWorld, lightningBackendBehaves } from './lightningBackend.ts'
import { openRouterChannel, startLightningWorld } from './lightningWorld.ts'
import { silenced } from './silenced.ts'

async function embeddedWorld(): Promise<BackendWorld> {
  const world = await startLightningWorld()
  let rail: LightningRail = await world.openRail()
  await openRouterChannel(world, rail)
  return {
    rail: () => rail,
    reopen: async () => {
      await rail.close()
      rail = await world.openRail()
    },
    restartNode: async () => {
      const before = rail.processId()
      process.kill(before!, 'SIGKILL')
      await until('another process of the node', async () => rail.processId() !== before && rail.processId() !== undefined)
    },
    silence: () => silenced(world.processId),
    customer: {
      nodeId: world.ready.customer.nodeId,
      invoice: (amountMsat) => {
        const amount = amountMsat === undefined ? {} : { amountMsat: String(amountMsat) }
        return world.ask('/invoice', { ...amount, description: 'payout' })
      },
      pay: (invoice) => world.ask('/pay', { invoice }),
      async balanceMsat() {
        const { customer } = await world.ask<{ customer: { ownMsat: string; claimedMsat: string } }>('/status')
        return BigInt(customer.ownMsat) + BigInt(customer.claimedMsat)
      },
    },
    close: world.close,
  }
}

describe('on the embedded node', () => lightningBackendBehaves(embeddedWorld))
