import { afterAll, beforeAll, expect, test } from 'vitest'
import { rpc } from '../../test/evm/chainProcess.ts'
import { type QuietChain, startQuietChain } from '../../test/evm/quietChain.ts'
import { openRail, temporaryFile } from '../../test/evm/railOnChain.ts'
import { type SilentProxy, startSilentProxy } from '../../test/evm/silentProxy.ts'
import type { EvmRail } from './railFaces.ts'

// One endpoint that counts what it is asked, before a chain that mines only when it is told to.
let chain: QuietChain
let proxy: SilentProxy
let rail: EvmRail
const data = temporaryFile()
const ending = new AbortController()
let reading: Promise<void>

beforeAll(async () => {
  chain = await startQuietChain()
  proxy = await startSilentProxy(chain.rpcUrl)
  rail = await openRail(chain, data.file, { rpcUrls: [proxy.url], finality: { depth: 1 } })
  const [first] = await rail.balances()
  reading = (async () => {
    for await (const item of rail.settlements(first!.cursor!, { signal: ending.signal })) throw new Error(`nobody paid ${item.id}`)
  })()
})
afterAll(async () => {
  ending.abort()
  await reading
  await rail?.close()
  await proxy?.close()
  await chain?.stop()
  data.remove()
})

const WAIT = { timeout: 20_000 }
const HEAD = 'eth_getBlockByNumber ["latest",false]'
const LOOKS = 12
const onlyHeads = () => expect.poll(() => proxy.asked().slice(-LOOKS), WAIT).toEqual(Array.from({ length: LOOKS }, () => HEAD))

test('while the head stays, nothing else is asked for; when it moves, all is looked at again', async () => {
  await onlyHeads()
  const before = proxy.asked().length
  await rpc(chain.rpcUrl, 'hardhat_mine', ['0x1'])
  const since = () => proxy.asked().slice(before)
  for (const method of ['eth_getTransactionCount', 'eth_getLogs', 'eth_feeHistory']) {
    await expect.poll(() => since().some((call) => call.startsWith(method)), WAIT).toBe(true)
  }
  await onlyHeads()
})
