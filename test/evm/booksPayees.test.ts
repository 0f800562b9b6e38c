import { afterAll, beforeAll, expect, test } from 'vitest'
import { receiverAddress } from '../../adapters/evm/node/offers.ts'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { money } from '../../gateway/money/money.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import { type AnvilChain, startAnvil } from './anvilChain.ts'
import { type GatewayOnChain, startGateway } from './gatewayOnChain.ts'
import { type LyingProxy, startLyingProxy } from './lyingProxy.ts'
import { random32, transfer } from './payer.ts'

// A payee without an account, paid on a chain: from the payer's transfer to its standing order's payout nobody lifts a hand.
const RAIL = 'evm:31337'
const WAIT = { timeout: 60_000, interval: 50 }
const GATHER_S = 601
/** The token's `balanceOf`, by which the split's receiver is asked for. */
const BALANCE_OF = '70a08231'
const HOUR_S = 3_600

let chain: AnvilChain
let second: LyingProxy
let yard: GatewayOnChain

beforeAll(async () => {
  chain = await startAnvil()
  second = await startLyingProxy(chain.rpcUrl)
  yard = await startGateway(chain, { depth: 0 }, {}, { rpcUrls: [chain.rpcUrl, second.url] })
}, 60_000)
afterAll(async () => {
  await yard?.close()
  await second?.close()
  await chain?.stop()
})

const forward = (byS: number) => yard.gateway().testMode!.clock.advance({ byS }, { by: 'test', along: () => ({ claims: [], facts: [] }) })
const state = (splitId: Hex) => yard.gateway().payins.shareClaims.stateOf(RAIL, splitId).state

test('a payee in the books has what a chain paid for it without a hand, when both nodes say so, and its standing order pays it on', async () => {
  const [writer, printer, other] = await Promise.all(['writer', 'printer', 'other'].map((name) => yard.party(name)))
  const payees = [
    { party: writer!.id, shares: 3n },
    { party: printer!.id, account: chain.customers[4]!.address, shares: 1n },
  ]
  const split = await yard.gateway().parties.splits.create({ payees, label: random32() })
  const none = money(yard.gateway().ground.bookAsset, 0n)
  await yard.gateway().orders.create({
    party: writer!.id,
    schedule: { every: 'hour', day: 1, hour: 0 },
    terms: { fixed: undefined, keep: none, above: none, feeMax: none },
    destination: { kind: 'party', party: other!.id },
    reference: 'rent',
    hand: { by: writer!.id, person: undefined, key: undefined },
    along: () => ({ claims: [], facts: [] }),
  })

  const hub = chain.hub.toLowerCase() as Hex // lower-casing keeps the 0x.
  await transfer(chain, 1, receiverAddress(hub, split.splitId), 40_000_001n)
  await expect.poll(() => yard.credit(accounts.pot(split.splitId)), WAIT).toBe(40_000_001n)
  expect(state(split.splitId)).toBe('gathering')

  // One of two nodes says that nothing is there: nothing is sent on the word of the other.
  const zero = `0x${'0'.repeat(64)}`
  let [lies, isSilent] = [0, false]
  second.tell((method, [call]) => {
    if (method !== 'eth_call' || !JSON.stringify(call).includes(BALANCE_OF)) return undefined
    lies += 1
    if (isSilent) throw new Error('no answer')
    return zero
  })
  await forward(GATHER_S)
  await expect.poll(() => lies, WAIT).toBeGreaterThan(0)
  const held = () => yard.gateway().payins.chains[0]!.shareHeld(split.splitId, split.tree.share(0))
  await expect(held()).rejects.toMatchObject({ code: 'rail_unavailable' })
  // Nor when it says nothing.
  isSilent = true
  await expect(held()).rejects.toMatchObject({ code: 'rail_unavailable' })
  expect([state(split.splitId), yard.credit(accounts.pot(split.splitId))]).toEqual(['gathering', 40_000_001n])

  second.tell(undefined)
  expect(await held()).toEqual({ owed: 0n, inReceiver: 40_000_001n })
  await forward(60)
  await expect.poll(() => yard.credit(writer!.path), WAIT).toBe(30_000_000n)
  expect(yard.credit(accounts.share(split.splitId, chain.customers[4]!.address))).toBe(10_000_000n)
  expect((await yard.gateway().audit.verify()).ok).toBe(true)
  await expect.poll(() => state(split.splitId), WAIT).toBe('nothing')

  await forward(HOUR_S)
  await expect.poll(() => yard.credit(other!.path), WAIT).toBe(30_000_000n)
  expect(yard.credit(writer!.path)).toBe(0n)
}, 120_000)
