import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { AttemptId, Hex } from '../../../gateway/ports/ids.ts'
import { paidAfterCopy, signedAt } from '../../../test/evm/alteredFile.ts'
import { rpc } from '../../../test/evm/chainProcess.ts'
import { type Lie, type LyingProxy, startLyingProxy } from '../../../test/evm/lyingProxy.ts'
import { type QuietChain, startQuietChain } from '../../../test/evm/quietChain.ts'
import { openRail, payout, reader, signal, temporaryFile, tokenBalance } from '../../../test/evm/railOnChain.ts'
import type { EvmRail } from '../railFaces.ts'

// What one endpoint's word about the count of the operator's transactions may do while nobody else says the same.
const WAIT = { timeout: 15_000, interval: 25 }
const LOST = { kind: 'unknown', stuck: true, detail: expect.stringContaining('older copy') }
const LEFT_BEHIND = { kind: 'unknown', stuck: true, detail: expect.stringContaining('far above') }
const FAR = 100_000
/** Longer than a payout waits to be signed, and than endpoints must agree before the lane goes back. */
const LONG_MS = 130_000
const LOOKS = 4

let chain: QuietChain
let proxies: LyingProxy[]
let data: ReturnType<typeof temporaryFile>
let lines: string[]
let later: number
const opened: EvmRail[] = []

