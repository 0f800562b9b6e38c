import { encodeAbiParameters, keccak256 } from 'viem'
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import type { Hex } from '../../gateway/ports/ids.ts'
import type { Settlement } from '../../gateway/ports/receiver.ts'
import { rpc } from '../../test/evm/chainProcess.ts'
import { startLyingProxy } from '../../test/evm/lyingProxy.ts'
import { random32, relay, signReceive, signTransfer, transfer } from '../../test/evm/payer.ts'
import { type QuietChain, startQuietChain } from '../../test/evm/quietChain.ts'
import { openRail, payout, reader, readStream, signal, temporaryFile } from '../../test/evm/railOnChain.ts'
import type { EvmRail } from './railFaces.ts'

const BLOCK_MS = 200
let chain: QuietChain
let rail: EvmRail
let data: ReturnType<typeof temporaryFile>

beforeAll(async () => {
  chain = await startQuietChain()
  await rpc(chain.rpcUrl, 'evm_setIntervalMining', [BLOCK_MS])
})
afterAll(() => chain?.stop())
beforeEach(async () => {
  data = temporaryFile()
  rail = await openRail(chain, data.file, { finality: { depth: 1 } })
})
afterEach(async () => {
  await rail?.close()
  data?.remove()
})

/** A split of one payee. */
function soleSplit(account: Hex) {
  const one = encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [account, 1n])
  const root = keccak256(keccak256(one))
  const metadataHash = random32()
  const splitId = keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'uint256' }, { type: 'bytes32' }], [root, 1n, metadataHash]))
  return { splitId, claim: { root, totalShares: 1n, metadataHash, account, shares: 1n, proof: [] } }
}

async function receiverOf(splitId: Hex): Promise<Hex> {
  const { asset } = rail
  const terms = await rail.offer({ amount: { asset, units: 1n }, ref: random32(), expiresAt: 0, description: '', splitId })
  if (terms.wire.kind !== 'evm') throw new Error('an EVM rail makes EVM offers')
  return terms.wire.payTo
}

/** The end of the stream as it is now: where a test begins. */
async function presentCursor(): Promise<string> {
  const hash = await transfer(chain, 7, rail.operator, 1n)
  const items = await readStream(rail, '', (all) => all.some(({ proof }) => proof === hash))
  return items.at(-1)!.cursor
}

const markers = new Set<string | undefined>()

/** Reads until a marker payment that is made now arrives; markers are left out. */
async function readToNow(after: string): Promise<Settlement[]> {
  const hash = await transfer(chain, 7, rail.operator, 3n)
  markers.add(hash)
  const items = await readStream(rail, after, (all) => all.some(({ proof }) => proof === hash))
  return items.filter(({ proof }) => !markers.has(proof))
}

const brief = ({ kind, place, amount, reference, splitId, account, attemptId }: Settlement) => ({
  kind,
  place,
  ...(kind === 'spent' ? {} : { units: amount.units }),
  ...(reference ? { reference } : {}),
  ...(splitId ? { splitId } : {}),
  ...(account ? { account } : {}),
  ...(attemptId ? { attemptId } : {}),
})

