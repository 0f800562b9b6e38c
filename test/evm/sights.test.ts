import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { EvmRail } from '../../adapters/evm/railFaces.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import { rpc } from './chainProcess.ts'
import { startLyingProxy } from './lyingProxy.ts'
import { random32, signTransfer } from './payer.ts'
import { type QuietChain, startQuietChain } from './quietChain.ts'
import { openRail, signal, temporaryFile } from './railOnChain.ts'
import { startSilentProxy } from './silentProxy.ts'

// What is told of a collection before it is final: what was signed, and a block only by the word of most endpoints.
const WAIT = { timeout: 20_000, interval: 25 }
const PAYEE: Hex = '0x5e11e75e11e75e11e75e11e75e11e75e11e75e11'
let chain: QuietChain
beforeAll(async () => {
  chain = await startQuietChain()
}, 60_000)
afterAll(() => chain?.stop())

async function railOver(rpcUrls: readonly string[]): Promise<EvmRail> {
  const { file, remove } = temporaryFile()
  const rail = await openRail(chain, file, { rpcUrls, finality: { depth: 3 } })
  onTestFinished(async () => {
    await rpc(chain.rpcUrl, 'evm_setAutomine', [true])
    await rail.close()
    remove()
  })
  return rail
}
const pays = (nonce = random32()) => signTransfer(chain, { customer: 1, to: PAYEE, value: 2_000n, nonce })
const mine = () => rpc(chain.rpcUrl, 'evm_mine')

test('nothing is told of what is not signed, then its hash, and a block once it is in one', async () => {
  const rail = await railOver([chain.rpcUrl])
  expect(await rail.sightOf('none')).toBeUndefined()
  await rpc(chain.rpcUrl, 'evm_setAutomine', [false])
  void rail.collect('one', await pays(), { signal: signal() })
  await expect.poll(() => rail.sightOf('one'), WAIT).toEqual({ transaction: expect.stringMatching(/^0x[0-9a-f]{64}$/), mined: false })
  const unmined = await rail.sightOf('one')
  await mine()
  await expect.poll(() => rail.sightOf('one'), WAIT).toEqual({ transaction: unmined!.transaction, mined: true })
  // Not final yet, which is for the books to know.
  expect(await rail.lookupCollection('one')).toMatchObject({ kind: 'unknown' })
})

test('an authorization is tried without a trace: good, used, and of an account with too little', async () => {
  const rail = await railOver([chain.rpcUrl])
  const good = await pays()
  expect(await rail.tryAuthorization(good)).toBeUndefined()
  expect(await rail.sightOf('tried')).toBeUndefined()
  await rail.collect('used', good, { signal: AbortSignal.timeout(300) })
  await expect.poll(() => rail.tryAuthorization(good), WAIT).toBe('already_used')
  expect(await rail.tryAuthorization({ ...(await pays()), value: 10n ** 30n })).toMatch(/rejected_by_rail|insufficient_liquidity|reverted/)
})

test('one endpoint of three that says it was mined is not believed', async () => {
  const liar = await startLyingProxy(chain.rpcUrl)
  onTestFinished(liar.close)
  const rail = await railOver([liar.url, chain.rpcUrl, chain.rpcUrl])
  const [told, false_] = [random32(), random32()]
  void rail.collect('told', await pays(told), { signal: signal() })
  await expect.poll(() => rail.sightOf('told'), WAIT).toMatchObject({ mined: true })
  const { transaction } = (await rail.sightOf('told'))!
  const receipt = JSON.stringify(await rpc(chain.rpcUrl, 'eth_getTransactionReceipt', [transaction]))
  await rpc(chain.rpcUrl, 'evm_setAutomine', [false])
  liar.tell((method, [hash]) => {
    if (method !== 'eth_getTransactionReceipt' || hash === transaction) return undefined
    return JSON.parse(receipt.replaceAll(transaction, String(hash)).replaceAll(told.slice(2), false_.slice(2)))
  })
  void rail.collect('false', await pays(false_), { signal: signal() })
  await expect.poll(() => rail.sightOf('false'), WAIT).toMatchObject({ mined: false })
  for (let n = 0; n < 10; n++) expect(await rail.sightOf('false')).toMatchObject({ mined: false })
  await mine()
  await expect.poll(() => rail.sightOf('false'), WAIT).toMatchObject({ mined: true })
})

test('of an endpoint that is silent the hash is told, and no block', async () => {
  const proxy = await startSilentProxy(chain.rpcUrl)
  onTestFinished(proxy.close)
  const rail = await railOver([proxy.url])
  proxy.silence((method) => method === 'eth_getTransactionReceipt')
  void rail.collect('unseen', await pays(), { signal: signal() })
  await expect.poll(() => rail.sightOf('unseen'), WAIT).toMatchObject({ mined: false })
  proxy.silence(() => false)
  await expect.poll(() => rail.sightOf('unseen'), WAIT).toMatchObject({ mined: true })
}, 60_000)
