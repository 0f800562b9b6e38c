import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { rpc } from '../evm/chainProcess.ts'
import { transfer } from '../evm/payer.ts'
import { type QuietChain, startQuietChain } from '../evm/quietChain.ts'
import { type SilentProxy, startSilentProxy } from '../evm/silentProxy.ts'
import { type GatewayProcess, startGatewayProcess } from '../seller/gatewayProcess.ts'
import { type Answer, balanceOf, call, PAY_TO, PRICE, signedBody } from './facilitatorWorld.ts'

// A facilitator that dies between the steps of a payment, or whose chain says nothing: each payment is one transaction, and nothing is told that is not so.
const WAIT = { timeout: 60_000, interval: 50 }
let chain: QuietChain
let proxy: SilentProxy
let gateway: GatewayProcess
let key: string
beforeAll(async () => {
  chain = await startQuietChain()
  proxy = await startSilentProxy(chain.rpcUrl)
  gateway = await startGatewayProcess({ ...chain, rpcUrl: proxy.url }, { facilitator: { waitS: 2 } })
  key = await fundedSeller()
}, 180_000)
afterAll(async () => {
  proxy?.silence(() => false)
  await gateway?.close()
  await proxy?.close()
  await chain?.stop()
}, 60_000)
beforeEach(() => proxy.silence(() => false))

/** A party with a balance that a payment on the chain has brought. */
async function fundedSeller(): Promise<string> {
  const seller = await gateway.seller()
  const headers = { authorization: `Bearer ${seller.key}`, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }
  const body = JSON.stringify({ amount: { asset: 'USD', amount: '5' }, payee: seller.id })
  const made = await fetch(`${gateway.url()}/v1/payment_intents`, { method: 'POST', headers, body })
  const { offers } = (await made.json()) as { offers: { rail: string; pay: { pay_to?: `0x${string}` } }[] }
  await transfer(chain, 4, offers.find(({ pay }) => pay.pay_to)!.pay.pay_to!, 5_000_000n)
  await vi.waitUntil(async () => (await gateway.balances(seller.id)).some(({ available }) => Number.parseFloat(available) === 5), WAIT)
  return seller.key
}

const settle = (body: object): Promise<Answer> => call(gateway.url(), 'settle', key, body)
const mining = (on: boolean) => rpc(chain.rpcUrl, 'evm_setAutomine', [on])
const paid = () => balanceOf(chain, PAY_TO)

async function settledOnce(body: object, before: bigint): Promise<Answer> {
  await expect.poll(async () => (await settle(body)).body.success, WAIT).toBe(true)
  expect((await paid()) - before).toBe(PRICE)
  await expect.poll(async () => (await gateway.verify()).ok, WAIT).toBe(true)
  return settle(body)
}

test('killed between the sending and the receipt, it settles under the same transaction, and tells the same', async () => {
  const [body, before, sent] = [await signedBody(chain), await paid(), proxy.sent().length]
  await mining(false)
  const pending = await settle(body)
  expect(pending.body).toMatchObject({
    success: false,
    errorReason: 'settlement_pending',
    transaction: expect.stringMatching(/^0x[0-9a-f]{64}$/),
  })
  await gateway.kill()
  await mining(true)
  await rpc(chain.rpcUrl, 'evm_mine')
  await gateway.start()
  const settled = await settledOnce(body, before)
  expect(settled.body.transaction).toBe(pending.body.transaction)
  expect(proxy.sent().length - sent).toBe(1)
}, 180_000)

test('killed before the node took the transaction, it sends the same bytes after the start', async () => {
  const [body, before, sent] = [await signedBody(chain, { customer: 2 }), await paid(), proxy.sent().length]
  proxy.silence((method) => method === 'eth_sendRawTransaction')
  const pending = await settle(body)
  expect(pending.body).toMatchObject({ success: false, errorReason: 'settlement_pending' })
  expect(await paid()).toBe(before)
  await gateway.kill()
  proxy.silence(() => false)
  await gateway.start()
  await settledOnce(body, before)
  expect(proxy.sent().length - sent).toBe(1)
}, 180_000)

test('killed at any moment while fifty payments run, each is settled once', async () => {
  const bodies: object[] = []
  for (let n = 0; n < 50; n++) bodies.push(await signedBody(chain, { customer: n % 4 }))
  const before = await paid()
  const first = Promise.allSettled(bodies.map(settle))
  await new Promise((resolve) => setTimeout(resolve, 700))
  await gateway.kill()
  await first
  await gateway.start()
  await expect
    .poll(async () => (await Promise.all(bodies.map(settle))).filter(({ body }) => body.success).length, {
      timeout: 120_000,
      interval: 500,
    })
    .toBe(50)
  expect((await paid()) - before).toBe(PRICE * 50n)
}, 240_000)

test('a chain that says nothing takes no payment on, and one that falls silent leaves it pending', async () => {
  const [unheard, sent] = [await signedBody(chain, { customer: 3 }), await signedBody(chain, { customer: 3 })]
  const before = await paid()
  proxy.silence(() => true)
  for (const path of ['verify', 'settle'] as const) {
    const answer = await call(gateway.url(), path, key, unheard)
    const { isValid, success, invalidReason, errorReason } = answer.body
    expect([answer.status, isValid ?? success, invalidReason ?? errorReason]).toEqual([503, false, 'rail_unavailable'])
  }
  proxy.silence((method) => method === 'eth_getTransactionReceipt' || method === 'eth_getLogs')
  await expect
    .poll(async () => (await settle(sent)).body, WAIT)
    .toMatchObject({ errorReason: 'settlement_pending', transaction: expect.stringMatching(/^0x/) })
  proxy.silence(() => false)
  await settledOnce(sent, before)
  expect((await paid()) - before).toBe(PRICE)
}, 180_000)
