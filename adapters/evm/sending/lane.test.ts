import { DatabaseSync } from 'node:sqlite'
import { keccak256, parseTransaction } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { rpc } from '../../../test/evm/chainProcess.ts'
import { random32, signTransfer } from '../../../test/evm/payer.ts'
import { type QuietChain, startQuietChain } from '../../../test/evm/quietChain.ts'
import { openRail, payout, reader, signal, temporaryFile, tokenBalance } from '../../../test/evm/railOnChain.ts'
import { type SilentProxy, startSilentProxy } from '../../../test/evm/silentProxy.ts'
import type { EvmRail } from '../railFaces.ts'

let chain: QuietChain
let proxy: SilentProxy
let data: ReturnType<typeof temporaryFile>
const opened: EvmRail[] = []

beforeAll(async () => {
  chain = await startQuietChain()
})
afterAll(() => chain?.stop())
beforeEach(async () => {
  data = temporaryFile()
  proxy = await startSilentProxy(chain.rpcUrl)
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((rail) => rail.close()))
  await proxy?.close()
  await setMining(true)
  data?.remove()
})

async function open(more: Parameters<typeof openRail>[2] = {}): Promise<EvmRail> {
  const rail = await openRail(chain, data.file, { rpcUrls: [proxy.url], rpcTimeoutMs: 300, ...more })
  opened.push(rail)
  return rail
}

/** Whether the chain mines by itself. */
async function setMining(on: boolean): Promise<void> {
  await rpc(chain.rpcUrl, 'evm_setIntervalMining', [on ? 1000 : 0])
  await rpc(chain.rpcUrl, 'evm_setAutomine', [on])
  if (on) await rpc(chain.rpcUrl, 'evm_mine')
}

const account = (name: string): Hex => `0x${name.repeat(20)}`
/** What left this machine, in order. */
const sentForms = () => proxy.sent().map((raw) => parseTransaction(raw))

test('a payout that is signed but not sent when the process ends is sent by the next one, once', async () => {
  const first = await open()
  proxy.silence((method) => method === 'eth_sendRawTransaction')
  const outcome = first.send(payout(chain, 'at_kill', account('a1'), 1234n), { signal: signal() })
  await expect.poll(() => proxy.calls('eth_sendRawTransaction'), { timeout: 10_000 }).toBeGreaterThan(0)
  await first.close()
  expect(await outcome).toMatchObject({ kind: 'unknown' })
  expect(await tokenBalance(chain, account('a1'))).toBe(0n)

  proxy.silence(() => false)
  const second = await open()
  await expect.poll(() => second.lookup('at_kill'), { timeout: 10_000 }).toMatchObject({ kind: 'settled' })
  expect(await second.send(payout(chain, 'at_kill', account('a1'), 1234n), { signal: signal() })).toMatchObject({ kind: 'settled' })
  expect(await tokenBalance(chain, account('a1'))).toBe(1234n)
})

test('while the node is silent a payout and a collection are unknown, and end when it answers', async () => {
  const rail = await open()
  const authorization = await signTransfer(chain, { customer: 0, to: account('a2'), value: 77n })
  proxy.silence(() => true)
  const [paid, collected] = await Promise.all([
    rail.send(payout(chain, 'at_silent', account('a3'), 55n), { signal: AbortSignal.timeout(1_000) }),
    rail.collect('c_silent', authorization, { signal: AbortSignal.timeout(1_000) }),
  ])
  expect([paid.kind, collected.kind]).toEqual(['unknown', 'unknown'])
  expect(await rail.lookup('at_silent')).toMatchObject({ kind: 'unknown' })
  const { address } = { address: account('a3') }
  const query = { amount: payout(chain, 'at_e', address, 1n).amount, destination: { kind: 'evm_address', address } } as const
  await expect(rail.estimate(query)).rejects.toThrow('no usable answer')
  await expect(rail.balances()).rejects.toMatchObject({ code: 'rail_unavailable' })

  proxy.silence(() => false)
  await expect.poll(() => rail.lookup('at_silent'), { timeout: 10_000 }).toMatchObject({ kind: 'settled' })
  await expect.poll(() => rail.lookupCollection('c_silent'), { timeout: 10_000 }).toMatchObject({ kind: 'settled' })
  expect(await tokenBalance(chain, account('a3'))).toBe(55n)
  expect(await tokenBalance(chain, account('a2'))).toBe(77n)
})

