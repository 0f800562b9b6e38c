import { ExactEvmScheme } from '@x402/evm'
import type { FastifyInstance } from 'fastify'
import { encodeFunctionData } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exactProxyAbi } from '../../adapters/evm/node/permitAbi.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import { EXACT_PROXY } from '../../gateway/ports/permit2.ts'
import type { Authorization } from '../../gateway/ports/receiver.ts'
import { usd } from '../../gateway/seller/price.ts'
import { rpc } from './chainProcess.ts'
import type { GatewayOnChain } from './gatewayOnChain.ts'
import { random32, transfer, walletOf } from './payer.ts'
import { accountOf, approve, invalidate, signPermit, withPlainToken } from './permits.ts'
import { type QuietChain, startQuietChain } from './quietChain.ts'
import { recordedClient } from './recordedClient.ts'
import { openShop } from './shopOnChain.ts'

// A token that knows EIP-20 alone, sold for by x402's `exact` over Permit2 to the unmodified client.
const WAIT = { timeout: 30_000, interval: 50 }
let chain: QuietChain
let yard: GatewayOnChain
let app: FastifyInstance
let url: string
let seller: string
let served = 0

beforeAll(async () => {
  chain = await withPlainToken(await startQuietChain())
  ;({ yard, app, url, seller } = await openShop(chain, {
    prices: { '/cheap': usd('0.002'), '/dear': usd('0.2') },
    serve: () => ({ served: ++served }),
    onChain: { token: { signed: ['permit2'] } },
  }))
}, 60_000)
afterAll(async () => {
  await app?.close()
  await yard?.close()
  await chain?.stop()
})

const payer = (customer: number) => recordedClient(new ExactEvmScheme(accountOf(chain, customer)))

/** The offer of a route, and a permit over it as a header. */
async function offered(path: string) {
  const asked = await fetch(`${url}${path}`)
  const required = JSON.parse(Buffer.from(asked.headers.get('payment-required')!, 'base64').toString())
  return required.accepts[0] as { payTo: Hex; amount: string; extra: object }
}
async function permitFor(path: string, o: Readonly<{ customer: number; nonce?: Hex }>) {
  const accepted = await offered(path)
  const { chainId, token } = chain
  const terms = { chainId, token, account: accountOf(chain, o.customer), to: accepted.payTo, value: BigInt(accepted.amount) }
  const permit = await signPermit({ ...terms, ...(o.nonce ? { nonce: o.nonce } : {}) })
  const { from, to, value, validAfter, validBefore, nonce, signature } = permit
  const permit2Authorization = {
    from,
    permitted: { token, amount: `${value}` },
    spender: EXACT_PROXY,
    nonce: `${BigInt(nonce)}`,
    deadline: `${validBefore}`,
    witness: { to, validAfter: `${validAfter}` },
  }
  const payment = { x402Version: 2, accepted, payload: { signature, permit2Authorization } }
  return { permit, headers: { 'payment-signature': Buffer.from(JSON.stringify(payment)).toString('base64') } }
}
/** Sends a permit to x402's proxy, as anyone may; with a tip when it has to come before others. */
function relay({ token, from, to, value, validAfter, validBefore, nonce, signature }: Authorization, tip?: bigint): Promise<Hex> {
  const terms = { permitted: { token, amount: value }, nonce: BigInt(nonce), deadline: validBefore }
  const data = encodeFunctionData({ abi: exactProxyAbi, functionName: 'settle', args: [terms, from, { to, validAfter }, signature] })
  const dear = tip === undefined ? {} : { maxPriorityFeePerGas: tip, maxFeePerGas: tip * 2n, gas: 200_000n }
  return walletOf(chain, 3).sendTransaction({ to: EXACT_PROXY, data, ...dear })
}

/** Transactions that no block has. */
async function waiting(): Promise<number> {
  const block = (await rpc(chain.rpcUrl, 'eth_getBlockByNumber', ['pending', false])) as { transactions: string[] }
  return block.transactions.length
}

const codeOf = async (response: Response) => [response.status, ((await response.json()) as { code: string }).code]

