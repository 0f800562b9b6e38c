import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { createPublicClient, http, parseAbi, toHex } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEFAULTS } from '../../adapters/evm/settings.ts'
import { SettlementHub } from '../../contracts/abi/SettlementHub.ts'
import { TestUSDC } from '../../contracts/abi/TestUSDC.ts'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { PROFILES, profileOf } from './profiles.ts'
import type { ChainReady, ChainReadyMessage } from './ready.ts'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))

async function start(...args: string[]): Promise<{ process: ChildProcess; ready: ChainReady }> {
  const child = fork(MAIN, args, { cwd: tmpdir(), execArgv: [...NODE_FLAGS] })
  // The only message that the process sends; an early exit fails the race instead of hanging it.
  const message = once(child, 'message').then(([first]) => first as ChainReadyMessage)
  const early = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the chain exited with ${code} before it was ready`)))
  const [ready] = (await Promise.race([message, early])).ready
  early.catch(() => {})
  if (!ready) throw new Error('the chain is ready without saying what it is')
  return { process: child, ready }
}

describe('the local chain, started from any folder,', () => {
  let chain: Awaited<ReturnType<typeof start>>
  beforeAll(async () => {
    chain = await start()
  })
  afterAll(() => {
    chain?.process.kill('SIGKILL')
  })
  const reader = () => createPublicClient({ transport: http(chain.ready.rpcUrl, { timeout: 10_000 }), pollingInterval: 50 })

  test('answers over HTTP with funded customers and an operator that can pay for gas', async () => {
    const { token, customers, chainId } = chain.ready
    expect(await reader().getChainId()).toBe(chainId)
    expect(customers).toHaveLength(8)
    for (const { address } of customers) {
      expect(await reader().readContract({ address: token, abi: TestUSDC.abi, functionName: 'balanceOf', args: [address] })).toBe(
        100_000_000n,
      )
      expect(await reader().getBalance({ address })).toBeGreaterThan(10n ** 18n)
    }
  })

  test('has a hub with empty pots, and a token with the domain it announces', async () => {
    const { hub, token, tokenName, tokenVersion } = chain.ready
    const splitId = `0x${'ab'.repeat(32)}` as const
    expect(await reader().readContract({ address: hub, abi: SettlementHub.abi, functionName: 'pot', args: [splitId, token] })).toEqual([
      0n,
      0n,
    ])
    const domain = await reader().getEip712Domain({ address: token })
    expect(domain.domain).toMatchObject({ name: tokenName, version: tokenVersion, chainId: chain.ready.chainId, verifyingContract: token })
    expect({ tokenName, tokenVersion }).toEqual({ tokenName: 'USD Coin', tokenVersion: '2' })
  })

  test('mines blocks by itself without running ahead of the clock', async () => {
    const before = await reader().getBlockNumber({ cacheTime: 0 })
    await expect.poll(() => reader().getBlockNumber({ cacheTime: 0 }), { timeout: 20_000 }).toBeGreaterThan(before + 1n)
    const block = await reader().getBlock()
    expect(block.timestamp * 1000n).toBeLessThanOrEqual(BigInt(Date.now()) + 2_000n)
  })

  test('keeps its price, however empty its blocks are', async () => {
    const number = await reader().getBlockNumber({ cacheTime: 0 })
    await expect.poll(() => reader().getBlockNumber({ cacheTime: 0 }), { timeout: 20_000 }).toBeGreaterThan(number + 2n)
    expect((await reader().getBlock()).baseFeePerGas).toBe(PROFILES.mainChain.baseFeeWei)
  })

  test.each([
    ['its parent disconnects', (child: ChildProcess) => child.disconnect()],
    ['it is told to stop', (child: ChildProcess) => child.kill('SIGTERM')],
  ])('ends when %s', async (_, end) => {
    const other = await start()
    const exit = once(other.process, 'exit')
    end(other.process)
    expect(await exit).toEqual([0, null])
    await expect(fetch(other.ready.rpcUrl, { method: 'POST' })).rejects.toThrow()
  })
})

describe('the local rollup', () => {
  let chain: Awaited<ReturnType<typeof start>>
  beforeAll(async () => {
    chain = await start('rollup')
  })
  afterAll(() => {
    chain?.process.kill('SIGKILL')
  })

  // The gateway offers the median of the tips that it sees; a dear set-up made the rollup the dearer chain for its first seconds.
  test('starts with tips and a price as they stay', async () => {
    const reader = createPublicClient({ transport: http(chain.ready.rpcUrl, { timeout: 10_000 }) })
    const { reward } = await reader.getFeeHistory({ blockCount: 10, rewardPercentiles: [50] })
    expect(reward!.flat().filter((tip) => tip > DEFAULTS.gas.priorityFloor)).toEqual([])
    // Whatever the set-up's blocks made of it: half of it would keep those waiting who offer twice what they see.
    const { baseFeePerGas } = await reader.getBlock()
    expect(baseFeePerGas! * 2n).toBeGreaterThan(PROFILES.rollup.baseFeeWei)
  })

  test('is another chain, whose oracle charges for data by the prices below it', async () => {
    const reader = createPublicClient({ transport: http(chain.ready.rpcUrl, { timeout: 10_000 }) })
    expect(await reader.getChainId()).toBe(PROFILES.rollup.chainId)
    const abi = parseAbi(['function l1BaseFee() view returns (uint256)', 'function getL1Fee(bytes) view returns (uint256)'])
    const oracle = { address: chain.ready.gasPriceOracle!, abi }
    expect(await reader.readContract({ ...oracle, functionName: 'l1BaseFee' })).toBe(PROFILES.rollup.rollup.l1BaseFeeWei)
    const feeOf = (bytes: number) => reader.readContract({ ...oracle, functionName: 'getL1Fee', args: [toHex(randomBytes(bytes))] })
    expect(await feeOf(2_000)).toBeGreaterThan(await feeOf(500))
  })
})

test('a chain that nobody has described is not started', () => {
  expect(() => profileOf('moon')).toThrow('known: mainChain, rollup')
})
