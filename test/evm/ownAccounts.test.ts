import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { receiverAddress } from '../../adapters/evm/node/offers.ts'
import { money } from '../../gateway/money/money.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import { rpc } from './chainProcess.ts'
import { type GatewayOnChain, startGateway } from './gatewayOnChain.ts'
import { transfer } from './payer.ts'
import { type QuietChain, startQuietChain } from './quietChain.ts'

// A payout to an account of our own would be settled by the chain and move nothing, or move it past the books.
const WAIT = { timeout: 15_000 }
let chain: QuietChain
let yard: GatewayOnChain
let source: string
let receiver: Hex

beforeAll(async () => {
  chain = await startQuietChain()
})
afterAll(() => chain?.stop())
beforeEach(async () => {
  yard = await startGateway(chain, { depth: 0 })
  const party = await yard.party('seller')
  source = party.path
  const { splitId } = await yard.gateway().parties.splits.house(party.id)
  receiver = receiverAddress(chain.hub.toLowerCase() as Hex, splitId) // lower-casing keeps the 0x.
  await transfer(chain, 1, receiver, 5_000n)
  await expect.poll(() => yard.credit(source), WAIT).toBe(5_000n)
  await transfer(chain, 1, privateKeyToAccount(chain.operatorKey).address, 5_000n)
})
afterEach(() => yard?.close())

const create = (address: Hex) =>
  yard.gateway().payouts.payouts.create({
    source,
    amount: money(yard.gateway().ground.bookAsset, 1_200n),
    destinations: [{ kind: 'evm_address', address }],
    reference: 'r',
    createdBy: 'test',
  })

test.each<[string, () => Hex, RegExp]>([
  ['the wallet that payouts leave from', () => privateKeyToAccount(chain.operatorKey).address, /wallet of evm:31337/],
  ['the receiver of a split', () => receiver, /receiver of a split on evm:31337/],
  ['the hub', () => chain.hub, /hub of evm:31337/],
])('a payout to %s is refused with what to do instead, and nothing is held', async (_, address, said) => {
  await expect(create(address())).rejects.toMatchObject({
    code: 'own_account',
    meta: { errors: [{ path: 'destinations.0', message: expect.stringMatching(said) }] },
    hint: expect.stringMatching(/"party"/),
  })
  await rpc(chain.rpcUrl, 'hardhat_mine', ['0x2'])
  expect(yard.credit(source)).toBe(5_000n)
  expect((await yard.gateway().audit.verify()).ok).toBe(true)
})