test('the stream tells each movement once, in chain order, with what it belongs to, also across a restart', async () => {
  const start = await presentCursor()
  const payee = chain.customers[6]!.address.toLowerCase() as Hex // lower-casing keeps the 0x.
  const { splitId, claim } = soleSplit(payee)
  const ref = random32()
  const payTo = await receiverOf(splitId)
  const byTransfer = await signTransfer(chain, { customer: 0, to: payTo, value: 2000n })
  const byReceive = await signReceive(chain, { customer: 1, splitId, ref, value: 5000n })
  const foreign = await signReceive(chain, { customer: 2, splitId: random32(), ref, value: 9n })

  await rail.collect('s1', byTransfer, { signal: signal() })
  await rail.collect('s2', byReceive, { signal: signal() })
  await rail.collect('s3', foreign, { signal: signal() })
  await transfer(chain, 3, payTo, 11n)
  await transfer(chain, 3, rail.operator, 13n)
  expect(await rail.sweep('w1', splitId)).toMatchObject({ kind: 'settled' })
  expect(await rail.claim('k1', claim)).toMatchObject({ kind: 'settled' })
  expect(await rail.claim('k2', claim)).toMatchObject({ kind: 'settled', evidence: { id: 'nothing due' }, fee: { units: 0n } })
  expect(await rail.sweep('w2', splitId)).toMatchObject({ kind: 'settled', evidence: { id: 'nothing due' } })

  const all = await readToNow(start)
  expect(all.map(brief)).toEqual([
    { kind: 'received', place: 'receiver', units: 2000n, reference: `auth:${byTransfer.from.toLowerCase()}:${byTransfer.nonce}`, splitId },
    { kind: 'spent', place: 'gas', attemptId: 's1' },
    { kind: 'received', place: 'hub', units: 5000n, reference: `${splitId}:${ref}`, splitId },
    { kind: 'spent', place: 'gas', attemptId: 's2' },
    { kind: 'spent', place: 'gas', attemptId: 's3' },
    { kind: 'received', place: 'receiver', units: 11n, splitId },
    { kind: 'received', place: 'wallet', units: 13n },
    { kind: 'swept', place: 'receiver', units: 2011n, splitId },
    { kind: 'spent', place: 'gas', attemptId: 'w1' },
    { kind: 'claimed', place: 'hub', units: 7011n, splitId, account: payee },
    { kind: 'spent', place: 'gas', attemptId: 'k1' },
  ])
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)

  await rail.close()
  rail = await openRail(chain, data.file, { finality: { depth: 1 } })
  for (const stop of [0, 4, 8]) expect(await readToNow(all[stop]!.cursor)).toEqual(all.slice(stop + 1))
})

test('balances equal the sum of the stream and the outcomes', async () => {
  const { splitId, claim } = soleSplit(rail.operator)
  const payTo = await receiverOf(splitId)
  const before = await rail.balances()
  const start = await presentCursor()
  const paid = await Promise.all(
    [0, 1, 2, 3].map((i) => rail.send(payout(chain, `at_b${i}`, chain.customers[i]!.address, 100n), { signal: signal() })),
  )
  expect(paid.every(({ kind }) => kind === 'settled')).toBe(true)
  for (const value of [500n, 700n]) await transfer(chain, 4, payTo, value)
  await rail.sweep('b1', splitId)
  await transfer(chain, 4, payTo, 900n)
  // The payee is the operator: its wallet grows by the claim, which the stream tells once.
  await rail.claim('b2', claim)

  const items = await readToNow(start)
  const sum = (test: (item: Settlement) => boolean) => items.filter(test).reduce((total, { amount }) => total + amount.units, 0n)
  const swept = sum(({ kind }) => kind === 'swept')
  const claimed = sum(({ kind }) => kind === 'claimed')
  const grown = {
    // Two marker payments of 1 and 3 came between the two balances.
    wallet: sum(({ place }) => place === 'wallet') + claimed - 400n + 4n,
    gas: -sum(({ kind }) => kind === 'spent'),
    hub: sum(({ kind, place }) => kind === 'received' && place === 'hub') + swept - claimed,
    receiver: sum(({ kind, place }) => kind === 'received' && place === 'receiver') - swept,
  }
  expect(grown).toMatchObject({ hub: 0n, receiver: 900n, wallet: 1200n - 400n + 4n })
  const after = await rail.balances()
  const difference = after.map(({ place, amount }) => [place, amount.units - before.find((b) => b.place === place)!.amount.units])
  expect(Object.fromEntries(difference)).toEqual(grown)
})

test('a payout to our own wallet, as one that was under way before it was refused, is told as money that came to it', async () => {
  const start = await presentCursor()
  expect(await rail.send(payout(chain, 'at_own', rail.operator, 60n), { signal: signal() })).toMatchObject({ kind: 'settled' })
  expect((await readToNow(start)).map(brief)).toEqual([
    { kind: 'received', place: 'wallet', units: 60n, attemptId: 'at_own' },
    { kind: 'spent', place: 'gas', attemptId: 'at_own' },
  ])
})

