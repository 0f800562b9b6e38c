import { keccak256 } from 'viem/utils'
import type { Hex } from '../../ports/ids.ts'
import { BATCH_SETTLEMENT, type X402ChannelConfig } from '../../ports/x402Channels.ts'
import { hashText, number, word } from './eip712.ts'

/** Chains whose domain is kept; they come from our own offers, so the bound is never met in practice. */
const DOMAINS_MAX = 256
const domains = new Map<number, Uint8Array>()

const DOMAIN_TYPE = hashText('EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)')
const NAME = hashText('x402 Batch Settlement')
const VERSION = hashText('1')
const CONFIG_FIELDS =
  'address payer,address payerAuthorizer,address receiver,address receiverAuthorizer,address token,uint40 withdrawDelay,bytes32 salt'
const CONFIG = hashText(`ChannelConfig(${CONFIG_FIELDS})`)
const VOUCHER = hashText('Voucher(bytes32 channelId,uint128 maxClaimableAmount)')
const EIP_712 = Buffer.from([0x19, 0x01])

/** The id of a channel on a chain: EIP-712 over its terms (x402 `batch-settlement`). */
export function x402ChannelId(chainId: number, c: X402ChannelConfig): Hex {
  const parties = [c.payer, c.payerAuthorizer, c.receiver, c.receiverAuthorizer, c.token].map(word)
  return hexOf(digestOf(chainId, [CONFIG, ...parties, number(BigInt(c.withdrawDelay)), word(c.salt)]))
}

/** The 32 bytes under a voucher's signature. */
export function x402VoucherDigest(chainId: number, v: Readonly<{ channelId: Hex; cumulative: bigint }>): Uint8Array {
  return digestOf(chainId, [VOUCHER, word(v.channelId), number(v.cumulative)])
}

/** The EIP-3009 nonce of a deposit: keccak256(abi.encode(channelId, salt)). */
export function x402DepositNonce(channelId: Hex, salt: Hex): Hex {
  return hexOf(keccak256(Buffer.concat([word(channelId), word(salt)]), 'bytes'))
}

function digestOf(chainId: number, words: readonly Uint8Array[]): Uint8Array {
  return keccak256(Buffer.concat([EIP_712, separatorOf(chainId), keccak256(Buffer.concat(words), 'bytes')]), 'bytes')
}

function separatorOf(chainId: number): Uint8Array {
  const known = domains.get(chainId)
  if (known) return known
  const separator = keccak256(Buffer.concat([DOMAIN_TYPE, NAME, VERSION, number(BigInt(chainId)), word(BATCH_SETTLEMENT)]), 'bytes')
  if (domains.size >= DOMAINS_MAX) domains.clear()
  domains.set(chainId, separator)
  return separator
}

function hexOf(bytes: Uint8Array): Hex {
  return `0x${Buffer.from(bytes).toString('hex')}`
}
