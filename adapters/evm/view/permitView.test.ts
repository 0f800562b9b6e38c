import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { startAnvil } from '../../../test/evm/anvilChain.ts'
import { mined, random32, walletOf } from '../../../test/evm/payer.ts'
import { approve, invalidate, withPlainToken } from '../../../test/evm/permits.ts'
import { startQuietChain } from '../../../test/evm/quietChain.ts'
import { createChain } from '../node/chain.ts'
import { openRpc } from '../node/rpc.ts'
import { createSpendingView } from './spendingView.ts'

const NOBODY: Hex = `0x${'1d'.repeat(20)}`
const HELD = 100_000_000n

describe.each([
  ['the local chain', startQuietChain],
  ['anvil', startAnvil],
] as const)('on %s', (_, start) => {
  let chain: Awaited<ReturnType<typeof start>>
  beforeAll(async () => {
    chain = await withPlainToken(await start())
  }, 60_000)
  afterAll(() => chain?.stop())

  const viewOf = (token: Hex) => {
    const agreed = createChain(openRpc({ url: chain.rpcUrl, timeoutMs: 5_000 }))
    return createSpendingView({ agreed, token, block: () => 'latest', log: () => {} }, 'permits')
  }

  test('of a token without EIP-3009 is told what Permit2 may take, and which nonces are used', async () => {
    const ended = random32()
    await approve(chain, 1, 5_000n)
    await invalidate(chain, 1, ended)
    const wallet = walletOf(chain, 2)
    const authorization = await wallet.signAuthorization({ contractAddress: chain.hub, executor: 'self' })
    await mined(chain, await wallet.sendTransaction({ authorizationList: [authorization], to: `0x${'2d'.repeat(20)}` }))
    const [one, delegated] = [chain.customers[1]!.address, chain.customers[2]!.address]
    // The next nonce is another bit of the same word.
    const next: Hex = `0x${(BigInt(ended) ^ 1n).toString(16).padStart(64, '0')}`
    const view = viewOf(chain.token)
    const asked = [
      { from: one, nonce: ended },
      { from: one, nonce: next },
      { from: delegated, nonce: ended },
      { from: NOBODY, nonce: ended },
    ]
    expect(await Promise.all(asked.map((query) => view.spending(query)))).toEqual([
      { balance: HELD, allowance: 5_000n, hasCode: false, nonceUsed: true },
      { balance: HELD, allowance: 5_000n, hasCode: false, nonceUsed: false },
      { balance: HELD, allowance: 0n, hasCode: true, nonceUsed: false },
      { balance: 0n, allowance: 0n, hasCode: false, nonceUsed: false },
    ])
  })

  test('more than one call holds are each told their own', async () => {
    const view = viewOf(chain.token)
    const many = Array.from({ length: 150 }, (_, n) => (n % 2 === 0 ? chain.customers[1]!.address : NOBODY))
    const balances = (await Promise.all(many.map((from) => view.spending({ from, nonce: random32() })))).map(
      (spending) => spending?.balance,
    )
    expect(balances).toEqual(many.map((from) => (from === NOBODY ? 0n : HELD)))
  })

  test('of a token that is none nothing is known', async () => {
    expect(await viewOf(NOBODY).spending({ from: chain.customers[1]!.address, nonce: random32() })).toBeUndefined()
  })
})
