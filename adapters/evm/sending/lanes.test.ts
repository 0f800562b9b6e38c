import { parseTransaction } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { type AnvilChain, startAnvil } from '../../../test/evm/anvilChain.ts'
import { signTransfer } from '../../../test/evm/payer.ts'
import { openRail, payout, reader, readStream, signal, temporaryFile, tokenBalance } from '../../../test/evm/railOnChain.ts'
import { type SilentProxy, startSilentProxy } from '../../../test/evm/silentProxy.ts'
import type { EvmRail } from '../railFaces.ts'

// Anvil, because it alone lets a test set the base fee of each block and knows `safe` and `finalized` blocks: here one and two behind the head.
let chain: AnvilChain
let proxy: SilentProxy
let data: ReturnType<typeof temporaryFile>
let rail: EvmRail | undefined

beforeAll(async () => {
  chain = await startAnvil(['--slots-in-an-epoch', '1'])
})
afterAll(() => chain?.stop())
beforeEach(async () => {
  data = temporaryFile()
  proxy = await startSilentProxy(chain.rpcUrl)
})
afterEach(async () => {
  await rail?.close()
  await proxy?.close()
  await chain.call('evm_setAutomine', [true])
  await chain.mine(1)
  data?.remove()
})

async function open(more: Parameters<typeof openRail>[2] = {}): Promise<EvmRail> {
  rail = await openRail(chain, data.file, { rpcUrls: [proxy.url], ...more })
  return rail
}
const account = (byte: string): Hex => `0x${byte.repeat(20)}`
const laneKey = () => chain.customers[6]!.privateKey
const WAIT = { timeout: 15_000 }

test('a transaction below the price of every block is replaced under its nonce until a block takes it', async () => {
  const opened = await open({ replaceAfterMs: 300 })
  await chain.call('evm_setAutomine', [false])
  const outcome = opened.send(payout(chain, 'at_low', account('71'), 12n), { signal: signal() })
  await expect.poll(() => proxy.sent().length, WAIT).toBe(1)
  const [first] = proxy.sent().map((raw) => parseTransaction(raw))
  const price = first!.maxFeePerGas! * 3n
  for (let block = 0; block < 200 && (await tokenBalance(chain, account('71'))) === 0n; block++) {
    await chain.call('anvil_setNextBlockBaseFeePerGas', [`0x${price.toString(16)}`])
    await chain.mine(1)
    if (block === 0) expect(await tokenBalance(chain, account('71'))).toBe(0n)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  expect(await outcome).toMatchObject({ kind: 'settled' })
  expect(await tokenBalance(chain, account('71'))).toBe(12n)
  const forms = proxy.sent().map((raw) => parseTransaction(raw))
  expect(forms.length).toBeGreaterThan(1)
  expect(new Set(forms.map(({ nonce }) => nonce)).size).toBe(1)
  expect(forms.at(-1)!.maxFeePerGas!).toBeGreaterThan(price)
})

test('with a second key collections take both lanes, payouts only the one that holds the tokens, also after a restart', async () => {
  const opened = await open({ laneKeys: [laneKey()] })
  const second = privateKeyToAccount(laneKey()).address
  const nonces = () => Promise.all([opened.operator, second].map((address) => reader(chain).getTransactionCount({ address })))
  const before = await nonces()
  await chain.call('evm_setAutomine', [false])
  const collected: Promise<unknown>[] = []
  // Pairs, each of which goes together.
  for (let pair = 0; pair < 4; pair++) {
    const authorizations = await Promise.all([0, 1].map((i) => signTransfer(chain, { customer: pair + i, to: account('72'), value: 10n })))
    for (const [i, authorization] of authorizations.entries())
      collected.push(opened.collect(`c_${pair * 2 + i}`, authorization, { signal: AbortSignal.timeout(8_000) }))
    await expect.poll(() => proxy.sent().length, WAIT).toBe(pair + 1)
  }
  const paid = [...Array(4).keys()].map((i) =>
    opened.send(payout(chain, `at_l${i}`, account('73'), 5n), { signal: AbortSignal.timeout(2_000) }),
  )
  await expect.poll(() => proxy.sent().length, WAIT).toBe(8)
  await opened.close()
  await Promise.all([...collected, ...paid])
  const again = await open({ laneKeys: [laneKey()] })
  await chain.call('evm_setAutomine', [true])
  await chain.mine(1)
  for (let i = 0; i < 8; i++) await expect.poll(() => again.lookupCollection(`c_${i}`), WAIT).toMatchObject({ kind: 'settled' })
  for (let i = 0; i < 4; i++) await expect.poll(() => again.lookup(`at_l${i}`), WAIT).toMatchObject({ kind: 'settled' })
  expect([await tokenBalance(chain, account('72')), await tokenBalance(chain, account('73'))]).toEqual([80n, 20n])
  const used = (await nonces()).map((count, i) => count - before[i]!)
  expect(used).toEqual([6, 2])

  const ether = await Promise.all([opened.operator, second].map((address) => reader(chain).getBalance({ address })))
  await expect
    .poll(async () => (await again.balances()).find(({ place }) => place === 'gas')?.amount.units, WAIT)
    .toBe(ether[0]! + ether[1]!)
  const spent = await readStream(again, '', (all) => all.filter(({ kind }) => kind === 'spent').length === 8)
  // What carried several is the cost of none of them by name.
  expect(spent.flatMap(({ attemptId }) => (attemptId === undefined ? [] : [attemptId])).sort()).toEqual([
    'at_l0',
    'at_l1',
    'at_l2',
    'at_l3',
  ])
})

test('the same key twice stops the start', async () => {
  await expect(open({ laneKeys: [chain.operatorKey] })).rejects.toMatchObject({ code: 'rail_misconfigured' })
})

test.each([
  ['safe', 1],
  ['finalized', 2],
] as const)('by the tag %s nothing is settled before the node itself calls its block so', async (tag, blocks) => {
  const opened = await open({ finality: { tag } })
  const outcome = opened.send(payout(chain, `at_${tag}`, account(blocks === 1 ? '74' : '75'), 8n), { signal: signal() })
  await expect.poll(() => tokenBalance(chain, account(blocks === 1 ? '74' : '75')), WAIT).toBe(8n)
  for (let mined = 0; mined < blocks; mined++) {
    const looks = proxy.calls('eth_getBlockByNumber')
    await expect.poll(() => proxy.calls('eth_getBlockByNumber'), WAIT).toBeGreaterThan(looks + 6)
    expect(await opened.lookup(`at_${tag}`)).toMatchObject({ kind: 'unknown' })
    await chain.mine(1)
  }
  expect(await outcome).toMatchObject({ kind: 'settled' })
})
