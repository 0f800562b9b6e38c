import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Settlement } from '../../../gateway/ports/receiver.ts'
import { rpc } from '../../../test/evm/chainProcess.ts'
import { type Lie, type LyingProxy, startLyingProxy } from '../../../test/evm/lyingProxy.ts'
import { transfer } from '../../../test/evm/payer.ts'
import { type QuietChain, startQuietChain } from '../../../test/evm/quietChain.ts'
import { openRail, payout, signal, temporaryFile, tokenBalance } from '../../../test/evm/railOnChain.ts'
import type { EvmRail } from '../railFaces.ts'

// Up to three endpoints before one honest chain; the first is the one that is asked by preference, and the one that lies.
let chain: QuietChain
let proxies: LyingProxy[]
let data: ReturnType<typeof temporaryFile>
let rail: EvmRail
let items: Settlement[]
let reading: Promise<void>
let ending: AbortController
const lines: string[] = []

beforeAll(async () => {
  chain = await startQuietChain()
})
afterAll(() => chain?.stop())
beforeEach(async () => {
  data = temporaryFile()
  lines.length = 0
  items = []
  await mine(3)
  proxies = await Promise.all([0, 1, 2].map(() => startLyingProxy(chain.rpcUrl)))
})
afterEach(async () => {
  ending?.abort()
  await reading
  await rail?.close()
  await Promise.all(proxies.map((proxy) => proxy.close()))
  data?.remove()
})

const mine = (blocks: number) => rpc(chain.rpcUrl, 'hardhat_mine', [`0x${blocks.toString(16)}`])
const liar = () => proxies[0]!
const alarms = () => lines.filter((line) => line.includes('ALARM'))
const found = (hash: Hex) => items.filter(({ proof }) => proof === hash)
const WAIT = { timeout: 10_000 }
/** So many looks of the rail that what it would believe it had believed. */
const looks = async (more = 6) => {
  const enough = proxies[1]!.calls('eth_getBlockByNumber') + more * 2
  await expect.poll(() => proxies[1]!.calls('eth_getBlockByNumber'), WAIT).toBeGreaterThan(enough)
}

async function open(endpoints: number, depth = 1): Promise<void> {
  const rpcUrls = proxies.slice(0, endpoints).map(({ url }) => url)
  rail = await openRail(chain, data.file, { rpcUrls, finality: { depth }, log: (line) => lines.push(line) })
  ending = new AbortController()
  const [first] = await rail.balances()
  reading = (async () => {
    for await (const item of rail.settlements(first!.cursor!, { signal: ending.signal })) items.push(item)
  })()
}

type Block = { number: Hex; hash: Hex }
type Log = { data: Hex; logIndex: Hex }
const hex = (value: bigint): Hex => `0x${value.toString(16)}`
/** A head so many blocks beyond the real one, with blocks to match. */
const ahead =
  (by: bigint): Lie =>
  async (method, params, ask) => {
    if (method !== 'eth_getBlockByNumber') return undefined
    const real = (await ask(method, params)) as Block | null // the node's own word.
    if (params[0] === 'latest') return { ...real, number: hex(BigInt(real!.number) + by), hash: `0x${'ee'.repeat(32)}` }
    if (real) return real
    const latest = (await ask(method, ['latest', false])) as Block
    return { ...latest, number: params[0], hash: `0x${'ee'.repeat(32)}` }
  }
/** All that it says stands in other blocks than the real ones. */
const otherBlocks =
  (from: bigint): Lie =>
  async (method, params, ask) => {
    if (method === 'eth_getLogs') return []
    if (method !== 'eth_getBlockByNumber') return undefined
    const real = (await ask(method, params)) as Block | null
    return real && BigInt(real.number) >= from ? { ...real, hash: `0xbad${real.hash.slice(5)}` } : undefined
  }
/** Every payment is a hundred times what it was. */
const richer: Lie = async (method, params, ask) => {
  if (method !== 'eth_getLogs' && method !== 'eth_getTransactionReceipt') return undefined
  const answer = await ask(method, params)
  const raise = (logs: Log[]) => logs.map((log) => ({ ...log, data: `0x${(BigInt(log.data) * 100n).toString(16).padStart(64, '0')}` }))
  if (method === 'eth_getLogs') return raise(answer as Log[])
  const receipt = answer as { logs: Log[] } | null
  return receipt && { ...receipt, logs: raise(receipt.logs) }
}

test('a head that runs far ahead makes nothing final before its time, and is named', async () => {
  await open(2)
  liar().tell(ahead(1_000n))
  const hash = await transfer(chain, 1, rail.operator, 5n)
  await expect.poll(alarms, WAIT).toEqual([expect.stringMatching(/far apart.*1 \(127\.0\.0\.1:\d+\) at \d{4}/)])
  await looks()
  expect(found(hash)).toEqual([])
  await mine(1)
  await expect.poll(() => found(hash).length, WAIT).toBe(1)
})

