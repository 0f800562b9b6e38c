import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { TestUSDC } from '../../../contracts/abi/TestUSDC.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Authorization } from '../../../gateway/ports/receiver.ts'
import { rpc } from '../../../test/evm/chainProcess.ts'
import { random32, signReceive, signTransfer, walletOf } from '../../../test/evm/payer.ts'
import { type QuietChain, startQuietChain } from '../../../test/evm/quietChain.ts'
import { openRail, reader, readStream, signal, temporaryFile, tokenBalance } from '../../../test/evm/railOnChain.ts'
import type { EvmRail } from '../railFaces.ts'

let chain: QuietChain
let data: ReturnType<typeof temporaryFile>
let rail: EvmRail

beforeAll(async () => {
  chain = await startQuietChain()
})
afterAll(() => chain?.stop())
beforeEach(async () => {
  data = temporaryFile()
  rail = await openRail(chain, data.file)
})
afterEach(async () => {
  await rail?.close()
  await rpc(chain.rpcUrl, 'evm_setAutomine', [true])
  data?.remove()
})

const WAIT = { timeout: 15_000 }
const fresh = (): Hex => `0x${random32().slice(2, 42)}`
const sign = (to: Hex, count: number, value = 10n): Promise<Authorization[]> =>
  Promise.all(Array.from({ length: count }, (_, i) => signTransfer(chain, { customer: i % 8, to, value })))
const collectAll = (list: readonly Authorization[], name: string) =>
  Promise.all(list.map((one, i) => rail.collect(`${name}_${i}`, one, { signal: signal(), patient: true })))
const counted = () => reader(chain).getTransactionCount({ address: rail.operator })

test('what comes together is collected together, and each has its own evidence and its part of the cost', async () => {
  const to = fresh()
  const before = await counted()
  const outcomes = await collectAll(await sign(to, 40), 'c')
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['settled']))
  expect(await tokenBalance(chain, to)).toBe(400n)
  expect((await counted()) - before).toBeLessThan(5)
  const settled = outcomes.flatMap((outcome) => (outcome.kind === 'settled' ? [outcome] : []))
  expect(new Set(settled.map(({ evidence }) => evidence.proof)).size).toBe(40)
  const hashes = new Set(settled.map(({ evidence }) => evidence.id as Hex)) // ids are hashes here.
  const receipts = await Promise.all([...hashes].map((hash) => reader(chain).getTransactionReceipt({ hash })))
  const spent = receipts.reduce((sum, { gasUsed, effectiveGasPrice }) => sum + gasUsed * effectiveGasPrice, 0n)
  expect(settled.reduce((sum, { fee }) => sum + fee.units, 0n)).toBe(spent)
})

test('payments to the hub go together too, each into the pot of its split', async () => {
  const splits = [random32(), random32()]
  const list = await Promise.all(
    Array.from({ length: 12 }, (_, i) => signReceive(chain, { customer: i % 8, splitId: splits[i % 2]!, ref: random32(), value: 7n })),
  )
  const before = await counted()
  const outcomes = await collectAll(list, 'h')
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['settled']))
  expect((await counted()) - before).toBeLessThan(4)
  await expect.poll(async () => (await rail.pots(splits)).map(({ received }) => received), WAIT).toEqual([42n, 42n])
})

test('a row that the token refuses goes alone and says why; the others are paid', async () => {
  const to = fresh()
  const list = await sign(to, 10)
  const bad = { ...list[4]!, signature: list[5]!.signature }
  const tooMuch = await signTransfer(chain, { customer: 2, to, value: 10n ** 12n })
  const outcomes = await collectAll([...list.slice(0, 4), bad, ...list.slice(5), tooMuch], 'b')
  expect(outcomes.map(({ kind }) => kind).filter((kind) => kind === 'settled')).toHaveLength(9)
  expect(outcomes[4]).toMatchObject({ kind: 'unknown', refusal: 'rejected_by_rail' })
  expect(outcomes[10]).toMatchObject({ kind: 'unknown', refusal: 'insufficient_liquidity' })
  expect(await tokenBalance(chain, to)).toBe(90n)
})

test('a row that a stranger relays after it was signed is settled by the stranger’s transaction, and the others by ours', async () => {
  const to = fresh()
  await rpc(chain.rpcUrl, 'evm_setAutomine', [false])
  const list = await sign(to, 6)
  const told = list.map((one, i) => rail.collect(`s_${i}`, one, { signal: signal(), patient: true }))
  await expect
    .poll(() => reader(chain).getTransactionCount({ address: rail.operator, blockTag: 'pending' }))
    .toBeGreaterThan(await counted())
  // A higher tip puts it before ours in the block.
  const { from, to: payee, value, validAfter, validBefore, nonce, signature } = list[2]!
  const args = [from, payee, value, validAfter, validBefore, nonce, signature] as const
  const call = { address: chain.token, abi: TestUSDC.abi, functionName: 'transferWithAuthorization', args, gas: 200_000n } as const
  const hash = await walletOf(chain, 7).writeContract({ ...call, maxPriorityFeePerGas: 2_000_000_000n, maxFeePerGas: 4_000_000_000n })
  await rpc(chain.rpcUrl, 'evm_setAutomine', [true])
  await rpc(chain.rpcUrl, 'evm_mine')
  const outcomes = await Promise.all(told)
  expect(outcomes.map(({ kind }) => kind)).toEqual(list.map(() => 'settled'))
  expect(outcomes[2]).toMatchObject({ evidence: { id: hash }, fee: { units: 0n } })
  expect(await tokenBalance(chain, to)).toBe(60n)
})

test('a process that ends with a batch in the air goes on with it, and each row is paid once', async () => {
  const to = fresh()
  await rpc(chain.rpcUrl, 'evm_setAutomine', [false])
  const list = await sign(to, 8)
  const sent: string[] = []
  const told = list.map((one, i) =>
    rail.collect(`k_${i}`, one, { signal: signal(), patient: true, onSent: () => void sent.push(`k_${i}`) }),
  )
  await expect.poll(() => sent.length, WAIT).toBe(8)
  await rail.close()
  expect((await Promise.all(told)).map(({ kind }) => kind)).toEqual(list.map(() => 'unknown'))
  rail = await openRail(chain, data.file)
  await rpc(chain.rpcUrl, 'evm_setAutomine', [true])
  await rpc(chain.rpcUrl, 'evm_mine')
  for (let i = 0; i < 8; i++) await expect.poll(() => rail.lookupCollection(`k_${i}`), WAIT).toMatchObject({ kind: 'settled' })
  expect(await tokenBalance(chain, to)).toBe(80n)
  const costs = await readStream(rail, '', (items) => items.some(({ kind }) => kind === 'spent'))
  expect(costs.find(({ kind }) => kind === 'spent')).not.toHaveProperty('attemptId')
})
