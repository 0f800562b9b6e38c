import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createPublicClient, createWalletClient, http } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { hardhat } from 'viem/chains'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { TestAggregator } from '../../contracts/abi/TestAggregator.ts'
import { accountAt } from '../../world/chain/accounts.ts'
import { type RunningNetwork, startNetwork } from '../../world/chain/network.ts'
import { PROFILES } from '../../world/chain/profiles.ts'
import { dollars, market, NOW, refusal, USDC } from './market.ts'

const NOW_S = BigInt(NOW) / 1000n
const HEARTBEAT_S = 1_200
type Hex = `0x${string}`
type Round = Readonly<{ roundId: bigint; answer: bigint; startedAt: bigint; updatedAt: bigint; answeredInRound: bigint }>

let chain: RunningNetwork
/** Feeds of `TestAggregator`, the project's own contract with the interface of Chainlink's. */
const feeds: Record<'BTC' | 'USDC' | 'uptime', Hex> = { BTC: '0x', USDC: '0x', uptime: '0x' }

const clients = () => {
  const transport = http(chain.rpcUrl)
  const account = privateKeyToAccount(accountAt(0).privateKey)
  return {
    wallet: createWalletClient({ chain: hardhat, transport, account }),
    reader: createPublicClient({ chain: hardhat, transport, pollingInterval: 20 }),
  }
}

async function mined(hash: Hex) {
  return clients().reader.waitForTransactionReceipt({ hash })
}

async function write(feed: Hex, change: Partial<Round>): Promise<void> {
  const round = { roundId: 7n, answer: 9_701_000_000_000n, startedAt: NOW_S - 60n, updatedAt: NOW_S - 60n, answeredInRound: 7n, ...change }
  await mined(await clients().wallet.writeContract({ address: feed, abi: TestAggregator.abi, functionName: 'write', args: [round] }))
}

const upFor = (seconds: number, answer = 0n) => write(feeds.uptime, { answer, startedAt: NOW_S - BigInt(seconds) })

beforeAll(async () => {
  chain = await startNetwork(PROFILES.mainChain)
  const { abi, bytecode } = TestAggregator
  for (const name of ['BTC', 'USDC', 'uptime'] as const) {
    const { contractAddress } = await mined(await clients().wallet.deployContract({ abi, bytecode, args: [8, `${name} / USD`] }))
    feeds[name] = contractAddress!
  }
}, 120_000)
afterAll(() => chain.close())
beforeEach(async () => {
  await write(feeds.BTC, {})
  await write(feeds.USDC, { answer: 99_990_000n })
  await upFor(7_200)
})

/** The exchanges, and feeds of bitcoin (20 minutes) and of the token (a day). */
function withFeeds(o: { uptime?: boolean; rpcUrls?: [string, ...string[]] } = {}) {
  const chainId = PROFILES.mainChain.chainId
  const named = [
    { of: 'BTC', address: feeds.BTC, heartbeatS: HEARTBEAT_S },
    { of: 'USDC', address: feeds.USDC, heartbeatS: 86_400 },
  ]
  return market([{ chainId, rpcUrls: o.rpcUrls ?? [chain.rpcUrl] }], { chainId, feeds: named, ...(o.uptime && { uptime: feeds.uptime }) })
}
type Market = Awaited<ReturnType<typeof withFeeds>>
const faultOf = (m: Market) => {
  const view = m.of('BTC')
  return view.kind === 'fixed' ? undefined : view.sources.find(({ source }) => source === 'chainlink')?.fault
}
const EXCHANGES = ['kraken used', 'coinbase used', 'bitstamp used', 'gemini used']

test('a feed is one voice of the median, with its own decimals and its own time', async () => {
  const m = await withFeeds({ uptime: true })
  await m.live.round()
  expect(m.verdicts('BTC')).toEqual([...EXCHANGES, 'chainlink used'])
  expect(dollars(m)).toBe(97_000_000_000n)
  for (const name of ['coinbase', 'gemini', 'bitstamp'] as const) m.fault(name, 'down')
  await m.after(60)
  // Two that are near each other: the exchange says 97,000 and the feed 97,010.
  expect(dollars(m)).toBe(97_005_000_000n)
})