test('a head that stands still holds everything back where there are two, and nothing where there are three', async () => {
  await open(2)
  const stood = await rpc(chain.rpcUrl, 'eth_getBlockByNumber', ['latest', false])
  liar().tell((method, params) => (method === 'eth_getBlockByNumber' && params[0] === 'latest' ? stood : undefined))
  const hash = await transfer(chain, 1, rail.operator, 6n)
  await mine(60)
  await expect.poll(alarms, WAIT).toEqual([expect.stringMatching(/far apart/)])
  await looks()
  expect(found(hash)).toEqual([])
  ending.abort()
  await reading
  await rail.close()
  await open(3)
  const other = await transfer(chain, 1, rail.operator, 7n)
  await mine(2)
  await expect.poll(() => found(other).length, WAIT).toBe(1)
  const account: Hex = `0x${'61'.repeat(20)}`
  const paid = rail.send(payout(chain, 'at_still', account, 3n), { signal: signal() })
  await expect.poll(() => tokenBalance(chain, account), WAIT).toBe(3n)
  await mine(1)
  expect(await paid).toMatchObject({ kind: 'settled' })
})

test('a payment that one endpoint tells otherwise than the other is not credited at all', async () => {
  await open(2)
  liar().tell(richer)
  const hash = await transfer(chain, 1, rail.operator, 5n)
  await mine(2)
  await expect.poll(alarms, WAIT).toEqual([expect.stringMatching(/contradict each other; nothing is credited/)])
  await looks()
  expect(found(hash)).toEqual([])
  liar().tell(undefined)
  await expect.poll(() => found(hash).map(({ amount }) => amount.units), WAIT).toEqual([5n])
})

test('of three endpoints the two that agree are believed, and the third is named and not read from', async () => {
  await open(3)
  liar().tell(richer)
  const hash = await transfer(chain, 1, rail.operator, 5n)
  await mine(2)
  await expect.poll(() => found(hash).map(({ amount }) => amount.units), WAIT).toEqual([5n])
  expect(alarms()).toEqual([expect.stringMatching(/most of the others contradict.*endpoint=1 \(127/)])
  await looks(2)
  const asked = liar().calls('eth_feeHistory')
  await expect.poll(() => proxies[1]!.calls('eth_feeHistory'), WAIT).toBeGreaterThan(0)
  expect(liar().calls('eth_feeHistory')).toBe(asked)
})

test('a reorganisation that only one of three endpoints tells of takes nothing back', async () => {
  await open(3)
  const hash = await transfer(chain, 1, rail.operator, 5n)
  await mine(2)
  await expect.poll(() => found(hash).length, WAIT).toBe(1)
  const block = BigInt(found(hash)[0]!.cursor.split(':')[0]!)
  liar().tell(otherBlocks(block))
  await mine(2)
  await expect.poll(alarms, WAIT).toEqual([expect.stringMatching(/most of the others contradict/)])
  await looks()
  expect(items.filter(({ kind }) => kind === 'demoted')).toEqual([])
})

test('one endpoint that goes to other blocks and back has its payment taken back and told again under another id', async () => {
  await open(1)
  const hash = await transfer(chain, 1, rail.operator, 5n)
  await mine(2)
  await expect.poll(() => found(hash).length, WAIT).toBe(1)
  const [first] = items
  liar().tell(otherBlocks(BigInt(first!.cursor.split(':')[0]!)))
  await mine(1)
  await expect.poll(() => items.at(-1), WAIT).toMatchObject({ kind: 'demoted', takesBack: { kind: 'received', id: first!.id } })
  liar().tell(undefined)
  await mine(1)
  await expect.poll(() => items.at(-1), WAIT).toMatchObject({ kind: 'received', id: `${first!.id}:2`, amount: { units: 5n } })
  expect(items).toHaveLength(3)
})

test('an endpoint that falls silent is replaced by another, and a transaction goes to all', async () => {
  await open(2, 0)
  liar().tell(() => {
    throw new Error('silence')
  })
  const account: Hex = `0x${'62'.repeat(20)}`
  expect(await rail.send(payout(chain, 'at_other', account, 9n), { signal: signal() })).toMatchObject({ kind: 'settled' })
  liar().tell(undefined)
  const before = proxies.map((proxy) => proxy.calls('eth_sendRawTransaction'))
  expect(await rail.send(payout(chain, 'at_both', account, 9n), { signal: signal() })).toMatchObject({ kind: 'settled' })
  const sent = proxies.map((proxy, i) => proxy.calls('eth_sendRawTransaction') - before[i]!)
  expect(sent).toEqual([1, 1, 0])
  expect(await tokenBalance(chain, account)).toBe(18n)
})
