import type { AddressInfo } from 'node:net'
import { McpError } from '@modelcontextprotocol/sdk/types.js'
import { x402Client } from '@x402/core/client'
import type { PaymentRequired } from '@x402/core/types'
import { ExactEvmScheme } from '@x402/evm'
import { evm } from 'mppx/client'
import { McpClient } from 'mppx/mcp/client'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { evmWallet } from '../../gateway/client/evmWallet.ts'
import { proveInvoice } from '../../gateway/client/offers/proveInvoice.ts'
import { payTools } from '../../gateway/client/payTools.ts'
import type { Wallet } from '../../gateway/client/wallet.ts'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { usd } from '../../gateway/money/dollars.ts'
import { createSeller } from '../../gateway/seller/createSeller.ts'
import { usd as price } from '../../gateway/seller/price.ts'
import { openPaidRoute, type PaidRouteWorld, USDC } from '../paidRoute/paidRouteWorld.ts'
import { type Caller, toolsV1, toolsV2 } from './toolServers.ts'

const TOKEN = '0x5fbdb2315678afecb367f032d93f642f64180aa3'
const PRICE = price('0.002')
const SITE = 'tools.example.com'
const account = privateKeyToAccount(generatePrivateKey())

let world: PaidRouteWorld
let gateway: string
let ran: number
beforeAll(async () => {
  world = await openPaidRoute({ finishedKept: 1_000 })
  await world.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = world.app.server.address() as AddressInfo // It listens on a port.
  gateway = `http://127.0.0.1:${port}`
})
afterAll(() => world?.close())
beforeEach(() => {
  ran = 0
})

const sellerOf = () => createSeller({ gateway, key: world.sellerKey, publicUrl: `https://${SITE}`, log: () => {} })
/** A wallet that pays invoices of the world. */
function invoiceWallet(): Wallet {
  return {
    speaks: ['lightning/charge'],
    async consider(offer) {
      if (offer.kind !== 'invoice') return undefined
      const hash = offer.invoice.slice('lnbcrt'.length)
      const pay = async () => {
        const credential = { headers: [proveInvoice(offer.proof, world.lightning.pay(hash))] }
        return { kind: 'paid' as const, proof: hash, credential }
      }
      return { offer: offer.name, rail: 'lightning', cost: usd('0.002'), fee: usd('0'), amount: usd('0.002'), payee: hash, pay }
    },
    resume: () => undefined,
  }
}
const joke = () => `joke ${++ran}`
const earned = () => world.has(accounts.party(world.seller), USDC)
// The token of this chain is not among the assets that this client trusts by itself.
const x402 = () => x402Client.fromConfig({ schemes: [{ network: 'eip155:*', client: new ExactEvmScheme(account) }], spendControls: false })

