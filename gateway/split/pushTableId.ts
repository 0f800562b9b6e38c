import { encodeAbiParameters, keccak256 } from 'viem/utils'
import type { Hex } from '../ports/ids.ts'
import type { Payee } from './splitTable.ts'

const TABLE = [
  {
    type: 'tuple[]',
    components: [
      { name: 'account', type: 'address' },
      { name: 'shares', type: 'uint128' },
    ],
  },
] as const

/** The id of a table that travels with its payment (`PushSplitter.sol`): keccak256(abi.encode(payees)). An authorization names it as its split. */
export function pushTableId(payees: readonly Payee[]): Hex {
  return keccak256(encodeAbiParameters(TABLE, [payees]))
}
