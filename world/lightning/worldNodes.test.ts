import { randomBytes } from 'node:crypto'
import {
  Bolt11Invoice,
  Option_u64Z,
  Result_Bolt11InvoiceParseOrSemanticErrorZ_OK,
  Result_C3Tuple_ThirtyTwoBytesRecipientOnionFieldsRouteParametersZNoneZ_OK,
  Retry,
  UtilMethods,
} from 'lightningdevkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChainSource } from '../../adapters/lightning/embedded/ldk/chainSource.ts'
import { httpChain, refuseOtherNetworks } from '../../adapters/lightning/embedded/ldk/httpChain.ts'
import { REORG_DEPTH_MAX } from '../../adapters/lightning/embedded/ldk/knownBlocks.ts'
import { openNodeStore } from '../../adapters/lightning/embedded/ldk/nodeStore.ts'
import { openLightningNode } from '../../adapters/lightning/embedded/node/lightningNode.ts'
import { attemptByPaymentId, recordPending } from '../../adapters/lightning/embedded/payments/attempts.ts'
import { eventsAfter } from '../../adapters/lightning/embedded/payments/nodeEvents.ts'
import { createInvoice } from '../../adapters/lightning/embedded/payments/offers.ts'
import { jsonServer } from './jsonServer.ts'
import { regtestChain } from './regtestChain.ts'
import { until } from './until.ts'
import { startWorldNodes, type WorldNodes } from './worldNodes.ts'

let nodes: WorldNodes
beforeAll(async () => {
  nodes = await startWorldNodes()
})
afterAll(() => nodes?.close())

function routerInvoice(amountMsat: bigint): string {
  const now = Date.now()
  return createInvoice(nodes.router.manager, { amountMsat, description: 'a test', expiresAt: now + 60_000, now }).invoice
}

/** Pays whatever is said, as a payer with other software would: no check of ours is in the way. */
async function payAnyway(invoice: string, amountMsat: bigint): Promise<string> {
  const { manager, store, pump } = nodes.customer
  const parsed = Bolt11Invoice.constructor_from_str(invoice)
  if (!(parsed instanceof Result_Bolt11InvoiceParseOrSemanticErrorZ_OK)) throw new Error('unreadable')
  const terms = UtilMethods.constructor_payment_parameters_from_invoice(parsed.res)
  if (!(terms instanceof Result_C3Tuple_ThirtyTwoBytesRecipientOnionFieldsRouteParametersZNoneZ_OK)) throw new Error('no amount')
  const route = terms.res.get_c()
  route.set_final_value_msat(amountMsat)
  route.set_max_total_routing_fee_msat(Option_u64Z.constructor_some(10_000n))
  const paymentId = randomBytes(32)
  const id = paymentId.toString('hex')
  const paymentHash = Buffer.from(terms.res.get_a()).toString('hex')
  expect(manager.send_payment(terms.res.get_a(), terms.res.get_b(), paymentId, route, Retry.constructor_attempts(0)).is_ok()).toBeTruthy()
  recordPending(store, { id, paymentId: id, paymentHash, amountMsat, at: Date.now() })
  await pump.committed()
  await until(10_000, 'the payment ends', () => attemptByPaymentId(store, id)?.state !== 'pending')
  const { state, reason } = attemptByPaymentId(store, id)!
  return reason ?? state
}

const received = () => eventsAfter(nodes.router.store, ['received'], 0n, 100n).map(({ amountMsat }) => amountMsat)

describe('the payee', () => {
  test('takes the exact amount and more, and reports what really came', async () => {
    const before = received().length
    expect(await payAnyway(routerInvoice(5_000n), 5_000n)).toBe('settled')
    expect(await payAnyway(routerInvoice(5_000n), 6_000n)).toBe('settled')
    expect(received().slice(before)).toEqual([5_000n, 6_000n])
  })

  test('takes more than twice as much too, because no record says what was asked: what came is what is reported', async () => {
    const before = received().length
    expect(await payAnyway(routerInvoice(5_000n), 10_001n)).toBe('settled')
    expect(received().slice(before)).toEqual([10_001n])
  })

  test('gives back less than its invoice asks for', async () => {
    const before = received()
    expect(await payAnyway(routerInvoice(5_000n), 4_999n)).toBe('rejected_by_payee')
    expect(received()).toEqual(before)
  })

  test('gives back a second payment to a hash it has claimed', async () => {
    const invoice = routerInvoice(7_000n)
    expect(await payAnyway(invoice, 7_000n)).toBe('settled')
    const before = received()
    expect(await payAnyway(invoice, 7_000n)).toBe('rejected_by_payee')
    expect(received()).toEqual(before)
  })
})

