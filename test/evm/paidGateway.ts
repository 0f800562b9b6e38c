import { expect } from 'vitest'
import { receiverAddress } from '../../adapters/evm/node/offers.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import type { AnvilChain } from './anvilChain.ts'
import { startGateway } from './gatewayOnChain.ts'
import { transfer } from './payer.ts'

const UNITS = 5_000n
const WAIT = { timeout: 15_000, interval: 25 }

/** A gateway on this chain, and the account of a party in it that the chain has paid, so that there is something to pay out. */
export async function startPaidGateway(chain: AnvilChain, depth: number) {
  await chain.mine(3)
  const yard = await startGateway(chain, { depth })
  await chain.mine(3)
  const { id, path: source } = await yard.party('seller')
  const { splitId } = await yard.gateway().parties.splits.house(id)
  await transfer(chain, 1, receiverAddress(chain.hub.toLowerCase() as Hex, splitId), UNITS) // lower-casing keeps the 0x.
  await chain.mine(5)
  await expect.poll(() => yard.credit(source), WAIT).toBe(UNITS)
  return { yard, source }
}