test('a payout whose broadcast was lost is offered again and paid once', async () => {
  const rail = await open()
  proxy.silence((method) => method === 'eth_sendRawTransaction')
  const outcome = rail.send(payout(chain, 'at_lost', account('a4'), 99n), { signal: signal() })
  await expect.poll(() => proxy.calls('eth_sendRawTransaction'), { timeout: 10_000 }).toBeGreaterThan(0)
  proxy.silence(() => false)
  expect(await outcome).toMatchObject({ kind: 'settled' })
  expect(await tokenBalance(chain, account('a4'))).toBe(99n)
})

test('a transaction that is not mined in time is replaced with both fees at least 12.5 % higher', async () => {
  const rail = await open({ replaceAfterMs: 300 })
  await setMining(false)
  const outcome = rail.send(payout(chain, 'at_stuck', account('a5'), 42n), { signal: signal() })
  await expect.poll(() => sentForms().length, { timeout: 15_000 }).toBeGreaterThanOrEqual(2)
  await setMining(true)
  expect(await outcome).toMatchObject({ kind: 'settled' })
  expect(await tokenBalance(chain, account('a5'))).toBe(42n)
  const forms = sentForms()
  expect(new Set(forms.map(({ nonce }) => nonce)).size).toBe(1)
  for (const [i, form] of forms.slice(1).entries()) {
    expect(form.maxFeePerGas! * 8n).toBeGreaterThanOrEqual(forms[i]!.maxFeePerGas! * 9n)
    expect(form.maxPriorityFeePerGas! * 8n).toBeGreaterThanOrEqual(forms[i]!.maxPriorityFeePerGas! * 9n)
  }
})

test('a transaction that may not cost more is not replaced, and is not stuck: it waits for lower prices', async () => {
  const lines: string[] = []
  const rail = await open({ replaceAfterMs: 300, log: (line) => void lines.push(line) })
  await setMining(false)
  const attempt = payout(chain, 'at_tight', account('a6'), 43n)
  const estimate = await rail.estimate({ amount: attempt.amount, destination: attempt.destination })
  if (estimate.kind !== 'possible') throw new Error(estimate.detail)
  // Enough for the first form (its price is a quarter of the limit's headroom), too little for many more.
  const outcome = rail.send({ ...attempt, feeMax: estimate.feeMax }, { signal: signal() })
  await expect.poll(() => rail.lookup('at_tight'), { timeout: 15_000 }).toMatchObject({ detail: expect.stringMatching(/lower fee market/) })
  const waiting = await rail.lookup('at_tight')
  const { nonce } = sentForms()[0]!
  expect(waiting).toMatchObject({ kind: 'unknown', detail: expect.stringContaining(`nonce ${nonce}`) })
  expect(waiting).toMatchObject({ detail: expect.stringContaining(keccak256(proxy.sent().at(-1)!)) })
  // It will be mined when prices fall, so nobody may end it as failed.
  expect(waiting).not.toHaveProperty('stuck')
  expect(lines.filter((line) => /waits for a lower fee market/.test(line))).toHaveLength(1)
  for (const { maxFeePerGas, gas } of sentForms()) expect(maxFeePerGas! * gas!).toBeLessThanOrEqual(estimate.feeMax.units)
  await setMining(true)
  expect(await outcome).toMatchObject({ kind: 'settled' })
})

