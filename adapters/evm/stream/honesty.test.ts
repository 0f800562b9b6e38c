import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Settlement } from '../../../gateway/ports/receiver.ts'
import { rpc } from '../../../test/evm/chainProcess.ts'
import { type Lie, type LyingProxy, startLyingProxy } from '../../../test/evm/lyingProxy.ts'
import { random32, transfer } from '../../../test/evm/payer.ts'
import { type QuietChain, startQuietChain } from '../../../test/evm/quietChain.ts'
import { openRail, temporaryFile } from '../../../test/evm/railOnChain.ts'
import { receiverAddress } from '../node/offers.ts'
import type { EvmRail } from '../railFaces.ts'

// Nodes that do not lie about blocks, and whose word about the logs in them is wrong or missing.
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

const WAIT = { timeout: 15_000 }
const mine = (blocks: number) => rpc(chain.rpcUrl, 'hardhat_mine', [`0x${blocks.toString(16)}`])
const alarms = () => lines.filter((line) => line.includes('ALARM'))
const found = (hash: Hex) => items.filter(({ proof }) => proof === hash)
/** So many looks of the rail that what it would pass over it has passed over. */
const looks = async (more = 6) => {
  const last = proxies.at(-1)!
  const enough = last.calls('eth_getBlockByNumber') + more * 2
  await expect.poll(() => last.calls('eth_getBlockByNumber'), WAIT).toBeGreaterThan(enough)
}

/** The stream is past all that was mined by now. */
async function streamPassed(): Promise<void> {
  const marker = await transfer(chain, 2, rail.operator, 1n)
  await expect.poll(() => found(marker).length, WAIT).toBe(1)
}

async function open(endpoints: number): Promise<void> {
  proxies = [...proxies.slice(0, endpoints)]
  rail = await openRail(chain, data.file, { rpcUrls: proxies.map(({ url }) => url), log: (line) => lines.push(line) })
  ending = new AbortController()
  const [first] = await rail.balances()
  reading = (async () => {
    for await (const item of rail.settlements(first!.cursor!, { signal: ending.signal })) items.push(item)
  })()
}

/** Its index of logs has not come as far as its blocks. */
const noLogs: Lie = (method) => (method === 'eth_getLogs' ? [] : undefined)
/** Nor do its blocks say that they have any. */
const noTrace: Lie = async (method, params, ask) => {
  if (method === 'eth_getLogs') return []
  if (method !== 'eth_getBlockByNumber') return undefined
  const block = (await ask(method, params)) as object | null // the node's own word.
  return block && { ...block, logsBloom: `0x${'00'.repeat(256)}` }
}

test('a node whose index of logs lags behind its blocks hides nothing: the receipts are read', async () => {
  await open(1)
  proxies[0]!.tell(noLogs)
  const hash = await transfer(chain, 1, rail.operator, 5n)
  await mine(1)
  await expect.poll(() => found(hash).map(({ amount }) => amount.units), WAIT).toEqual([5n])
  expect(lines.filter((line) => /index of logs/.test(line))).toHaveLength(1)
})

test('a block that shows no trace of a payment is not passed while the balance of the wallet says otherwise', async () => {
  await open(1)
  await transfer(chain, 1, rail.operator, 1n)
  await expect.poll(() => items.length, WAIT).toBe(1)
  proxies[0]!.tell(noTrace)
  const hash = await transfer(chain, 1, rail.operator, 5n)
  await mine(1)
  await expect.poll(alarms, WAIT).toEqual([expect.stringMatching(/balance.*wallet/)])
  await looks()
  expect(found(hash)).toEqual([])
  proxies[0]!.tell(undefined)
  await expect.poll(() => found(hash).map(({ amount }) => amount.units), WAIT).toEqual([5n])
})