test('a split that was paid before it was watched is caught up, once', async () => {
  const start = await presentCursor()
  const { splitId } = soleSplit(rail.operator)
  const ref = random32()
  const ending = new AbortController()
  const items: Settlement[] = []
  const reading = (async () => {
    for await (const item of rail.settlements(start, { signal: ending.signal })) items.push(item)
  })()
  await rail.collect('u1', await signReceive(chain, { customer: 5, splitId, ref, value: 250n }), { signal: signal() })
  await expect.poll(() => items.map(({ kind }) => kind), { timeout: 10_000 }).toEqual(['spent'])
  rail.watchSplit(splitId)
  await expect.poll(() => items.map(({ kind }) => kind), { timeout: 10_000 }).toEqual(['spent', 'received'])
  expect(items[1]).toMatchObject({ place: 'hub', reference: `${splitId}:${ref}`, amount: { units: 250n }, cursor: items[0]!.cursor })
  await transfer(chain, 5, rail.operator, 17n)
  await expect.poll(() => items.map(({ kind }) => kind), { timeout: 10_000 }).toEqual(['spent', 'received', 'received'])
  ending.abort()
  await reading
})

test('a payout that is told as settled before the balances have come to its block is named beside them', async () => {
  const proxy = await startLyingProxy(chain.rpcUrl)
  onTestFinished(() => proxy.close())
  await rail.close()
  rail = await openRail(chain, data.file, { finality: { depth: 1 }, rpcUrls: [proxy.url] })
  const wallet = async () => (await rail.balances()).find(({ place }) => place === 'wallet')!
  const { amount: before } = await wallet()
  const settled = await rail.send(payout(chain, 'at_ahead', chain.customers[0]!.address, 300n), { signal: signal() })
  expect(settled).toMatchObject({ kind: 'settled' })
  // It is told as soon as it is durable; then the node says of no further block that it is final.
  proxy.tell((method) => {
    if (method === 'eth_getBlockByNumber') throw new Error('the node is busy')
  })
  expect(await wallet()).toMatchObject({ amount: before, inFlight: [{ amount: { units: -300n }, payments: ['at_ahead'] }] })
  proxy.tell(undefined)
  const after = { amount: { units: before.units - 300n }, inFlight: [] }
  await expect.poll(wallet, { timeout: 10_000 }).toMatchObject(after)
})

test('what is above the finality depth is in neither stream nor balances', async () => {
  const start = await presentCursor()
  const wallet = async () => (await rail.balances()).find(({ place }) => place === 'wallet')!.amount.units
  const before = await wallet()
  await rpc(chain.rpcUrl, 'evm_setIntervalMining', [0])
  try {
    await transfer(chain, 3, rail.operator, 19n)
    const items = await readStream(rail, start, () => true, AbortSignal.timeout(500))
    expect(items).toEqual([])
    expect(await wallet()).toBe(before)
    await rpc(chain.rpcUrl, 'evm_mine')
    await expect.poll(wallet, { timeout: 5_000 }).toBe(before + 19n)
  } finally {
    await rpc(chain.rpcUrl, 'evm_setIntervalMining', [BLOCK_MS])
  }
})

test('an authorization that a stranger relays is reported with its reference', async () => {
  const start = await presentCursor()
  const payTo = await receiverOf(random32())
  const authorization = await signTransfer(chain, { customer: 0, to: payTo, value: 31n })
  await relay(chain, 4, authorization)
  const [item] = await readStream(rail, start, (all) => all.length === 1)
  expect(item).toMatchObject({
    place: 'receiver',
    reference: `auth:${authorization.from.toLowerCase()}:${authorization.nonce}`,
    amount: { units: 31n },
  })
  const block = await reader(chain).getBlock({ blockNumber: BigInt(item!.cursor.split(':')[0]!) })
  expect(item!.at).toBe(Number(block.timestamp) * 1000)
})