test('a gap in the nonces is filled, and what waited behind it is mined', async () => {
  const first = await open()
  await setMining(false)
  const ids = ['at_g0', 'at_g1', 'at_g2'] as const
  const outcomes = ids.map((id, i) => first.send(payout(chain, id, account(`b${i}`), 10n), { signal: AbortSignal.timeout(3_000) }))
  await expect.poll(() => sentForms().length, { timeout: 10_000 }).toBe(3)
  await first.close()
  await Promise.all(outcomes)
  // The middle one is lost on both sides: from the node's pool, and from the data file as by an older copy of it.
  const database = new DatabaseSync(data.file)
  const lost = database.prepare('SELECT nonce, hash FROM signed ORDER BY nonce LIMIT 1 OFFSET 1').get()!
  const id = String(database.prepare('SELECT action_id FROM transactions WHERE nonce = ?').get(lost.nonce!)!.action_id)
  for (const statement of ['DELETE FROM signed WHERE nonce = ?', 'DELETE FROM transactions WHERE nonce = ?'])
    database.prepare(statement).run(lost.nonce!)
  database.prepare('DELETE FROM actions WHERE id = ?').run(id)
  database.close()
  await rpc(chain.rpcUrl, 'hardhat_dropTransaction', [lost.hash])

  const second = await open()
  await setMining(true)
  const others = ids.filter((other) => other !== id)
  for (const other of others) await expect.poll(() => second.lookup(other), { timeout: 10_000 }).toMatchObject({ kind: 'settled' })
  const mined = await reader(chain).getTransactionCount({ address: second.operator })
  expect(mined).toBe(Number(lost.nonce) + 2)
  expect(await second.send(payout(chain, 'at_after', account('b9'), 10n), { signal: signal() })).toMatchObject({ kind: 'settled' })
})

test('a payout whose nonce an unknown transaction took is not sent again, and waits for a person, also after a restart', async () => {
  const rail = await open({ rpcTimeoutMs: 5_000 })
  await setMining(false)
  const outcome = rail.send(payout(chain, 'at_taken', account('c1'), 21n), { signal: signal() })
  await expect.poll(() => sentForms().length, { timeout: 10_000 }).toBe(1)
  // Another program with the same key offers more for the same nonce; or an older file's later self did.
  const taker = await foreignTransaction(sentForms()[0]!.nonce!)
  await setMining(true)
  const stuck = { kind: 'unknown', stuck: true, detail: expect.stringContaining(taker) }
  expect(await outcome).toMatchObject(stuck)
  await rail.close()
  const second = await open({ rpcTimeoutMs: 5_000 })
  expect(await second.lookup('at_taken')).toMatchObject(stuck)
  expect(await second.send(payout(chain, 'at_behind', account('c2'), 22n), { signal: signal() })).toMatchObject({ kind: 'settled' })
  expect(await tokenBalance(chain, account('c1'))).toBe(0n)
})

test('a collection whose nonce an unknown transaction took is sent under a new one', async () => {
  const rail = await open({ rpcTimeoutMs: 5_000 })
  const authorization = await signTransfer(chain, { customer: 0, to: account('c3'), value: 23n })
  await setMining(false)
  const outcome = rail.collect('c_taken', authorization, { signal: signal() })
  await expect.poll(() => sentForms().length, { timeout: 10_000 }).toBe(1)
  await foreignTransaction(sentForms()[0]!.nonce!)
  await setMining(true)
  expect(await outcome).toMatchObject({ kind: 'settled' })
  expect(await tokenBalance(chain, account('c3'))).toBe(23n)
  expect(new Set(sentForms().map(({ nonce }) => nonce)).size).toBe(2)
})

async function foreignTransaction(nonce: number): Promise<Hex> {
  const signer = privateKeyToAccount(chain.operatorKey)
  const fees = { maxFeePerGas: 400_000_000_000n, maxPriorityFeePerGas: 50_000_000_000n }
  const raw = await signer.signTransaction({
    type: 'eip1559',
    chainId: chain.chainId,
    nonce,
    to: random32().slice(0, 42) as Hex,
    gas: 21_000n,
    ...fees,
  })
  await rpc(chain.rpcUrl, 'eth_sendRawTransaction', [raw])
  return keccak256(raw)
}
