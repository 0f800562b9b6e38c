import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { startAnvil } from '../../../test/evm/anvilChain.ts'
import { mined, random32, relay, signTransfer, walletOf } from '../../../test/evm/payer.ts'
import { startQuietChain } from '../../../test/evm/quietChain.ts'
import type { ChainReady } from '../../../world/chain/ready.ts'
import { createChain } from '../node/chain.ts'
import { openRpc, type Rpc } from '../node/rpc.ts'
import { createSpendingView } from './spendingView.ts'

const NOBODY: Hex = `0x${'1d'.repeat(20)}`

/** The view over this chain, and how often it asked. */
function viewOf(chain: ChainReady, through: (rpc: Rpc) => Rpc = (rpc) => rpc) {
  const calls: string[] = []
  const rpc = openRpc({ url: chain.rpcUrl, timeoutMs: 5_000 })
  const counted: Rpc = {
    call(method, params, shape) {
      calls.push(method)
      return rpc.call(method, params, shape)
    },
    close: rpc.close,
  }
  const said: string[] = []
  const parts = { agreed: createChain(through(counted)), token: chain.token.toLowerCase() as Hex, block: () => 'latest' as const }
  return { ...createSpendingView({ ...parts, log: (_, message) => void said.push(message) }, 'authorizations'), calls, said }
}

describe.each([
  ['the local chain', startQuietChain],
  ['anvil', startAnvil],
] as const)('on %s', (_, start) => {
  let chain: Awaited<ReturnType<typeof start>>
  beforeAll(async () => {
    chain = await start()
  }, 60_000)
  afterAll(() => chain?.stop())

  test('many accounts are told of in one call: their balance, their code, and whether the nonce is used', async () => {
    const nonce = random32()
    await relay(chain, 1, await signTransfer(chain, { customer: 1, to: NOBODY, value: 7n, nonce }))
    const wallet = walletOf(chain, 2)
    const authorization = await wallet.signAuthorization({ contractAddress: chain.token, executor: 'self' })
    await mined(chain, await wallet.sendTransaction({ authorizationList: [authorization], to: `0x${'2d'.repeat(20)}` }))
    const view = viewOf(chain)
    const [from, delegated] = [chain.customers[1]!.address, chain.customers[2]!.address]
    const asked = [
      { from, nonce },
      { from, nonce: random32() },
      { from: NOBODY, nonce },
      { from: delegated, nonce },
      { from: chain.token, nonce },
    ]
    const answers = await Promise.all(asked.map((query) => view.spending(query)))
    const balance = answers[0]!.balance
    expect(balance).toBeGreaterThan(7n)
    expect(answers).toEqual([
      { balance, nonceUsed: true, hasCode: false },
      { balance, nonceUsed: false, hasCode: false },
      { balance: 7n, nonceUsed: false, hasCode: false },
      { balance: expect.any(BigInt), nonceUsed: false, hasCode: true },
      { balance: 0n, nonceUsed: false, hasCode: true },
    ])
    expect(view.calls).toEqual(['eth_call'])
  })

  test('more than one call holds are asked for in the next ones, and each is told its own', async () => {
    const view = viewOf(chain)
    const holders = chain.customers.slice(1, 4).map(({ address }) => address)
    const alone = await Promise.all(holders.map((from) => viewOf(chain).spending({ from, nonce: random32() })))
    const many = Array.from({ length: 500 }, (_, n) => holders[n % holders.length]!)
    const answers = await Promise.all(many.map((from) => view.spending({ from, nonce: random32() })))
    expect(answers).toEqual(many.map((_, n) => alone[n % holders.length]))
    expect(view.calls).toHaveLength(3)
  })

  test('a chain that does not say is told of once, and nothing is known', async () => {
    let down = true
    const view = viewOf(chain, (rpc) => ({
      ...rpc,
      call: (method, params, shape) => rpc.call(down ? 'eth_nothing' : method, params, shape),
    }))
    const query = () => view.spending({ from: chain.customers[1]!.address, nonce: random32() })
    expect([await query(), await query()]).toEqual([undefined, undefined])
    down = false
    expect(await query()).toMatchObject({ hasCode: false })
    expect(view.said).toEqual([expect.stringMatching(/does not say/), expect.stringMatching(/says again/)])
  })

  test('of a token that is none nothing is known', async () => {
    const view = viewOf({ ...chain, token: NOBODY })
    expect(await view.spending({ from: chain.customers[1]!.address, nonce: random32() })).toBeUndefined()
  })
})
