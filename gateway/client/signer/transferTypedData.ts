import type { Hex } from '../../ports/ids.ts'
import type { Authorization } from '../offers/offer.ts'

/** EIP-3009. */
export const TRANSFER_FIELDS = [
  { name: 'from', type: 'address' },
  { name: 'to', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'validAfter', type: 'uint256' },
  { name: 'validBefore', type: 'uint256' },
  { name: 'nonce', type: 'bytes32' },
] as const
const TYPES = { TransferWithAuthorization: TRANSFER_FIELDS } as const

/** What an account signs: EIP-712 over EIP-3009. */
export type TransferTypedData = Readonly<{
  domain: { name: string; version: string; chainId: number; verifyingContract: Hex }
  types: typeof TYPES
  primaryType: 'TransferWithAuthorization'
  message: Authorization
}>

/** The typed data of a transfer by a token with this domain. */
export function transferTypedData(domain: TransferTypedData['domain'], message: Authorization): TransferTypedData {
  return { domain, types: TYPES, primaryType: 'TransferWithAuthorization', message }
}
