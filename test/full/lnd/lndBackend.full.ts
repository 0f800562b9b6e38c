// Needs the program go: real LND and btcd are built once into the user's cache folder.
import { setTimeout as sleep } from 'node:timers/promises'
import { describe } from 'vitest'
import { holdInvoicesBehave } from '../../behavior/holdInvoices.ts'
import { lightningBackendBehaves } from '../../behavior/lightningBackend.ts'
import { type LndWorld, startLndWorld } from './lndWorld.ts'

const WRITTEN_DOWN_MS = 500
let world: LndWorld

describe('on LND', () => {
  lightningBackendBehaves(async () => {
    world = await startLndWorld()
    return world
  })
  describe('held invoices', () => {
    holdInvoicesBehave(async () => ({
      holds: world.rail().holds,
      receiver: world.rail(),
      pay: world.customer.pay,
      // An LND that is killed at the moment of acceptance gives the payment back (see lndFaults.full.ts): here it has had time to write it down.
      restart: async () => {
        await sleep(WRITTEN_DOWN_MS)
        await world.restartNode()
      },
    }))
  })
})
