// Needs the program go: real LND and btcd are built once into the user's cache folder.
import { closeChannel, getChannels, getClosedChannels } from 'lightning'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { BTC } from '../../../gateway/money/asset.ts'
import { parseAmount } from '../../../gateway/money/money.ts'
import { startYard, until, type Verification, type Yard } from '../../e2e/yard.ts'
import { leastMacaroons } from './lndWorld.ts'
import { type LndNetwork, startNetwork } from './startNetwork.ts'

let network: LndNetwork
let yard: Yard
beforeAll(async () => {
  network = await startNetwork()
  // One to close together, one to close by force.
  await network.join(network.alice, network.bob)
  const { socket, cert } = network.alice
  yard = await startYard({ extra: { lightning: { lnd: { socket, cert, macaroon: await leastMacaroons(network.alice) } } } })
}, 1_200_000)
afterAll(async () => {
  await yard?.close()
  await network?.close()
}, 60_000)

/** What verify says of the channels: how far LND is from the books, in msat, and its verdict. */
async function channelsRow() {
  const { body } = await yard.call<Verification>('GET', '/v1/verify')
  const row = body.rails.find(({ account }) => account === 'rail:lightning:node')
  return { off: parseAmount(row!.difference.replace('-', ''), BTC).units, verdict: row!.verdict }
}

/** Closes one channel of Alice's and mines until LND calls it closed. */
async function closed(o: { is_force_close: boolean }): Promise<void> {
  const { lnd } = network.alice
  const { channels } = await getChannels({ lnd })
  const { transaction_id, transaction_vout } = channels[0]!
  const which = { lnd, transaction_id, transaction_vout }
  await closeChannel(o.is_force_close ? { ...which, is_force_close: true } : which)
  // The gateway looks every five seconds, and here at once; blocks come slower than that.
  await channelsRow()
  await until('LND calls the channel closed', async () => {
    await network.btcd.mine(1)
    const { channels: over } = await getClosedChannels({ lnd })
    return over.some((channel) => channel.transaction_id === transaction_id)
  })
}

test.each([
  ['together with its peer', false],
  ['by force', true],
])(
  'a channel that closes %s leaves the books as whole as they were, but for parts of a satoshi',
  async (_, is_force_close) => {
    const { off } = await channelsRow()
    await closed({ is_force_close })
    await vi.waitFor(async () => expect((await channelsRow()).off).toBeLessThan(off + 1_000n), { timeout: 60_000, interval: 500 })
    expect((await channelsRow()).verdict).not.toBe('break')
    expect((await yard.call<Verification>('GET', '/v1/verify')).body.ok).toBe(true)
  },
  300_000,
)
