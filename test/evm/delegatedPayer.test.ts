import type { FastifyInstance } from 'fastify'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Hex } from '../../gateway/ports/ids.ts'
import { usd } from '../../gateway/seller/price.ts'
import type { GatewayOnChain } from './gatewayOnChain.ts'
import { signTransfer, walletOf } from './payer.ts'
import { type QuietChain, startQuietChain } from './quietChain.ts'
import { reader } from './railOnChain.ts'
import { openShop } from './shopOnChain.ts'
import { x402Pay } from './x402Pay.ts'

// A payer who has delegated the code of its account (EIP-7702) to a contract that knows nothing of signatures, as wallets do: the token then
// refuses what its key signed.
const PAYER = 3
/** The transaction that changes a delegation has to go somewhere; not to the account itself, whose new code would run. */
const NOBODY: Hex = `0x${'1d'.repeat(20)}`
let chain: QuietChain
let yard: GatewayOnChain
let app: FastifyInstance
let served = 0

beforeAll(async () => {
  chain = await startQuietChain()
  ;({ yard, app } = await openShop(chain, { prices: { '/cheap': usd('0.002'), '/dear': usd('0.5') }, serve: () => ({ served: ++served }) }))
  const wallet = walletOf(chain, PAYER)
  const authorization = await wallet.signAuthorization({ contractAddress: chain.token, executor: 'self' })
  await wallet.sendTransaction({ authorizationList: [authorization], to: NOBODY })
  expect(await reader(chain).getCode({ address: wallet.account.address })).toBe(`0xef0100${chain.token.slice(2).toLowerCase()}`)
}, 60_000)
afterAll(async () => {
  await app?.close()
  await yard?.close()
  await chain?.stop()
})

type Problem = { code: string; hint: string; offers: { rail: string }[] }

const pay = (url: string, customer: number) => x402Pay(app, chain, { url, customer })

test('a payer with a delegated account is told so, with the other offers, and nothing is done or taken', async () => {
  const answer = await pay('/dear', PAYER)
  expect(answer.statusCode).toBe(402)
  const problem: Problem = answer.json()
  expect(problem).toMatchObject({ code: 'payer_delegated', hint: expect.stringMatching(/another offer/) })
  expect(problem.offers.length).toBeGreaterThan(0)
  expect(served).toBe(0)
  expect((await yard.gateway().audit.verify()).ok).toBe(true)
})

test('its next authorization is collected before the work, however cheap the route', async () => {
  const before = served
  const answer = await pay('/cheap', PAYER)
  expect([answer.statusCode, answer.json<Problem>().code]).toEqual([402, 'payer_delegated'])
  expect(served).toBe(before)
})

test('of what it signs no more than four are kept, and the next ones are told the same', async () => {
  for (let n = 0; n < 6; n++) expect((await pay('/cheap', PAYER)).json<Problem>().code).toBe('payer_delegated')
  const held = yard
    .gateway()
    .ledger.books.accounts('transit')
    .reduce((sum, { debitsPending }) => sum + debitsPending, 0n)
  // One was over half a dollar.
  expect(held).toBe(500_000n + 3n * 2_000n)
})

test('the same payer is served when the delegation is gone, and others all along', async () => {
  expect((await pay('/dear', 2)).statusCode).toBe(200)
  const wallet = walletOf(chain, PAYER)
  const authorization = await wallet.signAuthorization({ contractAddress: `0x${'00'.repeat(20)}`, executor: 'self' })
  await wallet.sendTransaction({ authorizationList: [authorization], to: NOBODY })
  await expect.poll(async () => (await pay('/dear', PAYER)).statusCode, { timeout: 20_000 }).toBe(200)
})

test('a wrong signature of an account without a delegation stays a wrong signature', async () => {
  const payTo = privateKeyToAccount(chain.operatorKey).address
  const good = await signTransfer(chain, { customer: 1, to: payTo, value: 5n })
  const other = await signTransfer(chain, { customer: 2, to: payTo, value: 5n })
  const [rail] = yard.gateway().payins.chains
  const outcome = await rail!.collect('c_wrong', { ...good, signature: other.signature }, { signal: AbortSignal.timeout(5_000) })
  expect(outcome).toMatchObject({ kind: 'unknown', refusal: 'rejected_by_rail' })
})