describe('a feed counts for nothing', () => {
  test.each<[string, Partial<Round>, RegExp]>([
    ['whose round nobody has answered', { updatedAt: 0n }, /round is not complete/],
    ['whose answer is of an older round', { answeredInRound: 6n }, /older round/],
    ['that says nothing', { answer: 0n }, /not above nothing/],
    ['that says less than nothing', { answer: -9_700_000_000_000n }, /not above nothing/],
    ['whose time is none', { updatedAt: 2n ** 200n }, /round is not complete/],
  ])('%s', async (_, change, words) => {
    await write(feeds.BTC, change)
    const m = await withFeeds()
    await m.live.round()
    expect(m.verdicts('BTC')).toEqual([...EXCHANGES, 'chainlink failed'])
    expect(faultOf(m)).toMatch(words)
    expect(dollars(m)).toBe(97_000_000_000n)
  })

  test('that is older than its heartbeat and ten minutes, and not before', async () => {
    const m = await withFeeds()
    for (const [age, verdict] of [
      [HEARTBEAT_S + 600, 'used'],
      [HEARTBEAT_S + 601, 'old'],
    ] as const) {
      await write(feeds.BTC, { updatedAt: NOW_S - BigInt(age) })
      await m.live.round()
      expect(m.verdicts('BTC').at(-1)).toBe(`chainlink ${verdict}`)
    }
  })

  test('that stands at a bound while the others fall', async () => {
    await write(feeds.BTC, { answer: 10_000_000_000_000n })
    const m = await withFeeds()
    await m.live.round()
    expect(m.verdicts('BTC').at(-1)).toBe('chainlink outlier')
  })

  test('where no contract stands', async () => {
    const { BTC } = feeds
    feeds.BTC = `0x${'d'.repeat(40)}`
    const m = await withFeeds()
    feeds.BTC = BTC
    await m.live.round()
    expect(faultOf(m)).toMatch(/what stands at the address of the feed is none/)
  })

  test.each<[string, number, bigint, RegExp]>([
    ['while the sequencer is down', 60, 1n, /sequencer of its chain is down/],
    ['for an hour after it was', 3_600, 0n, /has run for less than 3600 seconds/],
  ])('%s', async (_, seconds, answer, words) => {
    await upFor(seconds, answer)
    const m = await withFeeds({ uptime: true })
    await m.live.round()
    expect(faultOf(m)).toMatch(words)
    expect(dollars(m)).toBe(97_000_000_000n)
    await upFor(3_601)
    await m.after(31)
    expect(m.verdicts('BTC').at(-1)).toBe('chainlink used')
  })

  test('by the word of one of two nodes', async () => {
    const liar = await lyingNode()
    const m = await withFeeds({ rpcUrls: [chain.rpcUrl, liar] })
    await m.live.round()
    expect(faultOf(m)).toMatch(/the nodes of the chain do not say/)
    expect(dollars(m)).toBe(97_000_000_000n)
  })
})

test('a feed that is written once a day is none of two that make a price: it would not see a coin fall', async () => {
  const m = await withFeeds()
  for (const name of ['coinbase', 'gemini', 'bitstamp'] as const) m.fault(name, 'down')
  await m.live.round()
  expect(refusal(() => dollars(m, USDC))).toMatch(/of USDC, too few markets answer/)
  expect(dollars(m)).toBe(97_005_000_000n)
})

/** A node that says of every contract that it answers ones. */
async function lyingNode(): Promise<string> {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    const { id, method } = JSON.parse(body)
    const honest = await fetch(chain.rpcUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    const lie = { jsonrpc: '2.0', id, result: `0x${'0'.repeat(63)}1`.padEnd(322, '1') }
    response.end(method === 'eth_call' ? JSON.stringify(lie) : await honest.text())
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
