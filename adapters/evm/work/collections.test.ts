import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { TestUSDC } from '../../../contracts/abi/TestUSDC.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { rpc } from '../../../test/evm/chainProcess.ts'
import { type Lie, type LyingProxy, Refusal, startLyingProxy } from '../../../test/evm/lyingProxy.ts'
import { random32, relay, signTransfer, transfer, walletOf } from '../../../test/evm/payer.ts'
import { type QuietChain, startQuietChain } from '../../../test/evm/quietChain.ts'
import { openRail, reader, signal, temporaryFile, tokenBalance } from '../../../test/evm/railOnChain.ts'
import type { EvmRail } from '../railFaces.ts'

// Only the nonce, used or cancelled, or the end of its time ends a collection, and only when most endpoints say so in a final block.
let chain: QuietChain
let proxies: LyingProxy[]
let data: ReturnType<typeof temporaryFile>
let rail: EvmRail | undefined

beforeAll(async () => {
  chain = await startQuietChain()
})
afterAll(() => chain?.stop())
beforeEach(async () => {
  data = temporaryFile()
  proxies = await Promise.all([0, 1, 2].map(() => startLyingProxy(chain.rpcUrl)))
})
afterEach(async () => {
  await rail?.close()
  await Promise.all(proxies.map((proxy) => proxy.close()))
  data.remove()
})

const WAIT = { timeout: 15_000 }
const liar = () => proxies[0]!
const mine = () => rpc(chain.rpcUrl, 'hardhat_mine', ['0x1'])
const fresh = (): Hex => `0x${random32().slice(2, 42)}`

async function open(endpoints: number): Promise<EvmRail> {
  rail = await openRail(chain, data.file, { rpcUrls: proxies.slice(0, endpoints).map(({ url }) => url) })
  return rail
}

/** Every simulation is refused in these words. */
const refusing =
  (said: string): Lie =>
  (method) =>
    method === 'eth_estimateGas' ? new Refusal(said) : undefined
/** The first word of `authorizationState(address,bytes32)`, as the ABI encodes it. */
const AUTHORIZATION_STATE = '0xe94a0102'
const isStateCall = (params: readonly unknown[]) => (params[0] as { data?: Hex } | undefined)?.data?.startsWith(AUTHORIZATION_STATE) // our own call.
const usedNonce: Lie = (method, params) => (method === 'eth_call' && isStateCall(params) ? `0x${'1'.padStart(64, '0')}` : undefined)
/** All its blocks are of next year. */
const nextYear: Lie = async (method, params, ask) => {
  if (method !== 'eth_getBlockByNumber') return undefined
  const block = (await ask(method, params)) as { timestamp: Hex } | null // the node's own word.
  return block && { ...block, timestamp: `0x${(BigInt(block.timestamp) + 31_536_000n).toString(16)}` }
}

describe('one of three endpoints, the one that is read from,', () => {
  test.each<[string, Lie]>([
    ['says that the nonce is used', refusing('FiatTokenV2: authorization is used or canceled')],
    ['says that the authorization has expired', refusing('FiatTokenV2: authorization is expired')],
    ['says that the signature is wrong', refusing('FiatTokenV2: invalid signature')],
    ['says that the token is paused', refusing('Pausable: paused')],
    ['says nothing that anybody knows', refusing('0x')],
    ['tells the state of the nonce wrongly', usedNonce],
    ['lives a year ahead', nextYear],
  ])('%s, and the money is collected all the same', async (_, lie) => {
    const opened = await open(3)
    const to = fresh()
    const authorization = await signTransfer(chain, { customer: 0, to, value: 70n })
    liar().tell(lie)
    const outcome = await opened.collect('c', authorization, { signal: signal() })
    expect(outcome).not.toMatchObject({ kind: 'failed' })
    await expect.poll(() => opened.lookupCollection('c'), WAIT).toMatchObject({ kind: 'settled' })
    expect(await tokenBalance(chain, to)).toBe(70n)
  })
})

