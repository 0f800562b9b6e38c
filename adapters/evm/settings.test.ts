import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Hex } from '../../gateway/ports/ids.ts'
import { type ChainProcess, startChain } from '../../test/evm/chainProcess.ts'
import { assetOf, openRail, temporaryFile } from '../../test/evm/railOnChain.ts'

let chain: ChainProcess
let data: ReturnType<typeof temporaryFile>

beforeAll(async () => {
  chain = await startChain()
})
afterAll(() => chain?.stop())
beforeEach(() => {
  data = temporaryFile()
})
afterEach(() => data?.remove())

const stranger: Hex = `0x${'17'.repeat(32)}`

test.each<[string, (chain: ChainProcess) => Parameters<typeof openRail>[2]]>([
  ['another chain id', () => ({ chainId: 8453 })],
  ['a hub without code', () => ({ hub: `0x${'44'.repeat(20)}` })],
  [
    'another name of the token',
    ({ token, ...c }) => ({ token: { address: token, name: 'USDC', version: c.tokenVersion, asset: assetOf({ token, ...c }) } }),
  ],
  [
    'other decimals of the token',
    ({ token, ...c }) => ({
      token: { address: token, name: c.tokenName, version: c.tokenVersion, asset: { ...assetOf({ token, ...c }), scale: 18 } },
    }),
  ],
])('a configuration with %s stops the start', async (_, more) => {
  await expect(openRail(chain, data.file, more(chain))).rejects.toMatchObject({ code: 'rail_misconfigured' })
})

test('a node that is not there stops the start', async () => {
  await expect(openRail(chain, data.file, { rpcUrls: ['http://127.0.0.1:1'] })).rejects.toMatchObject({ code: 'rail_unavailable' })
})

test('a data file serves one process and one operator', async () => {
  const rail = await openRail(chain, data.file)
  await expect(openRail(chain, data.file)).rejects.toMatchObject({
    code: 'rail_misconfigured',
    shortMessage: expect.stringMatching(/holds/),
  })
  await rail.close()
  await expect(openRail(chain, data.file, { operatorKey: stranger })).rejects.toMatchObject({
    code: 'rail_misconfigured',
    shortMessage: expect.stringMatching(/belongs to another/),
  })
  await (await openRail(chain, data.file)).close()
})
