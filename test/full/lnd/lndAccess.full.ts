// Needs the program go: real LND and btcd are built once into the user's cache folder.
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { createInvoice, getBackups, getChannels, grantAccess, verifyBackups } from 'lightning'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RECEIVE_METHODS } from '../../../adapters/lightning/lnd/node/access.ts'
import { BTC } from '../../../gateway/money/asset.ts'
import { money } from '../../../gateway/money/money.ts'
import { until } from '../../../world/lightning/until.ts'
import { attemptAt, offerOf, restingBalance } from '../../behavior/lightningCalls.ts'
import { freePorts } from '../../freePorts.ts'
import { type LndWorld, leastMacaroons, payAs, startLndWorld } from './lndWorld.ts'

let world: LndWorld
beforeAll(async () => {
  world = await startLndWorld()
}, 1_200_000)
afterAll(() => world?.close(), 60_000)

const asInvoice = (invoice: string) => ({ kind: 'lightning_invoice', invoice }) as const

describe('what opens the node', () => {
  test('a macaroon to receive cannot pay, and LND’s refusal is final: nothing was sent', async () => {
    const { receive } = await leastMacaroons(world.network.alice)
    const rail = await world.openOn(world.network.alice, { macaroons: { receive, pay: receive } })
    const { invoice } = await world.customer.invoice(1_000n)
    const outcome = await rail.send(attemptAt(asInvoice(invoice), 1_000n, 2_000n), { signal: AbortSignal.timeout(20_000) })
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'rejected_by_rail', detail: expect.stringContaining('permission denied') })
    await rail.close()
  })

  test('the macaroons that docs/lightning.md has an operator bake are enough for everything', async () => {
    const { alice, carol } = world.network
    const page = readFileSync(new URL('../../../docs/lightning.md', import.meta.url), 'utf8')
    const bake = async (name: string) => {
      const command = page
        .slice(page.indexOf(`--save_to ${name}`))
        .split('lncli')[0]!
        .split('```')[0]!
      const permissions = command.match(/uri:\/\S+/g) ?? []
      expect(permissions.length).toBeGreaterThan(4)
      return (await grantAccess({ lnd: alice.lnd, permissions })).macaroon
    }
    const macaroons = { receive: await bake('receive.macaroon'), pay: await bake('pay.macaroon') }
    const rail = await world.openOn(alice, { macaroons })
    await payAs(carol, (await offerOf(rail, 3_000n)).invoice)
    const { invoice } = await world.customer.invoice(2_000n)
    expect(await rail.estimate({ amount: money(BTC, 2_000n), destination: asInvoice(invoice) })).toMatchObject({ kind: 'possible' })
    const signal = AbortSignal.timeout(20_000)
    expect(await rail.send(attemptAt(asInvoice(invoice), 2_000n, 2_000n), { signal })).toMatchObject({ kind: 'settled' })
    expect(await rail.send(attemptAt({ kind: 'lightning_node', nodeId: carol.nodeId }, 2_000n, 2_000n), { signal })).toMatchObject({
      kind: 'settled',
    })
    const hash = createHash('sha256').update('a preimage').digest('hex')
    const hold = { hash, amount: money(BTC, 2_000n), expiresAt: Date.now() + 60_000, holdableMs: 60_000, description: 'held' }
    await rail.holds.hold(hold)
    expect(await rail.holds.cancel(hash)).toEqual({ kind: 'cancelled' })
    expect(await rail.report()).toMatchObject({ backend: 'lnd', network: 'regtest', backup: { channels: 1 } })
    expect(await restingBalance(rail)).toBeGreaterThan(0n)
    await rail.close()
    expect(world.log.filter((line) => line.includes('permission'))).toEqual([])
  }, 60_000)

  test('a macaroon to pay can make no invoice', async () => {
    const { pay } = await leastMacaroons(world.network.alice)
    await expect(world.openOn(world.network.alice, { macaroons: { receive: pay, pay } })).rejects.toMatchObject({
      code: 'rail_misconfigured',
    })
  })

  test.each(['getInvoices', 'getClosedChannels', 'getChainTransactions'])(
    'a macaroon to receive without %s opens nothing',
    async (without) => {
      const { alice } = world.network
      const methods = RECEIVE_METHODS.filter((method) => method !== without)
      const [{ macaroon: receive }, { pay }] = [await grantAccess({ lnd: alice.lnd, methods }), await leastMacaroons(alice)]
      await expect(world.openOn(alice, { macaroons: { receive, pay } })).rejects.toMatchObject({
        code: 'rail_misconfigured',
        shortMessage: expect.stringContaining('permission denied'),
      })
    },
  )

  test('a macaroon of another node is told from a wrong certificate, and both from a node that is down', async () => {
    const { alice, bob } = world.network
    const [here, elsewhere] = [await leastMacaroons(alice), await leastMacaroons(bob)]
    await expect(world.openOn(alice, { macaroons: elsewhere })).rejects.toMatchObject({
      code: 'rail_misconfigured',
      shortMessage: expect.stringContaining('macaroon'),
    })
    await expect(world.openOn(alice, { cert: bob.cert, macaroons: here })).rejects.toMatchObject({
      code: 'rail_misconfigured',
      shortMessage: expect.stringContaining('certificate'),
    })
    const [port] = await freePorts(1)
    await expect(world.openOn(alice, { socket: `localhost:${port}` })).rejects.toMatchObject({ code: 'rail_unavailable' })
  }, 60_000)

  test('a node of another network is refused', async () => {
    await expect(world.openOn(world.network.alice, { networks: ['mainnet'] })).rejects.toMatchObject({
      code: 'unsafe_configuration',
      shortMessage: expect.stringContaining('regtest'),
    })
  })

  test('a folder belongs to one node, and to one gateway at a time', async () => {
    const dataDir = `${world.network.folder}/shared-rail`
    const first = await world.openOn(world.network.alice, { dataDir })
    await expect(world.openOn(world.network.alice, { dataDir })).rejects.toMatchObject({ code: 'rail_unavailable' })
    await first.close()
    await expect(world.openOn(world.network.bob, { dataDir })).rejects.toMatchObject({ code: 'rail_misconfigured' })
  }, 60_000)
})

