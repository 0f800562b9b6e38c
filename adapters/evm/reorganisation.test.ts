import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import type { Hex } from '../../gateway/ports/ids.ts'
import type { Settlement } from '../../gateway/ports/receiver.ts'
import { rpc } from '../../test/evm/chainProcess.ts'
import { startLyingProxy } from '../../test/evm/lyingProxy.ts'
import { relay, signTransfer, transfer } from '../../test/evm/payer.ts'
import { type QuietChain, startQuietChain } from '../../test/evm/quietChain.ts'
import { openRail, payout, reader, signal, temporaryFile, tokenBalance } from '../../test/evm/railOnChain.ts'
import type { EvmRail } from './railFaces.ts'

// Hardhat replaces blocks by going back to a snapshot: what was mined since is gone, and not in the pool either.
let chain: QuietChain
let rail: EvmRail | undefined
let data: ReturnType<typeof temporaryFile>
const lines: string[] = []

beforeAll(async () => {
  chain = await startQuietChain()
})
afterAll(() => chain?.stop())
beforeEach(() => {
  data = temporaryFile()
  lines.length = 0
})
afterEach(async () => {
  await rail?.close()
  data?.remove()
})

async function open(depth: number): Promise<EvmRail> {
  rail = await openRail(chain, data.file, { finality: { depth }, log: (line) => lines.push(line) })
  return rail
}

const mine = (blocks: number) => rpc(chain.rpcUrl, 'hardhat_mine', [`0x${blocks.toString(16)}`])
const snapshot = () => rpc(chain.rpcUrl, 'evm_snapshot')
const replaceSince = (id: unknown) => rpc(chain.rpcUrl, 'evm_revert', [id])

test('a payout whose block is replaced is not settled by the old receipt but sent again, and paid once', async () => {
  const opened = await open(3)
  const account: Hex = `0x${'d1'.repeat(20)}`
  const before = await snapshot()
  const outcome = opened.send(payout(chain, 'at_r', account, 64n), { signal: signal() })
  await expect.poll(() => tokenBalance(chain, account), { timeout: 10_000 }).toBe(64n)
  await mine(1)
  await replaceSince(before)
  expect(await tokenBalance(chain, account)).toBe(0n)
  await expect.poll(() => tokenBalance(chain, account), { timeout: 10_000 }).toBe(64n)
  expect(await opened.lookup('at_r')).toMatchObject({ kind: 'unknown' })
  await mine(3)
  const settled = await outcome
  if (settled.kind !== 'settled') throw new Error(settled.kind)
  const receipt = await reader(chain).getTransactionReceipt({ hash: settled.evidence.id as Hex }) // its id is its hash.
  expect((await reader(chain).getBlock({ blockNumber: receipt.blockNumber })).hash).toBe(receipt.blockHash)
  expect(await tokenBalance(chain, account)).toBe(64n)
})

test('an authorization that a stranger relayed into a replaced block is collected by us', async () => {
  const opened = await open(2)
  const account: Hex = `0x${'d2'.repeat(20)}`
  const authorization = await signTransfer(chain, { customer: 0, to: account, value: 65n })
  const before = await snapshot()
  const stranger = await relay(chain, 1, authorization)
  const outcome = opened.collect('c_r', authorization, { signal: signal() })
  await expect.poll(() => opened.lookupCollection('c_r')).toMatchObject({ kind: 'unknown' })
  await replaceSince(before)
  await expect.poll(() => tokenBalance(chain, account), { timeout: 10_000 }).toBe(65n)
  await mine(2)
  const settled = await outcome
  expect(settled).toMatchObject({ kind: 'settled' })
  expect(settled.kind === 'settled' && settled.evidence.id !== stranger && settled.fee.units > 0n).toBe(true)
})