beforeAll(async () => {
  chain = await startQuietChain()
})
afterAll(() => chain?.stop())
beforeEach(async () => {
  later = 0
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
  const clock = { now: () => Date.now() + later }
  const rail = await openRail(chain, data.file, { rpcUrls, rpcTimeoutMs: 5_000, clock, log: (line) => void lines.push(line) })
  opened.push(rail)
  return rail
}

const account = (name: string): Hex => `0x${name.repeat(20)}`
const asHex = (count: number): Hex => `0x${count.toString(16)}`
const liar = () => proxies[0]!
const counted = (rail: EvmRail) => reader(chain).getTransactionCount({ address: rail.operator })
const pay = (rail: EvmRail, id: AttemptId, address: Hex) => rail.send(payout(chain, id, address, 1n), { signal: signal() })
const counting =
  (count: () => number): Lie =>
  (method) =>
    method === 'eth_getTransactionCount' ? asHex(count()) : undefined
const silentAbout =
  (asked: string): Lie =>
  (method) => {
    if (method === asked) throw new Error('silent')
  }

/** Looks at a new block, and then at it again. */
async function looks(): Promise<void> {
  await rpc(chain.rpcUrl, 'evm_mine')
  const before = liar().calls('eth_getBlockByNumber')
  await expect.poll(() => liar().calls('eth_getBlockByNumber'), WAIT).toBeGreaterThan(before + LOOKS)
}

const scene = () => ({ chain, file: data.file, endpoint: liar(), open: () => open(1) })

test('a payout of an older file is not paid again when the only endpoint lagged and then counts far more than the file', async () => {
  const { order, count } = await paidAfterCopy(scene(), 'at_behind', account('e1'), 20)
  const [lagging, noEstimates] = [counting(() => count), silentAbout('eth_estimateGas')]
  liar().tell((method, params, ask) => noEstimates(method, params, ask) ?? lagging(method, params, ask))
  const third = await open(1)
  expect(await third.lookup(order.id, order)).toMatchObject({ kind: 'unknown' })
  liar().tell(noEstimates)
  await rpc(chain.rpcUrl, 'evm_mine')
  await expect.poll(() => lines.join('\n'), WAIT).toMatch(/nothing is signed with this key/)
  expect(await third.lookup(order.id, order)).toMatchObject(LOST)
  liar().tell(undefined)
  later = LONG_MS
  await looks()
  expect(await third.lookup(order.id, order)).toMatchObject(LOST)
  await third.close()

  const fourth = await open(2)
  expect(await fourth.send(order, { signal: signal() })).toMatchObject(LOST)
  expect(await pay(fourth, 'at_behind_next', account('e2'))).toMatchObject({ kind: 'settled' })
  expect(await tokenBalance(chain, account('e1'))).toBe(700n)
})

test('an old copy ends no payout as never sent at once, because the endpoint may only lag', async () => {
  const { order, count } = await paidAfterCopy(scene(), 'at_old', account('e9'))
  later = LONG_MS
  const [lagging, noEstimates] = [counting(() => count), silentAbout('eth_estimateGas')]
  liar().tell((method, params, ask) => noEstimates(method, params, ask) ?? lagging(method, params, ask))
  const third = await open(1)
  await looks()
  expect(await third.lookup(order.id, order)).toMatchObject({ kind: 'unknown' })
  liar().tell(noEstimates)
  await rpc(chain.rpcUrl, 'evm_mine')
  await expect.poll(() => third.lookup(order.id, order), WAIT).toMatchObject(LOST)
})

test('while a lane is halted no payout of it ends, however long it waits', async () => {
  const rail = await open(1)
  await pay(rail, 'at_halt_0', account('e3'))
  liar().tell(counting(() => FAR))
  await rpc(chain.rpcUrl, 'evm_mine')
  await expect.poll(() => lines.join('\n'), WAIT).toMatch(/nothing is signed with this key/)
  const order = payout(chain, 'at_halt_1', account('e3'), 1n)
  expect(await rail.send(order, { signal: AbortSignal.timeout(300) })).toMatchObject({ kind: 'unknown' })
  later = LONG_MS
  await looks()
  expect(await rail.send(order, { signal: AbortSignal.timeout(300) })).toMatchObject({ kind: 'unknown' })
  expect(await tokenBalance(chain, account('e3'))).toBe(1n)
})

test('one of two endpoints that lies about the count while the other is silent moves no nonce', async () => {
  const rail = await open(2)
  await pay(rail, 'at_pair_1', account('e4'))
  const before = await counted(rail)
  liar().tell(counting(() => FAR))
  proxies[1]!.tell(silentAbout('eth_getTransactionCount'))
  await looks()
  const sending = rail.send(payout(chain, 'at_pair_2', account('e4'), 1n), { signal: AbortSignal.timeout(1_000) })
  expect(await sending).toMatchObject({ kind: 'unknown' })
  for (const proxy of proxies) proxy.tell(undefined)
  await rpc(chain.rpcUrl, 'evm_mine')
  await expect.poll(() => rail.lookup('at_pair_2'), WAIT).toMatchObject({ kind: 'settled' })
  expect(await pay(rail, 'at_pair_3', account('e4'))).toMatchObject({ kind: 'settled' })
  expect(await counted(rail)).toBe(before + 2)
})

test('an only endpoint whose count creeps up moves the nonces by no more than the bound in all', async () => {
  const rail = await open(1)
  await pay(rail, 'at_creep_1', account('e5'))
  const before = await counted(rail)
  let said = before
  liar().tell(counting(() => said))
  for (let i = 0; i < 4; i++) {
    said += 16
    await looks()
  }
  await expect.poll(() => lines.join('\n'), WAIT).toMatch(/nothing is signed with this key/)
  const waiting = pay(rail, 'at_creep_2', account('e5'))
  liar().tell(undefined)
  await rpc(chain.rpcUrl, 'evm_mine')
  expect(await waiting).toMatchObject({ kind: 'settled' })
  expect(await pay(rail, 'at_creep_3', account('e5'))).toMatchObject({ kind: 'settled' })
  expect(await counted(rail)).toBeLessThanOrEqual(before + 16 + 2)
})

test('a payout signed far above the chain waits for a person, and the lane goes on where the chain is', async () => {
  await signedAt(scene(), { id: 'at_left', address: account('e6'), nonce: FAR })
  const rail = await open(3)
  expect(await rail.lookup('at_left')).toEqual(expect.not.objectContaining({ stuck: true }))
  const before = await counted(rail)
  later = LONG_MS
  await rpc(chain.rpcUrl, 'evm_mine')
  await expect.poll(() => rail.lookup('at_left'), WAIT).toMatchObject(LEFT_BEHIND)
  expect(await pay(rail, 'at_left_next', account('e6'))).toMatchObject({ kind: 'settled' })
  await rail.close()

  const again = await open(3)
  expect(await again.lookup('at_left')).toMatchObject(LEFT_BEHIND)
  expect(await pay(again, 'at_left_later', account('e6'))).toMatchObject({ kind: 'settled' })
  expect(await counted(again)).toBe(before + 2)
  expect(await tokenBalance(chain, account('e6'))).toBe(2n)
})

test('the lane stops short of a nonce at which a payout was left behind, so that it cannot be mined after a person has ended it', async () => {
  const there = await reader(chain).getTransactionCount({ address: privateKeyToAccount(chain.operatorKey).address })
  await signedAt(scene(), { id: 'at_wall', address: account('e7'), nonce: there + 18 })
  const rail = await open(2)
  later = LONG_MS
  await rpc(chain.rpcUrl, 'evm_mine')
  await expect.poll(() => rail.lookup('at_wall'), WAIT).toMatchObject(LEFT_BEHIND)
  for (let i = 0; i < 17; i++) {
    await pay(rail, `at_wall_${i}`, account('e8'))
    // A busy machine may not have heard the end when the call ends.
    await expect.poll(() => rail.lookup(`at_wall_${i}`), WAIT).toMatchObject({ kind: 'settled' })
  }
  const last = rail.send(payout(chain, 'at_wall_last', account('e8'), 1n), { signal: AbortSignal.timeout(1_500) })
  expect(await last).toMatchObject({ kind: 'unknown' })
  expect(lines.join('\n')).toMatch(/no nonce.*halted/)
  expect(await counted(rail)).toBe(there + 17)
  expect(await tokenBalance(chain, account('e7'))).toBe(0n)
})

test('a payout that was left behind is not sent again, whatever the only endpoint counts later', async () => {
  const there = await reader(chain).getTransactionCount({ address: privateKeyToAccount(chain.operatorKey).address })
  await signedAt(scene(), { id: 'at_back', address: account('ea'), nonce: there + 18 })
  const rail = await open(1)
  later = LONG_MS
  await rpc(chain.rpcUrl, 'evm_mine')
  await expect.poll(() => rail.lookup('at_back'), WAIT).toMatchObject(LEFT_BEHIND)
  for (let i = 0; i < 3; i++) await pay(rail, `at_back_${i}`, account('eb'))
  liar().tell(counting(() => there + 19))
  await looks()
  liar().tell(undefined)
  await rpc(chain.rpcUrl, 'evm_mine')
  await expect.poll(() => counted(rail), WAIT).toBeGreaterThanOrEqual(there + 19)
  await expect.poll(() => rail.lookup('at_back'), WAIT).toMatchObject({ kind: 'failed', reason: 'reverted' })
  expect(await tokenBalance(chain, account('ea'))).toBe(0n)
})