test('the channel backup is on disk, as LND gives it, and taken again when a channel opens', async () => {
  const rail = await world.openOn(world.network.alice)
  const { backup } = await rail.report()
  const { alice, carol } = world.network
  expect(backup).toMatchObject({ channels: 1 })
  expect(statSync(backup!.file).mode & 0o777).toBe(0o600)
  const bytes = readFileSync(backup!.file).toString('hex')
  const { channels } = await getBackups({ lnd: alice.lnd })
  // The client's types say one channel where there is a list of them.
  expect(await verifyBackups({ lnd: alice.lnd, backup: bytes, channels: [channels].flat() })).toEqual({ is_valid: true })
  await world.network.join(alice, carol)
  await until(20_000, 'the backup covers both channels', async () => (await rail.report()).backup?.channels === 2)
  expect((await rail.report()).backup!.takenAt).toBeGreaterThan(backup!.takenAt)
  await rail.close()
}, 90_000)

// After the test above Alice has a channel to Bob and one to Carol.
describe('with two channels', () => {
  test('a payment that no single channel can carry goes in parts', async () => {
    const before = await restingBalance(world.rail())
    const { request } = await createInvoice({ lnd: world.network.carol.lnd, mtokens: '7000000000' })
    const estimate = await world.rail().estimate({ amount: money(BTC, 7_000_000_000n), destination: asInvoice(request) })
    expect(estimate).toEqual(expect.objectContaining({ kind: 'possible' }))
    const outcome = await world
      .rail()
      .send(attemptAt(asInvoice(request), 7_000_000_000n, 20_000_000n), { signal: AbortSignal.timeout(40_000) })
    expect(outcome).toMatchObject({ kind: 'settled' })
    const fee = outcome.kind === 'settled' ? outcome.fee.units : 0n
    expect(await restingBalance(world.rail())).toBe(before - 7_000_000_000n - fee)
    // And back, so that both channels can pay again.
    await payAs(world.network.carol, (await offerOf(world.rail(), 6_500_000_000n)).invoice)
    expect(await restingBalance(world.rail())).toBe(before - 500_000_000n - fee)
  }, 90_000)

  test('payments leave by the channels that are named, and by no other', async () => {
    const { alice, bob, carol } = world.network
    const { channels } = await getChannels({ lnd: alice.lnd })
    const toBob = channels.find(({ partner_public_key }) => partner_public_key === bob.nodeId)!.id
    const rail = await world.openOn(alice, { outgoingChannels: [toBob] })
    const pay = async () => {
      const { request } = await createInvoice({ lnd: carol.lnd, mtokens: '1000' })
      return rail.send(attemptAt(asInvoice(request), 1_000n, 5_000n), { signal: AbortSignal.timeout(20_000) })
    }
    // Directly to Carol it would cost nothing: the fee shows that it went over Bob.
    for (let i = 0; i < 4; i++) expect(await pay()).toMatchObject({ kind: 'settled', fee: money(BTC, 1_000n) })
    await rail.close()
  }, 60_000)
})
