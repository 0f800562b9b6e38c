import { cpSync, rmSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { EvmRail } from '../../adapters/evm/railFaces.ts'
import type { EvmRailOptions } from '../../adapters/evm/settings.ts'
import type { AttemptId, Hex } from '../../gateway/ports/ids.ts'
import { type AnvilChain, startAnvil } from './anvilChain.ts'
import { openRail, payout, readStream, signal, temporaryFile, tokenBalance } from './railOnChain.ts'

// A copy of the rail's file that holds a payment on its way, put back after the gateway went on without it.
const WAIT = { timeout: 15_000, interval: 25 }
const NEVER_LATE_MS = 600_000

let chain: AnvilChain
let data: ReturnType<typeof temporaryFile>
const opened: EvmRail[] = []

beforeAll(async () => {
  chain = await startAnvil()
})
afterAll(() => chain?.stop())
beforeEach(() => {
  data = temporaryFile()
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((rail) => rail.close()))
  await chain.call('evm_setAutomine', [true])
  await chain.mine(1)
  data.remove()
})

async function open(more: Partial<EvmRailOptions> = {}): Promise<EvmRail> {
  const rail = await openRail(chain, data.file, { replaceAfterMs: NEVER_LATE_MS, ...more })
  opened.push(rail)
  return rail
}

function attempt(rail: EvmRail, id: AttemptId, address: Hex) {
  const order = payout(chain, id, address, 700n)
  return { ...order, railKey: rail.railKey?.(order.destination, id) ?? '' }
}

const account = (name: string): Hex => `0x${name.repeat(20)}`
const inPool = async () => JSON.stringify(await chain.call('txpool_content'))

/** A payment in the pool, and in a copy of the file that is put back by what is answered. */
async function copiedUnderWay(id: AttemptId, address: Hex) {
  await chain.call('evm_setAutomine', [false])
  const rail = await open()
  const order = attempt(rail, id, address)
  const sending = rail.send(order, { signal: signal() })
  await expect.poll(inPool, WAIT).toContain(address.slice(2))
  await rail.close()
  await sending
  const copy = `${data.file}.copy`
  cpSync(data.file, copy)
  const putBack = () => {
    for (const end of ['', '-wal', '-shm']) rmSync(`${data.file}${end}`, { force: true })
    cpSync(copy, data.file)
  }
  return { order, putBack }
}

test('a payment whose fee was raised after the copy is found by what it did, and paid once', async () => {
  const address = account('e1')
  const { order, putBack } = await copiedUnderWay('at_raised', address)
  const lines: string[] = []
  const second = await open({ replaceAfterMs: 100, log: (line) => void lines.push(line) })
  await expect.poll(() => lines.join('\n'), WAIT).toContain('replaced with higher fees')
  await chain.call('evm_setAutomine', [true])
  await chain.mine(1)
  await expect.poll(() => second.lookup(order.id, order), WAIT).toMatchObject({ kind: 'settled' })
  const before = await second.lookup(order.id, order)
  await second.close()

  putBack()
  const third = await open()
  await expect.poll(() => third.lookup(order.id, order), WAIT).toEqual(before)
  expect(await tokenBalance(chain, address)).toBe(700n)
  const spent = await readStream(third, '', (items) => items.some(({ kind, attemptId }) => kind === 'spent' && attemptId === order.id))
  expect(spent.filter(({ attemptId }) => attemptId === order.id)).toHaveLength(1)
  expect(await third.send(attempt(third, 'at_next', account('e2')), { signal: signal() })).toMatchObject({ kind: 'settled' })
  expect(await tokenBalance(chain, address)).toBe(700n)
})