test('a block that is replaced below the finality depth raises an alarm and is read again', async () => {
  const opened = await open(0)
  const items: Settlement[] = []
  const ending = new AbortController()
  const reading = (async () => {
    for await (const item of opened.settlements('', { signal: ending.signal })) items.push(item)
  })()
  await mine(1)
  const before = await snapshot()
  const lost = await transfer(chain, 3, opened.operator, 5n)
  await expect.poll(() => items.some(({ proof }) => proof === lost), { timeout: 10_000 }).toBe(true)
  await replaceSince(before)
  const standing = await transfer(chain, 4, opened.operator, 6n)
  await mine(1)
  await expect.poll(() => items.some(({ proof }) => proof === standing), { timeout: 10_000 }).toBe(true)
  expect(lines.filter((line) => line.includes('ALARM') && line.includes('replaced blocks'))).toHaveLength(1)
  expect(new Set(items.map(({ id }) => id)).size).toBe(items.length)
  ending.abort()
  await reading
})

test('what left the wallet and was signed elsewhere is named, and is not any more once the chain has gone another way', async () => {
  const opened = await open(0)
  const ending = new AbortController()
  const reading = (async () => {
    for await (const _ of opened.settlements('', { signal: ending.signal }));
  })()
  const account: Hex = `0x${'d4'.repeat(20)}`
  await opened.send(payout(chain, 'at_own', account, 67n), { signal: signal() })
  const before = await snapshot()
  const thief = privateKeyToAccount(chain.operatorKey)
  const hash = await relay(chain, 1, await signTransfer(chain, { customer: thief, to: account, value: 68n }))
  await mine(1)
  const named = async () => (await opened.strangers!())?.map(({ names, side, amount }) => [names[1], side, amount.units])
  // Payouts of the tests before were signed with another file, so they are named too.
  await expect.poll(named, { timeout: 10_000 }).toContainEqual([hash, 'out', 68n])
  await replaceSince(before)
  await mine(2)
  await expect.poll(named, { timeout: 10_000 }).not.toContainEqual([hash, 'out', 68n])
  expect(await named()).not.toContainEqual([expect.anything(), 'out', 67n])
  ending.abort()
  await reading
})

test('a block that is replaced in the middle of a look does not leave what it cost behind', async () => {
  const proxy = await startLyingProxy(chain.rpcUrl)
  onTestFinished(() => proxy.close())
  const opened = await openRail(chain, data.file, { rpcUrls: [proxy.url], finality: { depth: 1 } })
  rail = opened
  const items: Settlement[] = []
  const ending = new AbortController()
  const reading = (async () => {
    for await (const item of opened.settlements('', { signal: ending.signal })) items.push(item)
  })()
  await mine(2)
  const before = await snapshot()
  const account: Hex = `0x${'d3'.repeat(20)}`
  const outcome = opened.send(payout(chain, 'at_middle', account, 66n), { signal: signal() })
  await expect.poll(() => tokenBalance(chain, account), { timeout: 10_000 }).toBe(66n)
  // One question about the block makes the payout final, the next one makes the block the newest final one: the chain changes between.
  const block = await reader(chain).getBlockNumber()
  let replaced = false
  proxy.tell(async (method, params) => {
    const about = method === 'eth_getBlockByNumber' && params[0] === `0x${block.toString(16)}`
    if (!about || replaced || (await opened.lookup('at_middle')).kind !== 'settled') return undefined
    await replaceSince(before)
    await mine(3)
    replaced = true
    return undefined
  })
  await mine(1)
  expect(await outcome).toMatchObject({ kind: 'settled' })
  await expect.poll(() => replaced, { timeout: 10_000 }).toBe(true)
  await expect.poll(() => tokenBalance(chain, account), { timeout: 10_000 }).toBe(66n)
  await mine(2)
  const spent = () => items.filter(({ kind, attemptId }) => kind === 'spent' && attemptId === 'at_middle')
  await expect.poll(() => spent().length, { timeout: 10_000 }).toBeGreaterThan(0)
  const back = new Set(items.map(({ takesBack }) => takesBack?.id))
  const standing = spent().filter(({ id }) => !back.has(id))
  expect(standing).toHaveLength(1)
  const receipt = await reader(chain).getTransactionReceipt({ hash: standing[0]!.proof as Hex }) // its proof is its hash.
  expect(standing[0]!.id).toContain(receipt.blockHash)
  ending.abort()
  await reading
})
