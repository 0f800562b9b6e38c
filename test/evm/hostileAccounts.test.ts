import type { FastifyInstance } from 'fastify'
import { privateKeyToAccount, privateKeyToAddress } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { usd } from '../../gateway/seller/price.ts'
import { rpc } from './chainProcess.ts'
import type { GatewayOnChain } from './gatewayOnChain.ts'
import { random32, transfer } from './payer.ts'
import { type QuietChain, startQuietChain } from './quietChain.ts'
import { reader, tokenBalance } from './railOnChain.ts'
import { openShop } from './shopOnChain.ts'
import { x402Payment } from './x402Pay.ts'

// Accounts whose code was written to be served for nothing, or to burn the operator's gas. Each has ten dollars and signs with bytes that are no key's.
let chain: QuietChain
let yard: GatewayOnChain
let app: FastifyInstance
let served = 0

beforeAll(async () => {
  chain = await startQuietChain()
  ;({ yard, app } = await openShop(chain, { prices: { '/cheap': usd('0.002') }, serve: () => ({ served: ++served }) }))
}, 60_000)
afterAll(async () => {
  await app?.close()
  await yard?.close()
  await chain?.stop()
})

/** ERC-1271's word as the answer: PUSH4, PUSH1, SHL, PUSH0, MSTORE, PUSH1, PUSH0, RETURN. */
const YES = '631626ba7e60e01b5f5260205ff3'
/** Yes where what stands before it leaves nothing on the stack, no where it leaves one. PUSH1, JUMPI, the word, JUMPDEST, PUSH0, PUSH0, RETURN. */
const unless = (condition: string) => {
  const place = condition.length / 2 + 3 + YES.length / 2
  return `0x${condition}60${place.toString(16).padStart(2, '0')}57${YES}5b5f5ff3`
}
const token = () => chain.token.slice(2)
const operator = () => privateKeyToAddress(chain.operatorKey)
const ether = () => reader(chain).getBalance({ address: operator() })
const sent = () => reader(chain).getTransactionCount({ address: operator() })

/** How many transactions no block has. */
async function waiting(): Promise<number> {
  const block = (await rpc(chain.rpcUrl, 'eth_getBlockByNumber', ['pending', false])) as { transactions: string[] }
  return block.transactions.length
}

/** Of what the last block with a transaction carries. */
async function receipts() {
  const view = reader(chain)
  for (let number = await view.getBlockNumber(); ; number--) {
    const { transactions } = await view.getBlock({ blockNumber: number })
    if (transactions.length > 0) return Promise.all(transactions.map((hash) => view.getTransactionReceipt({ hash })))
  }
}

/** An account with this code, and how it tries to pay. */
async function account(code: string) {
  const customer = privateKeyToAccount(random32())
  const { address } = customer
  await transfer(chain, 1, address, 10_000_000n)
  await rpc(chain.rpcUrl, 'hardhat_setCode', [address, code])
  const proof = async () => {
    const { 'payment-signature': good } = await x402Payment(app, chain, { url: '/cheap', customer })
    const payment = JSON.parse(Buffer.from(good, 'base64').toString())
    payment.payload.signature = `0x${'5a'.repeat(100)}`
    return { 'payment-signature': Buffer.from(JSON.stringify(payment)).toString('base64') }
  }
  const has = () => tokenBalance(chain, address)
  const send = async (headers: Awaited<ReturnType<typeof proof>>) => {
    const answer = await app.inject({ url: '/cheap', headers })
    return [answer.statusCode, answer.json<{ code?: string }>().code]
  }
  const becomes = (other: string) => rpc(chain.rpcUrl, 'hardhat_setCode', [address, other])
  return { has, proof, send, becomes, pay: async () => send(await proof()) }
}

test('one that says yes to us and no to the token is not served, and nothing is sent for it', async () => {
  const evil = await account(unless(`3373${token()}14`))
  const [before, count, had] = [served, await sent(), await evil.has()]
  expect(await evil.pay()).toEqual([402, 'payment_not_collected'])
  expect([served, await sent(), await evil.has()]).toEqual([before, count, had])
})

test('one that says yes in every simulation and no in the block burns one transaction, however often it comes', async () => {
  const evil = await account(`0x${YES}`)
  const [before, count, wei, had] = [served, await sent(), await ether(), await evil.has()]
  const proof = await evil.proof()
  await rpc(chain.rpcUrl, 'evm_setAutomine', [false])
  const answer = evil.send(proof)
  await expect.poll(waiting, { timeout: 30_000, interval: 20 }).toBe(1)
  await evil.becomes('0x5f5ff3')
  await rpc(chain.rpcUrl, 'evm_mine')
  await rpc(chain.rpcUrl, 'evm_setAutomine', [true])
  // It says yes again, as it would whenever it is only asked.
  await evil.becomes(`0x${YES}`)
  expect(await answer).toEqual([402, 'payment_not_collected'])
  for (let n = 0; n < 5; n++) await evil.send(proof)
  for (let n = 0; n < 5; n++) expect(await evil.pay()).toEqual([402, 'payment_not_collected'])
  expect([served, (await sent()) - count, await evil.has()]).toEqual([before, 1, had])
  // 1.3 times the most that one may burn.
  const { effectiveGasPrice, gasUsed } = (await receipts()).at(-1)!
  expect([gasUsed <= 780_000n, wei - (await ether())]).toEqual([true, gasUsed * effectiveGasPrice])
})

test('one that burns three million for the token is not sent', async () => {
  const evil = await account(`0x73${token()}3314602857${YES}5b6201c1385b6001900380602d57${YES}`)
  const [before, count] = [served, await sent()]
  expect(await evil.pay()).toEqual([402, 'payment_not_collected'])
  expect([served, await sent()]).toEqual([before, count])
})

test.each([
  ['burns all', '0x5b5f56'],
  ['answers megabytes', '0x623700005ff3'],
  ['reverts', '0x5f5ffd'],
])('one that %s when it is asked has a bad signature, and its node goes on being believed', async (_, code) => {
  const evil = await account(code)
  const [before, count] = [served, await sent()]
  expect(await evil.pay()).toEqual([402, 'proof_bad_signature'])
  expect([served, await sent()]).toEqual([before, count])
})

test('one that calls the token while it is asked by it pays its price once, and moves nothing', async () => {
  // transfer(this account's operator, 1): MSTORE of selector, receiver and amount, CALL, POP.
  const reenter = `63a9059cbb60e01b5f5273${'1d'.repeat(20)}60045260016024525f5f60445f5f73${token()}61c350f150`
  const evil = await account(`0x${reenter}${YES}`)
  const [before, had] = [served, await evil.has()]
  expect((await evil.pay())[0]).toBe(200)
  expect([served, await evil.has(), await tokenBalance(chain, `0x${'1d'.repeat(20)}`)]).toEqual([before + 1, had - 2_000n, 0n])
})

test('one that answers half a megabyte and the right word pays, at no more than its gas', async () => {
  const evil = await account(`0x${YES.slice(0, -8)}6207a1205ff3`)
  const [before, had] = [served, await evil.has()]
  expect((await evil.pay())[0]).toBe(200)
  expect([served - before, had - (await evil.has())]).toEqual([1, 2_000n])
  expect((await yard.gateway().audit.verify()).ok).toBe(true)
})