describe.each([
  ['version 1 of the SDK', toolsV1],
  ['version 2 of the SDK', toolsV2],
])('a paid tool of a server by %s', (_, open) => {
  let client: Caller
  beforeEach(async () => {
    client = await open(sellerOf(), { joke })
    return () => client.close()
  })

  test('asks for its price in both protocols, and does nothing', async () => {
    const answer = await client.callTool({ name: 'joke' })
    expect(answer.isError).toBe(true)
    const required = answer.structuredContent as PaymentRequired | undefined
    expect(required).toMatchObject({ x402Version: 2, resource: { url: `https://${SITE}/tools/joke` } })
    expect(JSON.parse(answer.content[0]!.text!)).toEqual(required)
    const data = answer._meta?.['org.paymentauth/payment-required'] as { challenges: { method: string; request: object }[] }
    expect(data.challenges.map(({ method }) => method)).toEqual(expect.arrayContaining(['evm', 'lightning']))
    expect(data.challenges.every(({ request }) => typeof request === 'object')).toBe(true)
    expect(ran).toBe(0)
  })

  test("is paid by x402's own client code, once, and repeats its answer for the same payment", async () => {
    const unpaid = await client.callTool({ name: 'joke' })
    const payment = await x402().createPaymentPayload(unpaid.structuredContent as unknown as PaymentRequired) // As the transport says.
    const pay = () => client.callTool({ name: 'joke', _meta: { 'x402/payment': payment } })
    const paid = await pay()
    expect([paid.content, ran]).toEqual([[{ type: 'text', text: 'joke 1' }], 1])
    const pending = { success: false, errorReason: 'settlement_pending', payer: account.address.toLowerCase() }
    expect(paid._meta?.['x402/payment-response']).toMatchObject(pending)
    expect(paid._meta?.['switchyard/status']).toMatch(/\/v1\/payments\/rc_/)
    expect(paid._meta?.['switchyard/receipt']).toMatch(/^rc_/)
    expect([(await pay()).content, ran]).toEqual([paid.content, 1])
  })

  test("is paid by mppx's MCP client", async () => {
    const methods = [evm({ account, authorization: { name: 'USD Coin', version: '2' } })]
    const paying = McpClient.wrap(client as never, { methods }) as unknown as Caller // It takes what has callTool.
    const paid = await paying.callTool({ name: 'joke' })
    expect([paid.content, ran]).toEqual([[{ type: 'text', text: 'joke 1' }], 1])
    // A receipt of this protocol says success, and the money is collected after the answer.
    expect(paid._meta).not.toHaveProperty('org.paymentauth/receipt')
    expect(paid._meta?.['switchyard/receipt']).toMatch(/^rc_/)
  })

  const budget = { perRequest: usd('0.005'), perDay: usd('1'), sites: [SITE] }
  const tokens = [{ chainId: 31337, address: TOKEN, scale: 6 }]
  const payerOf = (wallet: Wallet = evmWallet({ account, tokens })) => payTools(client, { site: SITE, budget, wallets: [wallet] })

  test('is paid by our payer in tokens, within its budget', async () => {
    const payer = payerOf()
    const answer = await payer.callTool({ name: 'joke' })
    expect(answer.content).toEqual([{ type: 'text', text: 'joke 1' }])
    expect(payer.receipt(answer)).toMatchObject({ id: expect.stringMatching(/^rc_/), rail: 'evm:31337', cost: usd('0.002') })
    const dear = payer.callTool({ name: 'shout', arguments: { text: 'x'.repeat(200) } })
    await expect(dear).rejects.toMatchObject({ code: 'budget_exceeded' })
    expect(await payer.spent()).toEqual(usd('0.002'))
  })

  test('is paid by our payer over Lightning, by the MPP credential', async () => {
    const payer = payerOf(invoiceWallet())
    const answer = await payer.callTool({ name: 'joke' })
    expect(answer.content).toEqual([{ type: 'text', text: 'joke 1' }])
    expect(payer.receipt(answer)).toMatchObject({ rail: 'lightning', reference: expect.stringMatching(/^[0-9a-f]{64}$/) })
  })

  test('says its price by its arguments, and is not paid by the proof of another call', async () => {
    const long = { name: 'shout', arguments: { text: 'x'.repeat(200) } }
    const unpaid = await client.callTool(long)
    expect(unpaid.structuredContent).toMatchObject({ accepts: [{ amount: '10000' }, { amount: '10000' }] })
    const cheap = await client.callTool({ name: 'shout', arguments: { text: 'quiet' } })
    const payment = await x402().createPaymentPayload(cheap.structuredContent as unknown as PaymentRequired) // As the transport says.
    const pay = (call: typeof long) => client.callTool({ ...call, _meta: { 'x402/payment': payment } })
    expect((await pay(long)).isError).toBe(true)
    expect((await pay({ name: 'shout', arguments: { text: 'quiet' } })).content).toEqual([{ type: 'text', text: 'QUIET' }])
  })

  test('gives the money back when it fails, and says so', async () => {
    const before = earned()
    const answer = await payerOf().callTool({ name: 'shout', arguments: { text: 'fail' } })
    expect(answer).toMatchObject({ isError: true, content: [{ type: 'text', text: 'no voice' }] })
    expect(earned()).toBe(before)
  })

  test('says where what came over Lightning is fetched, when it fails', async () => {
    const payer = payerOf(invoiceWallet())
    const { refundUrl } = payer.receipt(await payer.callTool({ name: 'shout', arguments: { text: 'fail' } })) ?? {}
    expect(await (await fetch(refundUrl!)).json()).toMatchObject({ object: 'refund', state: 'due', tag: 'withdrawRequest' })
    expect(payer.receipt(await payer.callTool({ name: 'joke' }))?.refundUrl).toBeUndefined()
  })

  test('says of a proof that nobody can read what is wrong with it', async () => {
    const answer = await client.callTool({ name: 'joke', _meta: { 'x402/payment': { x402Version: 2, nonsense: true } } })
    expect(answer).toMatchObject({ isError: true, structuredContent: { code: 'proof_malformed', status: 400 } })
    const mpp = await client.callTool({ name: 'joke', _meta: { 'org.paymentauth/credential': 'nonsense' } })
    expect([mpp.isError, ran]).toEqual([true, 0])
  })

  test('answers nothing for who pays while the gateway is away, and says that nothing is known', async () => {
    const away = await open(
      createSeller({ gateway: 'http://127.0.0.1:9', key: world.sellerKey, publicUrl: `https://${SITE}`, log: () => {} }),
      { joke },
    )
    const payment = { x402Version: 2, accepted: {}, payload: {} }
    const answer = await away.callTool({ name: 'joke', _meta: { 'x402/payment': payment } })
    expect(answer).toMatchObject({ isError: true, structuredContent: { code: 'outcome_unknown', status: 503 } })
    expect(ran).toBe(0)
    await away.close()
  })
})