describe('what may still come true is tried again until its time ends:', () => {
  test('the refusal of the only endpoint, said and taken back', async () => {
    const opened = await open(1)
    const to = fresh()
    const authorization = await signTransfer(chain, { customer: 0, to, value: 71n })
    liar().tell(refusing('FiatTokenV2: invalid signature'))
    const told = await opened.collect('c', authorization, { signal: signal() })
    expect(told).toMatchObject({ kind: 'unknown', refusal: 'rejected_by_rail', detail: 'the token does not accept the signature' })
    liar().tell(undefined)
    await expect.poll(() => opened.lookupCollection('c'), WAIT).toMatchObject({ kind: 'settled' })
    expect(await tokenBalance(chain, to)).toBe(71n)
  })

  test('a payer who is blocked by the token, and let go', async () => {
    const opened = await open(1)
    const authorization = await signTransfer(chain, { customer: 1, to: fresh(), value: 72n })
    const account = authorization.from
    const call = { address: chain.token, abi: TestUSDC.abi, args: [account] } as const
    await walletOf(chain, 2).writeContract({ ...call, functionName: 'blacklist' })
    expect(await opened.collect('c', authorization, { signal: signal() })).toMatchObject({ kind: 'unknown', refusal: 'rejected_by_rail' })
    await walletOf(chain, 2).writeContract({ ...call, functionName: 'unBlacklist' })
    await expect.poll(() => opened.lookupCollection('c'), WAIT).toMatchObject({ kind: 'settled' })
  })

  test('a payer with too little, who tops up and presses again: at once', async () => {
    const opened = await open(1)
    const held = await tokenBalance(chain, chain.customers[3]!.address)
    const to = fresh()
    const authorization = await signTransfer(chain, { customer: 3, to, value: held + 5n })
    const short = await opened.collect('c', authorization, { signal: signal() })
    expect(short).toMatchObject({ kind: 'unknown', refusal: 'insufficient_liquidity' })
    await transfer(chain, 4, chain.customers[3]!.address, 5n)
    expect(await opened.collect('c', authorization, { signal: signal() })).toMatchObject({ kind: 'settled' })
    expect(await tokenBalance(chain, to)).toBe(held + 5n)
  })

  test('three transactions that reverted: no fourth is sent, and it ends only with its time', async () => {
    const opened = await open(1)
    const authorization = await signTransfer(chain, { customer: 5, to: fresh(), value: 10n ** 15n })
    const before = await reader(chain).getTransactionCount({ address: opened.operator })
    liar().tell((method) => (method === 'eth_estimateGas' ? '0x20000' : undefined))
    await opened.collect('c', authorization, { signal: AbortSignal.timeout(1_000) })
    await expect.poll(() => opened.lookupCollection('c'), WAIT).toMatchObject({ kind: 'unknown', refusal: 'reverted' })
    expect(await reader(chain).getTransactionCount({ address: opened.operator })).toBe(before + 3)
    const hash = await relayLater(authorization)
    await expect.poll(() => opened.lookupCollection('c'), WAIT).toMatchObject({ kind: 'settled', evidence: { id: hash } })
  })
})

/** The payer gets the money after all and has somebody else relay it. */
async function relayLater(authorization: Awaited<ReturnType<typeof signTransfer>>): Promise<Hex> {
  const args = [authorization.from, authorization.value] as const
  await walletOf(chain, 2).writeContract({ address: chain.token, abi: TestUSDC.abi, functionName: 'mint', args })
  return relay(chain, 2, authorization)
}

test('an authorization whose time ends unused ends expired, when the final block says so', async () => {
  const opened = await open(3)
  const authorization = await signTransfer(chain, { customer: 1, to: fresh(), value: 10n ** 15n, validForSeconds: 60 })
  expect(await opened.collect('c', authorization, { signal: signal() })).toMatchObject({
    kind: 'unknown',
    refusal: 'insufficient_liquidity',
  })
  await rpc(chain.rpcUrl, 'evm_increaseTime', [600])
  await mine()
  await expect.poll(() => opened.lookupCollection('c'), WAIT).toEqual({ kind: 'failed', reason: 'expired' })
})
