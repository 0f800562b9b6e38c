import { cpSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { AttemptId, Hex } from '../../../gateway/ports/ids.ts'
import { type QuietChain, startQuietChain } from '../../../test/evm/quietChain.ts'
import { openRail, payout, signal, temporaryFile, tokenBalance } from '../../../test/evm/railOnChain.ts'
import { type SilentProxy, startSilentProxy } from '../../../test/evm/silentProxy.ts'
import type { EvmRail } from '../railFaces.ts'

const WAIT = { timeout: 15_000 }
const NEVER = { kind: 'failed', reason: 'never_sent' }
const LOST = { kind: 'unknown', stuck: true, detail: expect.stringContaining('older copy') }

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
  data?.remove()
})

async function open(): Promise<EvmRail> {
  const rail = await openRail(chain, data.file, { rpcUrls: [proxy.url], rpcTimeoutMs: 300 })
  opened.push(rail)
  return rail
}

function attempt(rail: EvmRail, id: AttemptId, address: Hex) {
  const order = payout(chain, id, address, 700n)
  return { ...order, railKey: rail.railKey?.(order.destination, id) ?? '' }
}

const account = (name: string): Hex => `0x${name.repeat(20)}`

test('an attempt that was announced and never came was never sent, and may come after a restart', async () => {
  const first = await open()
  const order = attempt(first, 'at_crash', account('d1'))
  await first.close()
  const second = await open()
  expect(await second.lookup(order.id, order)).toMatchObject(NEVER)
  expect(await second.send(order, { signal: signal() })).toMatchObject({ kind: 'settled' })
  expect(await tokenBalance(chain, account('d1'))).toBe(700n)
})

test('an attempt that was announced to another file is neither sent nor told as failed, even when the rail would refuse it', async () => {
  const rail = await open()
  const order = { ...payout(chain, 'at_other', account('d2'), 700n), railKey: 'another file' }
  expect(await rail.lookup(order.id, order)).toMatchObject(LOST)
  expect(await rail.send(order, { signal: signal() })).toMatchObject(LOST)
  expect(await rail.send({ ...order, destination: { kind: 'evm_address', address: '0x00' } }, { signal: signal() })).toMatchObject(LOST)
  expect(await tokenBalance(chain, account('d2'))).toBe(0n)
})

test('an attempt from before attempts were announced is answered as it was then', async () => {
  const rail = await open()
  const order = payout(chain, 'at_before', account('d3'), 700n)
  expect(await rail.lookup(order.id, order)).toMatchObject(NEVER)
  expect(await rail.lookup(order.id)).toMatchObject(NEVER)
})

test('what a copy of the file holds for unsent is sent no more when the chain has counted more than the copy', async () => {
  const first = await open()
  await first.send(payout(chain, 'at_earlier', account('d4'), 100n), { signal: signal() })
  const announced = attempt(first, 'at_announced', account('d5'))
  const order = attempt(first, 'at_open', account('d6'))
  proxy.silence((method) => method === 'eth_estimateGas')
  const sending = first.send(order, { signal: signal() })
  await expect.poll(() => proxy.calls('eth_estimateGas'), WAIT).toBeGreaterThan(0)
  await first.close()
  await sending
  const copy = `${data.file}.copy`
  cpSync(data.file, copy)

  proxy.silence(() => false)
  const second = await open()
  await expect.poll(() => second.lookup(order.id, order), WAIT).toMatchObject({ kind: 'settled' })
  expect(await second.send(announced, { signal: signal() })).toMatchObject({ kind: 'settled' })
  await second.close()
  for (const end of ['', '-wal', '-shm']) rmSync(`${data.file}${end}`, { force: true })
  cpSync(copy, data.file)

  const third = await open()
  expect(await third.lookup(order.id, order)).toMatchObject(LOST)
  expect(await third.lookup(announced.id, announced)).toMatchObject(LOST)
  await third.send(payout(chain, 'at_later', account('d7'), 100n), { signal: signal() })
  expect([await tokenBalance(chain, account('d5')), await tokenBalance(chain, account('d6'))]).toEqual([700n, 700n])
})

test('what was announced and never came is forgotten after ninety days', async () => {
  const first = await open()
  const order = attempt(first, 'at_old', account('d8'))
  const kept = attempt(first, 'at_kept', account('d8'))
  await first.close()
  const database = new DatabaseSync(data.file)
  const aged = (id: string, days: number) =>
    database.prepare('UPDATE announced SET at = ? WHERE id = ?').run(Date.now() - days * 86_400_000, id)
  aged('at_old', 91)
  aged('at_kept', 89)
  database.close()
  const second = await open()
  expect(await second.lookup(order.id, order)).toMatchObject(LOST)
  expect(await second.lookup(kept.id, kept)).toMatchObject(NEVER)
})
