import { afterAll, describe } from 'vitest'
import { until } from '../e2e/yard.ts'
import { holdInvoicesBehave } from './holdInvoices.ts'
import { type LightningWorld, openRouterChannel, startLightningWorld } from './lightningWorld.ts'

let world: LightningWorld | undefined
afterAll(() => world?.close(), 30_000)

describe('on the embedded node', () => {
  holdInvoicesBehave(async () => {
    const started = await startLightningWorld()
    world = started
    const rail = await started.openRail()
    await openRouterChannel(started, rail)
    return {
      holds: rail.holds,
      receiver: rail,
      pay: (invoice) => started.ask('/pay', { invoice }),
      async restart() {
        const before = rail.processId()
        process.kill(before!, 'SIGKILL')
        await until('another process of the node', async () => rail.processId() !== before && rail.processId() !== undefined)
      },
    }
  })
})
