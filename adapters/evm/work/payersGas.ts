import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Chain } from '../node/chain.ts'
import { CODE_GAS_MAX } from '../node/contracts.ts'
import type { Refusal } from '../sending/actionTable.ts'
import { TOO_DEAR } from './refusals.ts'

const NO_CODE = '0x'

/**
 * Refuses what a simulation took, where the payer's own code makes it dear: such a payer could spend our ether a block at a time. What only takes more where a
 * chain counts its data as gas is let pass, so its code is asked for. The limit of the transaction comes of the same simulation.
 */
export async function dearRefusal(chain: Pick<Chain, 'code'>, payer: Hex, gas: bigint): Promise<Refusal | undefined> {
  if (gas <= CODE_GAS_MAX) return undefined
  return (await chain.code(payer)) === NO_CODE ? undefined : TOO_DEAR
}
