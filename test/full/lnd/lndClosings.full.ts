// Needs the program go: real LND and btcd are built once into the user's cache folder.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  addPeer,
  closeChannel,
  createChainAddress,
  getChainBalance,
  getChannels,
  getClosedChannels,
  openChannel,
  sendToChainAddress,
} from 'lightning'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { BTC } from '../../../gateway/money/asset.ts'
import { formatAmount, money, parseAmount } from '../../../gateway/money/money.ts'
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

/** What verify says of LND's own coins: how far they are from the books, in msat. Positive where LND has more. */
async function walletRow() {
  const { body } = await yard.call<Verification>('GET', '/v1/verify')
  const row = body.rails.find(({ account }) => account === 'rail:lightning:wallet')
  if (!row) return { off: undefined, verdict: undefined, ok: body.ok }
  const units = parseAmount(row.difference.replace('-', ''), BTC).units
  return { off: row.difference.startsWith('-') ? -units : units, verdict: row.verdict, ok: body.ok }
}

/** The transactions that the status names as nobody's wish. */
async function unexplained() {
  const { body } = await yard.call<{ on_chain: { unexplained: object[] } }>('GET', '/v1/lightning')
  return body.on_chain.unexplained
}

const walletOff = (off: bigint) => vi.waitFor(async () => expect((await walletRow()).off).toBe(off), { timeout: 60_000, interval: 500 })

test('what the operator puts into LND’s wallet, turns over in it and opens a channel with is no alarm', async () => {
  const { alice, carol, btcd } = network
  await walletOff(0n)
  const { address } = await createChainAddress({ lnd: alice.lnd, format: 'p2wpkh' })
  await btcd.pay([address], 5_000_000n)
  expect(await walletRow()).toEqual({ off: 0n, verdict: 'equal', ok: true })
  await network.mine(1)
  await walletOff(0n)
  await sendToChainAddress({ lnd: alice.lnd, address, tokens: 1_000_000 })
  expect(await walletRow()).toEqual({ off: 0n, verdict: 'equal', ok: true })
  await network.mine(1)
  const { off } = await channelsRow()
  await addPeer({ lnd: alice.lnd, public_key: carol.nodeId, socket: `127.0.0.1:${carol.peerPort}` }).catch(() => undefined)
  await openChannel({ lnd: alice.lnd, partner_public_key: carol.nodeId, local_tokens: 1_000_000, chain_fee_tokens_per_vbyte: 5 })
  expect(await walletRow()).toEqual({ off: 0n, verdict: 'equal', ok: true })
  await network.mine(6)
  await until('the channel is open', async () => {
    const { channels } = await getChannels({ lnd: alice.lnd })
    return channels.some(({ partner_public_key }) => partner_public_key === carol.nodeId)
  })
  await vi.waitFor(async () => expect((await channelsRow()).off).toBe(off), { timeout: 60_000, interval: 500 })
  expect(await walletRow()).toEqual({ off: 0n, verdict: 'equal', ok: true })
}, 300_000)

test('a channel that opened since the books began closes without an alarm', async () => {
  const { lnd } = network.alice
  const { off } = await channelsRow()
  const { channels } = await getChannels({ lnd })
  const { transaction_id, transaction_vout } = channels.find(({ partner_public_key }) => partner_public_key === network.carol.nodeId)!
  await closeChannel({ lnd, transaction_id, transaction_vout })
  expect(await walletRow()).toMatchObject({ off: 0n, verdict: 'equal' })
  expect(await unexplained()).toEqual([])
  await until('LND calls the channel closed', async () => {
    await network.mine(1)
    await walletOff(0n)
    const { channels: over } = await getClosedChannels({ lnd })
    return over.some((channel) => channel.transaction_id === transaction_id)
  })
  await vi.waitFor(async () => expect((await channelsRow()).off).toBeLessThan(off + 1_000n), { timeout: 60_000, interval: 500 })
  await walletOff(0n)
  expect(await unexplained()).toEqual([])
}, 300_000)

test('coins that somebody sends out of LND’s wallet are missing in verify at once, to the satoshi, and named', async () => {
  const { alice, bob } = network
  await walletOff(0n)
  const { chain_balance: before } = await getChainBalance({ lnd: alice.lnd })
  const { address } = await createChainAddress({ lnd: bob.lnd, format: 'p2wpkh' })
  const { id } = await sendToChainAddress({ lnd: alice.lnd, address, tokens: 200_000 })
  const stolen = await walletRow()
  expect(stolen).toMatchObject({ verdict: 'break', ok: false })
  await network.mine(6)
  const { chain_balance: after } = await getChainBalance({ lnd: alice.lnd })
  const gone = BigInt(before - after) * 1_000n
  expect(gone).toBeGreaterThan(200_000_000n)
  expect(stolen.off).toBe(-gone)
  expect(await walletRow()).toEqual(stolen)
  expect(await unexplained()).toEqual([{ transaction: id, msat: `${gone}` }])
  // It was the operator.
  const amount = formatAmount(money(BTC, gone))
  const adjustment = { debit: 'capital:operator', credit: 'rail:lightning:wallet', asset: 'BTC', amount }
  const grounds = { reason: 'taken home', evidence: { text: id } }
  expect(await yard.call('POST', '/v1/suspense/adjust', { body: { ...adjustment, ...grounds } })).toMatchObject({ status: 201 })
  expect(await walletRow()).toEqual({ off: 0n, verdict: 'equal', ok: true })
}, 300_000)

test('a gateway that lost the rail’s own file books nothing twice', async () => {
  const { off } = await channelsRow()
  await yard.kill()
  for (const file of ['lnd.db', 'lnd.db-wal', 'lnd.db-shm']) rmSync(join(yard.dataDir, 'lightning-lnd', file), { force: true })
  await yard.start()
  await walletOff(0n)
  // What was told again has been claimed by now.
  const { address } = await createChainAddress({ lnd: network.alice.lnd, format: 'p2wpkh' })
  await network.btcd.pay([address], 1_000_000n)
  await network.mine(1)
  await walletOff(0n)
  expect((await channelsRow()).off).toBe(off)
}, 300_000)