describe('a paid tool that answers with the error of JSON-RPC', () => {
  let client: Caller
  beforeEach(async () => {
    client = await toolsV1(sellerOf(), { joke, PaymentError: McpError })
    return () => client.close()
  })

  test('has the challenges of MPP and the requirements of x402 in it', async () => {
    const error = await client.callTool({ name: 'joke' }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: -32042,
      data: { httpStatus: 402, challenges: expect.any(Array), problem: { code: 'payment_required' }, x402: { x402Version: 2 } },
    })
    expect(ran).toBe(0)
  })

  test("is paid by mppx's MCP client and by our payer", async () => {
    const payer = payTools(client, {
      site: SITE,
      budget: { perRequest: usd('0.005'), perDay: usd('1'), sites: [SITE] },
      wallets: [evmWallet({ account, tokens: [{ chainId: 31337, address: TOKEN, scale: 6 }] })],
    })
    expect((await payer.callTool({ name: 'joke' })).content).toEqual([{ type: 'text', text: 'joke 1' }])
    const methods = [evm({ account, authorization: { name: 'USD Coin', version: '2' } })]
    const paying = McpClient.wrap(client as never, { methods }) as unknown as Caller // It takes what has callTool.
    expect((await paying.callTool({ name: 'joke' })).content).toEqual([{ type: 'text', text: 'joke 2' }])
  })
})

describe('a seller that sells tools', () => {
  test('says what it lacks when it has no address, and when a tool is no tool', async () => {
    const seller = createSeller({ gateway, key: world.sellerKey })
    expect(() => seller.mcp({ price: PRICE, tool: 'joke' }, () => ({ content: [] }))).toThrow(/no publicUrl/)
    const handler = sellerOf().mcp({ price: PRICE, tool: 'joke' }, () => ({ content: [] }))
    await expect(handler()).rejects.toThrow(/not called by an MCP server/)
  })

  test('gives the money back for a tool that answers with a question', async () => {
    const asking = sellerOf().mcp({ price: PRICE, tool: 'ask' }, (_: object) => ({ resultType: 'input_required' }))
    const unpaid = (await asking({})) as unknown as { structuredContent: PaymentRequired } // What the SDK would send.
    const payment = await x402().createPaymentPayload(unpaid.structuredContent)
    const before = earned()
    await expect(asking({ _meta: { 'x402/payment': payment } })).rejects.toMatchObject({ code: 'seller_misconfigured' })
    expect(earned()).toBe(before)
  })
})
