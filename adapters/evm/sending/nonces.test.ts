import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { paidAfterCopy, signedAt } from '../../../test/evm/alteredFile.ts'
import { rpc } from '../../../test/evm/chainProcess.ts'
import { type Lie, type LyingProxy, startLyingProxy } from '../../../test/evm/lyingProxy.ts'
import { type QuietChain, startQuietChain } from '../../../test/evm/quietChain.ts'
import { openRail, payout, reader, signal, temporaryFile, tokenBalance } from '../../../test/evm/railOnChain.ts'
import type { EvmRail } from '../railFaces.ts'

// Endpoints before one honest chain that say what they like about how many transactions the operator's key has made.
const WAIT = { timeout: 15_000, interval: 25 }
const LOST = { kind: 'unknown', stuck: true, detail: expect.stringContaining('older copy') }
const FAR = 100_000

let chain: QuietChain
let proxies: LyingProxy[]
let data: ReturnType<typeof temporaryFile>
let lines: string[]
const opened: EvmRail[] = []

beforeAll(async () => {
  chain = await startQuietChain()
})
afterAll(() => chain?.stop())
beforeEach(async () => {
  data = temporaryFile()
  lines = []
  proxies = await Promise.all([0, 1, 2].map(() => startLyingProxy(chain.rpcUrl)))
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((rail) => rail.close()))
  await Promise.all(proxies.map((proxy) => proxy.close()))
  data?.remove()
})

async function open(endpoints: number): Promise<EvmRail> {
  const rpcUrls = proxies.slice(0, endpoints).map(({ url }) => url)
  const rail = await openRail(chain, data.file, { rpcUrls, rpcTimeoutMs: 5_000, log: (line) => void lines.push(line) })
  opened.push(rail)
  return rail
}

const account = (name: string): Hex => `0x${name.repeat(20)}`
const liar = () => proxies[0]!
const asHex = (count: number): Hex => `0x${count.toString(16)}`
const counted = (rail: EvmRail) => reader(chain).getTransactionCount({ address: rail.operator })
/** Says how many transactions the key has made, when asked at one of these blocks. */
const counting =
  (count: number, isAsked: (block: unknown) => boolean = () => true): Lie =>
  (method, params) =>
    method === 'eth_getTransactionCount' && isAsked(params[1]) ? asHex(count) : undefined
const noEstimates: Lie = (method) => {
  if (method === 'eth_estimateGas') throw new Error('silent')
}

const scene = () => ({ chain, file: data.file, endpoint: liar(), open: () => open(1) })

test('an older file is noticed when the endpoint that is read from lags: the highest count of any tells', async () => {
  const { order, count } = await paidAfterCopy(scene(), 'at_lag', account('f1'))
  liar().tell(counting(count, (block) => block === 'latest' || block === 'pending'))
  const third = await open(3)
  expect(await third.lookup(order.id, order)).toMatchObject(LOST)
  await third.send(payout(chain, 'at_lag_later', account('f2'), 1n), { signal: signal() })
  expect(await tokenBalance(chain, account('f1'))).toBe(700n)
})

test('an older file is noticed later too, before anything further is signed, when the only endpoint lagged at the start', async () => {
  const { order, count } = await paidAfterCopy(scene(), 'at_late', account('f3'))
  const lagging = counting(count)
  liar().tell((method, params, ask) => noEstimates(method, params, ask) ?? lagging(method, params, ask))
  const third = await open(1)
  const waiting = third.send(order, { signal: AbortSignal.timeout(1_500) })
  expect(await third.lookup(order.id, order)).toMatchObject({ kind: 'unknown' })
  liar().tell(noEstimates)
  await rpc(chain.rpcUrl, 'evm_mine')
  await expect.poll(() => third.lookup(order.id, order), WAIT).toMatchObject(LOST)
  liar().tell(undefined)
  expect(await waiting).toMatchObject(LOST)
  await third.send(payout(chain, 'at_late_later', account('f2'), 1n), { signal: signal() })
  expect(await tokenBalance(chain, account('f3'))).toBe(700n)
})

test('nothing is opened while fewer than most endpoints say how much was signed', async () => {
  const silent: Lie = (method) => {
    if (method === 'eth_getTransactionCount') throw new Error('silent')
  }
  for (const proxy of proxies.slice(0, 2)) proxy.tell(silent)
  await expect(open(3)).rejects.toMatchObject({ code: 'rail_unavailable' })
  proxies[1]!.tell(undefined)
  expect(await (await open(3)).send(payout(chain, 'at_two_of_three', account('f4'), 9n), { signal: signal() })).toMatchObject({
    kind: 'settled',
  })
})

test('one of three that lies about the count moves no nonce, at the start or later', async () => {
  liar().tell(counting(FAR, (block) => block === 'latest' || block === 'pending'))
  const rail = await open(3)
  const before = await counted(rail)
  expect(await rail.send(payout(chain, 'at_lie_1', account('f5'), 9n), { signal: signal() })).toMatchObject({ kind: 'settled' })
  liar().tell(counting(FAR))
  await rpc(chain.rpcUrl, 'evm_mine')
  const looks = liar().calls('eth_getBlockByNumber')
  await expect.poll(() => liar().calls('eth_getBlockByNumber'), WAIT).toBeGreaterThan(looks + 4)
  expect(await rail.send(payout(chain, 'at_lie_2', account('f5'), 9n), { signal: signal() })).toMatchObject({ kind: 'settled' })
  expect(await counted(rail)).toBe(before + 2)
})

test('an only endpoint that lies far above what is known stops the lane, and signing goes on when it is honest', async () => {
  const rail = await open(1)
  await rail.send(payout(chain, 'at_sole_0', account('f6'), 1n), { signal: signal() })
  const before = await counted(rail)
  liar().tell(counting(FAR))
  await rpc(chain.rpcUrl, 'evm_mine')
  await expect.poll(() => lines.join('\n'), WAIT).toMatch(/nothing is signed with this key/)
  const waiting = rail.send(payout(chain, 'at_sole_1', account('f6'), 9n), { signal: signal() })
  await expect.poll(() => lines.join('\n'), WAIT).toMatch(/no nonce.*halted/)
  expect(await counted(rail)).toBe(before)
  liar().tell(undefined)
  await rpc(chain.rpcUrl, 'evm_mine')
  expect(await waiting).toMatchObject({ kind: 'settled' })
  expect(await counted(rail)).toBe(before + 1)
})

test('a file that holds a nonce far above the chain fills no gap up to it, and signs nothing', async () => {
  await signedAt(scene(), { id: 'at_far', address: account('f7'), nonce: FAR })
  const second = await open(3)
  const before = await counted(second)
  expect(lines.join('\n')).toMatch(/nothing is signed with this key/)
  const outcome = await second.send(payout(chain, 'at_far_next', account('f8'), 9n), { signal: AbortSignal.timeout(1_500) })
  expect(outcome).toMatchObject({ kind: 'unknown' })
  expect(await second.lookup('at_far')).toMatchObject({ kind: 'unknown' })
  expect(await counted(second)).toBe(before)
})
