import { DatabaseSync } from 'node:sqlite'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { AuthorizationBatch } from '../../../contracts/abi/AuthorizationBatch.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Authorization } from '../../../gateway/ports/receiver.ts'
import { rpc } from '../../../test/evm/chainProcess.ts'
import { random32, signReceive, signTransfer } from '../../../test/evm/payer.ts'
import { type QuietChain, startQuietChain } from '../../../test/evm/quietChain.ts'
import { openRail, reader, signal, temporaryFile, tokenBalance } from '../../../test/evm/railOnChain.ts'
import { type SilentProxy, startSilentProxy } from '../../../test/evm/silentProxy.ts'
import { deterministicAddress } from '../deployment/deterministicDeployer.ts'
import type { EvmRail } from '../railFaces.ts'
import type { EvmRailOptions } from '../settings.ts'

let chain: QuietChain
let proxy: SilentProxy
let data: ReturnType<typeof temporaryFile>
let rail: EvmRail | undefined

beforeAll(async () => {
  chain = await startQuietChain()
})
afterAll(() => chain?.stop())
beforeEach(async () => {
  data = temporaryFile()
  proxy = await startSilentProxy(chain.rpcUrl)
})
afterEach(async () => {
  await rail?.close()
  await proxy.close()
  await setMining(true)
  data.remove()
})

const WAIT = { timeout: 15_000 }
const CONTRACT = deterministicAddress(AuthorizationBatch.bytecode)
/** One that reverts at once, and one that first hashes 256 kB, which takes 205,000 gas. */
const [REVERTS, BURNS]: readonly Hex[] = ['0x5f5ffd', '0x620400005f205f5ffd']
const setCode = (address: Hex, code: Hex | undefined) => rpc(chain.rpcUrl, 'hardhat_setCode', [address, code])
const codeOf = (address: Hex) => rpc(chain.rpcUrl, 'eth_getCode', [address, 'latest']) as Promise<Hex> // its shape by EIP-1474.
const mine = (blocks = 1) => rpc(chain.rpcUrl, 'hardhat_mine', [`0x${blocks.toString(16)}`])
const fresh = (): Hex => `0x${random32().slice(2, 42)}`
const sign = (to: Hex, count: number): Promise<Authorization[]> =>
  Promise.all(Array.from({ length: count }, (_, i) => signTransfer(chain, { customer: i % 8, to, value: 10n })))

async function open(more: Partial<EvmRailOptions> = {}): Promise<EvmRail> {
  rail = await openRail(chain, data.file, { rpcUrls: [proxy.url], rpcTimeoutMs: 1_000, ...more })
  return rail
}

async function setMining(on: boolean): Promise<void> {
  await rpc(chain.rpcUrl, 'evm_setAutomine', [on])
  if (on) await mine()
}

/** Brings all and waits until they are signed. */
async function bring(opened: EvmRail, list: readonly Authorization[]): Promise<readonly Promise<unknown>[]> {
  let sent = 0
  const onSent = () => {
    sent += 1
  }
  const told = list.map((one, i) => opened.collect(`c_${i}`, one, { signal: signal(), patient: true, onSent }))
  await expect.poll(() => sent, WAIT).toBe(list.length)
  return told
}

async function allSettled(opened: EvmRail, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await expect.poll(() => opened.lookupCollection(`c_${i}`), WAIT).toMatchObject({ kind: 'settled' })
}

/** How many actions each transaction carried, in the order in which they were signed. */
function carried(): number[] {
  const database = new DatabaseSync(data.file)
  try {
    return database
      .prepare('SELECT count(*) AS rows FROM carried GROUP BY operator, nonce ORDER BY nonce')
      .all()
      .map(({ rows }) => Number(rows))
  } finally {
    database.close()
  }
}

test('a batch that reverts as a whole comes back in halves, and each row is paid once', async () => {
  const to = fresh()
  const opened = await open()
  await setMining(false)
  await bring(opened, await sign(to, 8))
  const code = await codeOf(CONTRACT)
  proxy.silence((method) => method === 'eth_getTransactionReceipt')
  await setCode(CONTRACT, REVERTS)
  await mine()
  // By the time it is seen to have reverted, the contract is as it was.
  await setCode(CONTRACT, code)
  await setMining(true)
  proxy.silence(() => false)
  await allSettled(opened, 8)
  expect(await tokenBalance(chain, to)).toBe(80n)
  await opened.close()
  expect(carried()).toEqual([8, 4, 4])
})