test('the offer says Permit2, and a payer who has not let it take the token is told so before any work', async () => {
  expect((await offered('/cheap')).extra).toMatchObject({ assetTransferMethod: 'permit2' })
  const { headers } = await permitFor('/cheap', { customer: 1 })
  const answer = await fetch(`${url}/cheap`, { headers })
  const required = JSON.parse(Buffer.from(answer.headers.get('payment-required')!, 'base64').toString())
  expect(required.error).toBe('permit2_allowance_required')
  expect(await codeOf(answer)).toEqual([412, 'permit2_allowance_required'])
  expect(served).toBe(0)
  // The same payment is good as soon as it is let.
  await approve(chain, 1)
  expect((await fetch(`${url}/cheap`, { headers })).status).toBe(200)
  expect(served).toBe(1)
  await expect.poll(() => yard.credit(seller), WAIT).toBe(2_000n)
}, 60_000)

test('the unmodified client pays, is served before the money has come, and is told its transaction by the same proof', async () => {
  await approve(chain, 2)
  const [before, credit] = [served, yard.credit(seller)]
  const { get, again, read } = payer(2)
  const first = await get(`${url}/cheap`)
  expect([first.status, await first.json()]).toEqual([200, { served: before + 1 }])
  await expect.poll(() => yard.credit(seller), WAIT).toBe(credit + 2_000n)
  await expect
    .poll(async () => read(await again()), WAIT)
    .toMatchObject({ success: true, transaction: expect.stringMatching(/^0x[0-9a-f]{64}$/), amount: '2000' })
  expect(served).toBe(before + 1)
}, 60_000)

test('what is dear is collected before the work', async () => {
  const [before, credit] = [served, yard.credit(seller)]
  const { get, read } = payer(2)
  const response = await get(`${url}/dear`)
  expect([response.status, served]).toEqual([200, before + 1])
  expect(read(response)).toMatchObject({ success: true, transaction: expect.stringMatching(/^0x/), amount: '200000' })
  await expect.poll(() => yard.credit(seller), WAIT).toBe(credit + 200_000n)
}, 60_000)

test('who relays its permit before us has paid once, and is served once', async () => {
  const [before, credit] = [served, yard.credit(seller)]
  const { permit, headers } = await permitFor('/dear', { customer: 2 })
  await rpc(chain.rpcUrl, 'evm_setAutomine', [false])
  const answer = fetch(`${url}/dear`, { headers })
  await expect.poll(waiting, WAIT).toBe(1)
  // Dearer than the gateway's own, so that it is mined first, and the gateway's comes to nothing.
  await relay(permit, 10n ** 10n)
  await rpc(chain.rpcUrl, 'evm_mine')
  await rpc(chain.rpcUrl, 'evm_setAutomine', [true])
  expect((await answer).status).toBe(200)
  expect(served).toBe(before + 1)
  await expect.poll(() => yard.credit(seller), WAIT).toBe(credit + 200_000n)
  expect((await yard.gateway().audit.verify()).ok).toBe(true)
}, 60_000)

test('who has relayed its permit before it asks is not told to pay again', async () => {
  const [before, credit] = [served, yard.credit(seller)]
  const { permit, headers } = await permitFor('/dear', { customer: 2 })
  await relay(permit)
  expect(await codeOf(await fetch(`${url}/dear`, { headers }))).toEqual([409, 'authorization_paid_before'])
  expect(served).toBe(before)
  // The payee has it, as any money that came without a request.
  await expect.poll(() => yard.credit(seller), WAIT).toBe(credit + 200_000n)
}, 60_000)

test('a nonce that its owner has ended buys nothing, and one proof buys one thing', async () => {
  const nonce = random32()
  await invalidate(chain, 2, nonce)
  const before = served
  const ended = await permitFor('/cheap', { customer: 2, nonce })
  expect(await codeOf(await fetch(`${url}/cheap`, { headers: ended.headers }))).toEqual([402, 'proof_nonce_used'])
  const { headers } = await permitFor('/cheap', { customer: 2 })
  expect((await fetch(`${url}/cheap`, { headers })).status).toBe(200)
  expect((await fetch(`${url}/cheap?other=1`, { headers })).status).toBe(402)
  expect(served).toBe(before + 1)
}, 60_000)

test('an account without the money is told so', async () => {
  const { permit, headers } = await permitFor('/dear', { customer: 4 })
  expect(permit.value).toBe(200_000n)
  await approve(chain, 4)
  await transfer(chain, 4, chain.customers[5]!.address, 99_900_000n)
  expect(await codeOf(await fetch(`${url}/dear`, { headers }))).toEqual([402, 'insufficient_balance'])
}, 60_000)
