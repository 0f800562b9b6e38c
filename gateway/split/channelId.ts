import { concat, encodeAbiParameters, keccak256, numberToHex, stringToHex } from 'viem/utils'
import type { Hex } from '../ports/ids.ts'
import type { VoucherChannelTerms } from '../ports/voucherChannels.ts'

/** A channel's deposit and what was claimed of it are counted in 96 bits. */
export const DEPOSIT_MAX = 2n ** 96n - 1n
/** A voucher names its sum in 128 bits; above the deposit, and so above 96 bits, it is good for nothing. */
export const CUMULATIVE_MAX = 2n ** 128n - 1n
export const CHANNEL_SALT_MAX = 2n ** 96n - 1n

const DEPOSIT_TYPEHASH = keccak256(stringToHex('ChannelDeposit(bytes32 channelId,bytes32 salt)'))

/** keccak256(payer || salt || keccak256(abi.encode(splitId, token, closer))): 20, 12 and 32 bytes. */
export function channelIdOf(terms: VoucherChannelTerms): Hex {
  const { payer, salt, splitId, token, closer } = terms
  const rest = keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'address' }, { type: 'address' }], [splitId, token, closer]))
  return keccak256(concat([payer, numberToHex(salt, { size: 12 }), rest]))
}

/**
 * The EIP-3009 nonce of a deposit: keccak256(abi.encode(typehash, channelId, salt)). Three words, so that it is never the nonce of a payment,
 * which has two. A fresh `salt` lets the same payer deposit again.
 */
export function depositNonce(channelId: Hex, salt: Hex): Hex {
  return keccak256(concat([DEPOSIT_TYPEHASH, channelId, salt]))
}