test('a batch in a block that is replaced is sent again, and each row is paid once', async () => {
  const to = fresh()
  const opened = await open()
  const before = await rpc(chain.rpcUrl, 'evm_snapshot')
  await bring(opened, await sign(to, 6))
  await allSettled(opened, 6)
  await rpc(chain.rpcUrl, 'evm_revert', [before])
  expect(await tokenBalance(chain, to)).toBe(0n)
  await mine(3)
  await expect.poll(() => tokenBalance(chain, to), WAIT).toBe(60n)
  await allSettled(opened, 6)
})

test('what was taken and not signed when the process ends is collected together by the next one', async () => {
  const to = fresh()
  const first = await open()
  proxy.silence((method) => method === 'eth_call')
  const list = await sign(to, 5)
  const told = list.map((one, i) => first.collect(`c_${i}`, one, { signal: signal(), patient: true }))
  await expect.poll(() => proxy.calls('eth_call'), WAIT).toBeGreaterThan(0)
  await first.close()
  await Promise.all(told)
  proxy.silence(() => false)
  await allSettled(await open(), 5)
  expect(await tokenBalance(chain, to)).toBe(50n)
  await rail!.close()
  expect(carried()).toEqual([5])
})

test('a batch that is signed but not sent when the process ends is sent by the next one, once', async () => {
  const to = fresh()
  const first = await open()
  proxy.silence((method) => method === 'eth_sendRawTransaction')
  const list = await sign(to, 5)
  const told = list.map((one, i) => first.collect(`c_${i}`, one, { signal: signal(), patient: true }))
  await expect.poll(() => proxy.calls('eth_sendRawTransaction'), WAIT).toBeGreaterThan(0)
  await first.close()
  await Promise.all(told)
  expect(await tokenBalance(chain, to)).toBe(0n)
  proxy.silence(() => false)
  await allSettled(await open(), 5)
  expect(await tokenBalance(chain, to)).toBe(50n)
  await rail!.close()
  expect(carried()).toEqual([5])
})

test('rows whose nonce an unknown transaction took go under another one', async () => {
  const to = fresh()
  const opened = await open()
  await setMining(false)
  await bring(opened, await sign(to, 4))
  const nonce = await reader(chain).getTransactionCount({ address: opened.operator })
  const account = privateKeyToAccount(chain.operatorKey)
  const fees = { maxFeePerGas: 10n ** 12n, maxPriorityFeePerGas: 10n ** 11n }
  const raw = await account.signTransaction({ type: 'eip1559', chainId: chain.chainId, nonce, to: account.address, gas: 21_000n, ...fees })
  await rpc(chain.rpcUrl, 'eth_sendRawTransaction', [raw])
  await setMining(true)
  await allSettled(opened, 4)
  expect(await tokenBalance(chain, to)).toBe(40n)
})

test('a payer whose account has code burns nobody’s gas: it goes alone', async () => {
  const to = fresh()
  const opened = await open()
  const [splitId, payer] = [random32(), chain.customers[1]!.address]
  const hub = (customer: number) => signReceive(chain, { customer, splitId, ref: random32(), value: 5n })
  const list = [...(await sign(to, 4)), ...(await Promise.all([2, 1, 3].map(hub)))]
  await setCode(payer, BURNS)
  try {
    const told = list.map((one, i) => opened.collect(`c_${i}`, one, { signal: signal(), patient: true }))
    const outcomes = await Promise.all(told)
    expect(outcomes.map(({ kind }) => kind)).toEqual(['settled', 'unknown', 'settled', 'settled', 'settled', 'unknown', 'settled'])
    const spent = outcomes.flatMap((outcome) => (outcome.kind === 'settled' ? [outcome.fee.units] : [])).reduce((sum, fee) => sum + fee, 0n)
    const price = (await reader(chain).getBlock()).baseFeePerGas! + 2_000_000n
    expect(spent / price).toBeLessThan(500_000n)
  } finally {
    await setCode(payer, '0x')
  }
})

test('a file from before transactions carried several actions opens, and is raised', async () => {
  await (await open()).close()
  const old = new DatabaseSync(data.file)
  old.exec('DROP TABLE carried; DROP TABLE company; PRAGMA user_version = 2;')
  old.close()
  const to = fresh()
  await bring(await open(), await sign(to, 3))
  await allSettled(rail!, 3)
  await rail!.close()
  const raised = new DatabaseSync(data.file)
  expect(raised.prepare('PRAGMA user_version').get()).toEqual({ user_version: 3 })
  raised.close()
})
