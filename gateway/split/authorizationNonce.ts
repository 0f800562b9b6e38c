import { encodeAbiParameters, keccak256 } from 'viem/utils'
import type { Hex } from '../ports/ids.ts'

/** The EIP-3009 nonce that binds one signature to money, split and reference: keccak256(abi.encode(splitId, ref)). */
export function authorizationNonce(splitId: Hex, ref: Hex): Hex {
  return keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes32' }], [splitId, ref]))
}