test('the past of a split that is watched late is not left out on the word of the one node that is read from', async () => {
  await open(3)
  const splitId = random32()
  const hash = await transfer(chain, 1, receiverAddress(chain.hub, splitId), 250n)
  await streamPassed()
  proxies[0]!.tell((method) => (method === 'eth_call' ? `0x${'00'.repeat(64)}` : undefined))
  rail.watchSplit(splitId)
  await expect.poll(() => found(hash).map(({ amount }) => amount.units), WAIT).toEqual([250n])
})

test('the past of a split that is watched late is not taken for read while its balances say otherwise, and does not hold up the stream', async () => {
  await open(1)
  const splitId = random32()
  const hash = await transfer(chain, 1, receiverAddress(chain.hub, splitId), 251n)
  await streamPassed()
  proxies[0]!.tell((method, [filter]) => {
    const range = method === 'eth_getLogs' ? (filter as { fromBlock?: Hex }) : {} // our own call.
    return range.fromBlock === '0x0' ? [] : undefined
  })
  rail.watchSplit(splitId)
  await expect.poll(() => lines.filter((line) => /past of a split/.test(line)).length, WAIT).toBe(1)
  const other = await transfer(chain, 1, rail.operator, 6n)
  const later = await transfer(chain, 1, receiverAddress(chain.hub, splitId), 7n)
  await mine(1)
  await expect.poll(() => [found(other).length, found(later).length], WAIT).toEqual([1, 1])
  expect(found(hash)).toEqual([])
  proxies[0]!.tell(undefined)
  await expect.poll(() => found(hash).map(({ amount }) => amount.units), WAIT).toEqual([251n])
})

test('of two nodes the one that still answers is believed for a small sum, and not for a large one', async () => {
  await open(2)
  proxies[1]!.tell(() => {
    throw new Error('silence')
  })
  const small = await transfer(chain, 1, rail.operator, 2_000n)
  await mine(1)
  await expect.poll(() => found(small).length, WAIT).toBe(1)
  const large = await transfer(chain, 1, rail.operator, 50_000_000n)
  await mine(1)
  await expect.poll(() => lines.filter((line) => /second endpoint/.test(line)).length, WAIT).toBe(1)
  proxies.reverse()
  await looks()
  expect(found(large)).toEqual([])
  proxies[0]!.tell(undefined)
  await expect.poll(() => found(large).map(({ amount }) => amount.units), WAIT).toEqual([50_000_000n])
})

test('small sums on the word of one node do not add up to a large one', async () => {
  await open(2)
  proxies[1]!.tell(() => {
    throw new Error('silence')
  })
  const hashes: Hex[] = []
  for (let i = 0; i < 5; i++) hashes.push(await transfer(chain, 1, rail.operator, 4_000_000n))
  await expect.poll(() => lines.filter((line) => /second endpoint/.test(line)).length, WAIT).toBe(1)
  expect(hashes.flatMap(found).length).toBeLessThan(3)
  proxies[1]!.tell(undefined)
  await expect.poll(() => hashes.flatMap(found).length, WAIT).toBe(5)
})

test('a look at a block costs as many queries with a thousand splits as with one', async () => {
  await open(1)
  const cost = async (): Promise<Record<string, number>> => {
    const methods = ['eth_getLogs', 'eth_getTransactionReceipt', 'eth_getBlockByHash', 'eth_call']
    const before = methods.map((method) => proxies[0]!.calls(method))
    const hash = await transfer(chain, 1, rail.operator, 3n)
    await expect.poll(() => found(hash).length, WAIT).toBe(1)
    await looks(3)
    return Object.fromEntries(methods.map((method, i) => [method, proxies[0]!.calls(method) - before[i]!]))
  }
  rail.watchSplit(random32())
  await looks(3)
  // The first block opens the account of balances.
  await cost()
  const withOne = await cost()
  for (let i = 0; i < 1_000; i++) rail.watchSplit(random32())
  const calls = () => proxies[0]!.calls('eth_call')
  await expect.poll(calls, { timeout: 60_000 }).toBeGreaterThan(2_000)
  await looks(3)
  expect(await cost()).toEqual(withOne)
  expect(withOne.eth_getLogs).toBe(1)
})