describe('an invoice', () => {
  test('is refused for a time that has passed, and for a description BOLT 11 cannot carry', () => {
    const wanted = { amountMsat: 1n, description: 'a test', expiresAt: Date.now() + 60_000, now: Date.now() }
    expect(() => createInvoice(nodes.router.manager, { ...wanted, expiresAt: wanted.now })).toThrow(/expires within/)
    expect(() => createInvoice(nodes.router.manager, { ...wanted, description: 'x'.repeat(640) })).toThrow(/639 bytes/)
  })
})

describe('a node', () => {
  test('refuses a chain that does not continue the one it knows', async () => {
    const store = openNodeStore(':memory:')
    const chainOf = (seconds: number, blocks: number): ChainSource => {
      const chain = regtestChain({ minerScript: Uint8Array.of(0x51), nowS: () => seconds, onCoin: () => {} })
      chain.mine(blocks)
      return { blocksAfter: async (after) => chain.blocksAfter(after), broadcast: async () => {} }
    }
    const options = { store, alias: 'a', now: Date.now }
    const node = await openLightningNode({ ...options, chain: chainOf(1_800_000_000, 3) })
    node.close()
    for (const blocks of [2, 3, 4]) {
      await expect(openLightningNode({ ...options, chain: chainOf(1_900_000_000, blocks) })).rejects.toMatchObject({
        code: 'unsafe_configuration',
      })
    }
    store.close()
  })

  test('sees a block that is mined while it writes down the one before', async () => {
    const nowS = () => Math.floor(Date.now() / 1000)
    const chain = regtestChain({ minerScript: new Uint8Array(22), nowS, onCoin: () => {} })
    chain.mine(1)
    let atTip = () => {}
    const source: ChainSource = {
      blocksAfter: async (after) => {
        const answer = chain.blocksAfter(after)
        // Before the node goes on with this answer, and long before it has committed.
        if (answer.blocks.length === 0) queueMicrotask(atTip)
        return answer
      },
      broadcast: async () => {},
    }
    const node = await openLightningNode({ chain: source, store: openNodeStore(':memory:'), alias: 'late', now: Date.now })
    try {
      const second = Promise.withResolvers<void>()
      atTip = () => {
        atTip = () => {}
        chain.mine(1)
        node.syncChain().then(second.resolve, second.reject)
      }
      chain.mine(1)
      await node.syncChain()
      await second.promise
      expect(node.manager.current_best_block().get_height()).toBe(3)
    } finally {
      node.close()
    }
  })

  test('follows a reorganisation of five blocks, and stops at one that undoes what was final', async () => {
    const chain = regtestChain({ minerScript: Uint8Array.of(0x51), nowS: () => 1_800_000_000, onCoin: () => {} })
    chain.mine(1)
    const source: ChainSource = { blocksAfter: async (after) => chain.blocksAfter(after), broadcast: async () => {} }
    const store = openNodeStore(':memory:')
    const node = await openLightningNode({ store, alias: 'a', now: Date.now, chain: source })
    const best = () => Buffer.from(node.manager.current_best_block().get_block_hash())
    chain.mine(20)
    await node.syncChain()
    for (let again = 0; again < 3; again++) {
      chain.reorganise(REORG_DEPTH_MAX, { forget: false })
      await node.syncChain()
      expect(best()).toEqual(Buffer.from(chain.tip().hash))
    }
    const before = best()
    chain.reorganise(REORG_DEPTH_MAX + 1, { forget: false })
    await expect(node.syncChain()).rejects.toMatchObject({ code: 'unsafe_configuration' })
    expect(best()).toEqual(before)
    node.close()
    store.close()
  })

  test('refuses any network but regtest, configured or behind the chain url', async () => {
    expect(() => refuseOtherNetworks('mainnet')).toThrow(/regtest only/)
    const tip = { height: 0, hash: '00'.repeat(32) }
    const server = await jsonServer({ 'GET /blocks': () => ({ network: 'mainnet', tip, blocks: [] }) })
    await expect(httpChain(server.url).blocksAfter(0)).rejects.toMatchObject({ code: 'unsafe_configuration' })
    server.close()
    await expect(httpChain(server.url).blocksAfter(0)).rejects.toMatchObject({ code: 'rail_unavailable' })
  })
})
