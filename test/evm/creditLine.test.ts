import type { FastifyInstance } from 'fastify'
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TestUSDC } from '../../contracts/abi/TestUSDC.ts'
import { newApp } from '../../gateway/api/app.ts'
import { paidRoutes } from '../../gateway/api/paid/paidRoute.ts'
import { USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import { type GatewayOnChain, startGateway } from './gatewayOnChain.ts'
import { random32, relay, signTransfer, walletOf } from './payer.ts'
import { type QuietChain, startQuietChain } from './quietChain.ts'
import { x402Pay, x402Payment } from './x402Pay.ts'

// Who is served before the money is collected: a signature costs its signer nothing, so it is worth nothing by itself.
const STRANGERS = 150
let chain: QuietChain
let yard: GatewayOnChain
let app: FastifyInstance
let served = 0

beforeAll(async () => {
  chain = await startQuietChain()
  yard = await startGateway(chain, { depth: 0 })
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
