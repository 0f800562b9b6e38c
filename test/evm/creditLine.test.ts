import type { FastifyInstance } from 'fastify'
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TestUSDC } from '../../contracts/abi/TestUSDC.ts'
import { newApp } from '../../gateway/api/app.ts'
import { paidRoutes } from '../../gateway/api/paid/paidRoute.ts'
import { USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import type { Authorization } from '../../gateway/ports/receiver.ts'
import { rpc } from './chainProcess.ts'
import { type GatewayOnChain, startGateway } from './gatewayOnChain.ts'
import { random32, relay, signTransfer, transfer, walletOf } from './payer.ts'
import { type QuietChain, startQuietChain } from './quietChain.ts'
import { x402Pay, x402Payment } from './x402Pay.ts'

// Who is served before the money is collected: a signature costs its signer nothing, so it is worth nothing by itself.
const STRANGERS = 150
/** Strangers with money, and how many of them may be served together before theirs has come. */
const [RICH, TRUSTED] = [40, 10]
const PRICE = 2_000n
const WAIT = { timeout: 30_000, interval: 50 }
let chain: QuietChain
let yard: GatewayOnChain
let app: FastifyInstance
let served = 0

beforeAll(async () => {
  chain = await startQuietChain()
  yard = await startGateway(chain, { depth: 0 }, { exposure: { newPayersUsd: '0.02' } })
  const { id } = await yard.party('seller')
  await yard.gateway().parties.splits.house(id)
  app = newApp({ publicUrl: 'http://localhost' })
  paidRoutes(app, yard.gateway(), { publicUrl: () => 'http://127.0.0.1:1' })
  app.get('/cheap', { config: { price: parseAmount('0.002', USD), payee: id } }, async () => ({ served: ++served }))
}, 60_000)
afterAll(async () => {
  await app?.close()
  await yard?.close()
  await chain?.stop()
})

type X402Payload = Readonly<{
  accepted: { payTo: string }
  payload: { signature: Hex; authorization: { from: Hex; to: Hex; nonce: Hex; validAfter: string; validBefore: string } }
}>
type Headers = Awaited<ReturnType<typeof x402Payment>>
const stranger = (): PrivateKeyAccount => privateKeyToAccount(generatePrivateKey())
const pay = (customer: number | PrivateKeyAccount, nonce = random32()) => x402Pay(app, chain, { url: '/cheap', customer, nonce })

test('keys that hold nothing are served nothing, are told so, and nothing of them is kept', async () => {
  const payments = []
  for (let n = 0; n < STRANGERS; n++) payments.push(await x402Payment(app, chain, { url: '/cheap', customer: stranger() }))
  const { seq } = yard.gateway().ledger.books.head()
  const answers = await Promise.all(payments.map((headers) => app.inject({ url: '/cheap', headers })))
  expect(served).toBe(0)
  expect(new Set(answers.map((answer) => `${answer.statusCode} ${answer.json<{ code: string }>().code}`))).toEqual(
    new Set(['402 insufficient_balance']),
  )
  expect(yard.gateway().ledger.books.head().seq).toBe(seq)
}, 60_000)

test('a nonce that was cancelled or used on the chain buys nothing, and nothing of it is kept', async () => {
  const [cancelled, used] = [random32(), random32()]
  const wallet = walletOf(chain, 1)
  const signature = await wallet.signTypedData({
    domain: { name: chain.tokenName, version: chain.tokenVersion, chainId: chain.chainId, verifyingContract: chain.token },
    types: {
      CancelAuthorization: [
        { name: 'authorizer', type: 'address' },
        { name: 'nonce', type: 'bytes32' },
      ],
    },
    primaryType: 'CancelAuthorization',
    message: { authorizer: wallet.account.address, nonce: cancelled },
  })
  await wallet.writeContract({
    address: chain.token,
    abi: TestUSDC.abi,
    functionName: 'cancelAuthorization',
    args: [wallet.account.address, cancelled, signature],
  })
  await relay(chain, 1, await signTransfer(chain, { customer: 1, to: stranger().address, value: 1n, nonce: used }))
  const before = served
  for (const nonce of [cancelled, used]) {
    const answer = await pay(1, nonce)
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([402, 'proof_nonce_used'])
  }
  expect(served).toBe(before)
})

test('an authorization that has paid us outside of a request, as before an older copy was put back, is never asked for again', async () => {
  const url = '/cheap'
  const headers = await x402Payment(app, chain, { url, customer: 1 })
  const { accepted, payload } = JSON.parse(Buffer.from(headers['payment-signature'], 'base64').toString()) as X402Payload
  const { validAfter, validBefore, ...signed } = payload.authorization
  const times = { validAfter: BigInt(validAfter), validBefore: BigInt(validBefore) }
  await relay(chain, 3, {
    ...signed,
    ...times,
    value: PRICE,
    kind: 'transfer',
    chainId: chain.chainId,
    token: chain.token,
    signature: payload.signature,
  })
  const before = served
  const answer = await app.inject({ url, headers })
  const { code, hint, outcome, meta } = answer.json<{ code: string; hint: string; outcome: string; meta: { to: string } }>()
  expect([answer.statusCode, code, outcome, meta.to]).toEqual([409, 'authorization_paid_before', 'unknown', accepted.payTo])
  expect(hint).toContain('Do not pay again')
  expect(answer.headers['payment-required']).toBeUndefined()
  expect(served).toBe(before)
})

test('keys that have money and take it away before it is collected cost what all strangers together may owe, and no more', async () => {
  const keys = Array.from({ length: RICH }, stranger)
  for (const { address } of keys) await transfer(chain, 1, address, PRICE)
  const payments: Headers[] = []
  for (const customer of keys) payments.push(await x402Payment(app, chain, { url: '/cheap', customer }))
  const drains: Authorization[] = []
  for (const customer of keys) drains.push(await signTransfer(chain, { customer, to: chain.customers[2]!.address, value: PRICE }))
  const before = served
  await rpc(chain.rpcUrl, 'evm_setAutomine', [false])
  const answers = Promise.all(payments.map((headers) => app.inject({ url: '/cheap', headers })))
  await expect.poll(() => served - before, WAIT).toBe(TRUSTED)
  // Dearer than the gateway's own collections, so that they are mined before these.
  for (const drain of drains) await relay(chain, 3, drain, 10n ** 10n)
  await rpc(chain.rpcUrl, 'evm_mine')
  await rpc(chain.rpcUrl, 'evm_setAutomine', [true])
  const codes = (await answers).map(({ statusCode }) => statusCode)
  expect([served - before, codes.filter((code) => code === 200).length]).toEqual([TRUSTED, TRUSTED])
  // What they were served for stays held while it may still be collected, and is used up when it can not: the next stranger pays first.
  const allowance = () => yard.gateway().ledger.books.balance('exposure:new', USD)
  expect(allowance().debitsPosted + allowance().debitsPending).toBe(PRICE * BigInt(TRUSTED))
  const next = stranger()
  await transfer(chain, 1, next.address, PRICE)
  expect((await pay(next)).statusCode).toBe(200)
  expect(allowance().debitsPosted + allowance().debitsPending).toBe(PRICE * BigInt(TRUSTED))
  expect((await yard.gateway().audit.verify()).ok).toBe(true)
}, 120_000)
