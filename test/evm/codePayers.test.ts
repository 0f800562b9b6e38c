import { ExactEvmScheme, UptoEvmScheme } from '@x402/evm'
import type { FastifyInstance } from 'fastify'
import { evm, Mppx } from 'mppx/client'
import type { Address } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { usd } from '../../gateway/seller/price.ts'
import type { GatewayOnChain } from './gatewayOnChain.ts'
import { accountOf } from './permits.ts'
import { type QuietChain, startQuietChain } from './quietChain.ts'
import { reader, tokenBalance } from './railOnChain.ts'
import { type Policy, recordedClient } from './recordedClient.ts'
import { openShop } from './shopOnChain.ts'
import { delegate, putFactory, smartAccountOf } from './smartWallets.ts'

// Payers whose account is a contract, or has delegated its code, by the unmodified clients: collected before the work, because what code has said of a
// signature it may deny a moment later.
let chain: QuietChain
let yard: GatewayOnChain
let app: FastifyInstance
let url: string
let seller: string
let served = 0

beforeAll(async () => {
  chain = await startQuietChain()
  await putFactory(chain)
  ;({ yard, app, url, seller } = await openShop(chain, {
    prices: { '/cheap': usd('0.002'), '/used': { upto: usd('0.05') } },
    serve: () => ({ served: ++served }),
    onChain: { token: { signed: ['eip3009', 'permit2'] } },
  }))
}, 60_000)
afterAll(async () => {
  await app?.close()
  await yard?.close()
  await chain?.stop()
})

type Problem = { code: string; detail: string; offers: { rail: string }[] }
const byPermit2: Policy = (_, offers) => offers.filter(({ extra }) => extra.assetTransferMethod === 'permit2')
const has = (address: Address) => tokenBalance(chain, address)
const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as Problem).code]
const codeAt = async (address: Address) => (await reader(chain).getCode({ address })) !== undefined

test('an account that is not made yet is told so, with the other offers; nothing is called for it and nothing kept', async () => {
  const { account, make } = await smartAccountOf(chain, 1)
  const { get, again } = recordedClient(new ExactEvmScheme(account))
  const answer = await get(`${url}/cheap`)
  expect(JSON.parse(Buffer.from(answer.headers.get('payment-required')!, 'base64').toString()).error).toBe('eip6492_factory_not_allowed')
  const problem = (await answer.json()) as Problem
  expect([answer.status, problem.code, problem.offers.length]).toEqual([402, 'payer_not_deployed', expect.any(Number)])
  expect([await codeAt(account.address), served, await has(account.address)]).toEqual([false, 0, 10_000_000n])
  // The very same signature is good once the account stands: what it is wrapped in is left out.
  await make()
  const paid = await again()
  expect([paid.status, await paid.json()]).toEqual([200, { served: 1 }])
  expect(await has(account.address)).toBe(9_998_000n)
})

test('an account that is a contract pays by x402 with what its owner signs, before the work however cheap, once', async () => {
  const { account, make } = await smartAccountOf(chain, 1, 1n)
  await make()
  const [before, credit] = [served, yard.credit(seller)]
  const { get, again, read } = recordedClient(new ExactEvmScheme(account))
  const answer = await get(`${url}/cheap`)
  expect([answer.status, served]).toEqual([200, before + 1])
  // Success with a transaction is said of money that has come: nothing was deferred.
  expect(read(answer)).toMatchObject({
    success: true,
    transaction: expect.stringMatching(/^0x[0-9a-f]{64}$/),
    payer: account.address.toLowerCase(),
  })
  const copies = await Promise.all(Array.from({ length: 10 }, again))
  expect(copies.map(({ status }) => status)).toEqual(Array(10).fill(200))
  expect([served, await has(account.address)]).toEqual([before + 1, 9_998_000n])
  await expect.poll(() => yard.credit(seller), { timeout: 30_000 }).toBe(credit + 2_000n)
})

test('it pays over Permit2, once it has let Permit2 take the token', async () => {
  const { account, make, letPermit2 } = await smartAccountOf(chain, 1, 2n)
  await make()
  const before = served
  const { get, again } = recordedClient(new ExactEvmScheme(account), [byPermit2])
  expect(await codeOf(await get(`${url}/cheap`))).toEqual([412, 'permit2_allowance_required'])
  await letPermit2()
  expect([(await again()).status, served, await has(account.address)]).toEqual([200, before + 1, 9_998_000n])
})

test('a maximum is not for it: that is taken after the work, and its word may not hold so long', async () => {
  const { account, make, letPermit2 } = await smartAccountOf(chain, 1, 3n)
  await make()
  await letPermit2()
  const before = served
  expect(await codeOf(await recordedClient(new UptoEvmScheme(account)).get(`${url}/used`))).toEqual([402, 'credit_needed'])
  expect([served, await has(account.address)]).toEqual([before, 10_000_000n])
})

test('it pays the charge of MPP', async () => {
  const { account, make } = await smartAccountOf(chain, 1, 4n)
  await make()
  const before = served
  const methods = [evm({ account, authorization: { name: chain.tokenName, version: chain.tokenVersion } })]
  const answer = await (Mppx.create({ polyfill: false, methods }).fetch as typeof fetch)(`${url}/cheap`)
  expect([answer.status, served, await has(account.address)]).toEqual([200, before + 1, 9_998_000n])
  expect(answer.headers.get('payment-receipt')).not.toBeNull()
})

test('what another key has signed for it is refused, and so is a signature of an account without code', async () => {
  const [mine, other] = [await smartAccountOf(chain, 1, 5n), await smartAccountOf(chain, 2, 5n)]
  await mine.make()
  const before = served
  await other.make()
  type Signer = ConstructorParameters<typeof ExactEvmScheme>[0]
  const signedBy = ({ account }: typeof mine, address: Address): Signer => ({
    address,
    signTypedData: (terms) => account.signTypedData(terms as Parameters<typeof account.signTypedData>[0]), // The same terms, typed for viem.
  })
  for (const signer of [signedBy(other, mine.account.address), signedBy(mine, accountOf(chain, 4).address)])
    expect(await codeOf(await recordedClient(new ExactEvmScheme(signer)).get(`${url}/cheap`))).toEqual([402, 'proof_bad_signature'])
  expect([served, await has(mine.account.address)]).toEqual([before, 10_000_000n])
})

test('a delegated account whose code goes by its key pays as before, before the work', async () => {
  await delegate(chain, 3)
  const [before, had] = [served, await has(accountOf(chain, 3).address)]
  const { get, read } = recordedClient(new ExactEvmScheme(accountOf(chain, 3)))
  const answer = await get(`${url}/cheap`)
  expect([answer.status, served]).toEqual([200, before + 1])
  expect(read(answer)).toMatchObject({ success: true, transaction: expect.stringMatching(/^0x/) })
  expect(await has(accountOf(chain, 3).address)).toBe(had - 2_000n)
  expect((await yard.gateway().audit.verify()).ok).toBe(true)
})
