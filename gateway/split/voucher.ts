import { keccak_256 } from '@noble/hashes/sha3.js'
import type { Hex } from '../ports/ids.ts'

/** The contract that a signature is for: nothing signed for one hub or chain is good at another. */
export type HubDomain = Readonly<{ chainId: number; hub: Hex }>

/** One voucher: the payer owes `cumulative` units over the whole life of the channel. `signature` is 65 bytes r, s, v. */
export type Voucher = Readonly<{ channelId: Hex; cumulative: bigint; signature: Hex }>

/** The EIP-712 types that a wallet signs, by the names of `IHubChannels.sol`. */
export const hubTypes = {
  Voucher: [
    { name: 'channelId', type: 'bytes32' },
    { name: 'cumulative', type: 'uint128' },
  ],
  Close: [
    { name: 'channelId', type: 'bytes32' },
    { name: 'claimedMin', type: 'uint96' },
  ],
} as const

const EIP_712 = Buffer.from([0x19, 0x01])
const DOMAIN_TYPE = hashText('EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)')
const DOMAIN_NAME = hashText('SettlementHub')
const DOMAIN_VERSION = hashText('1')
const VOUCHER_TYPE = hashText('Voucher(bytes32 channelId,uint128 cumulative)')
const CLOSE_TYPE = hashText('Close(bytes32 channelId,uint96 claimedMin)')

/** Hubs whose separator is kept; they come from our own rails, so the bound is never met in practice. */
const SEPARATORS_MAX = 64
const separators = new Map<string, Uint8Array>()

/** The domain as wallets take it. */
export function hubDomainFor({ chainId, hub }: HubDomain) {
  return { name: 'SettlementHub', version: '1', chainId, verifyingContract: hub } as const
}

/** The 32 bytes under a voucher's signature: EIP-712 over `Voucher(bytes32 channelId,uint128 cumulative)`. */
export function voucherDigest(domain: HubDomain, voucher: Readonly<{ channelId: Hex; cumulative: bigint }>): Uint8Array {
  return digestOf(domain, VOUCHER_TYPE, voucher.channelId, voucher.cumulative)
}

/** The 32 bytes under a closer's signature: the rest may go back to the payer once `claimedMin` units are claimed. */
export function closeDigest(domain: HubDomain, close: Readonly<{ channelId: Hex; claimedMin: bigint }>): Uint8Array {
  return digestOf(domain, CLOSE_TYPE, close.channelId, close.claimedMin)
}

/** Both messages are one id and one number. By hand, with the separator kept: an accepted voucher is hashed twice instead of seven times. */
function digestOf(domain: HubDomain, type: Uint8Array, channelId: Hex, units: bigint): Uint8Array {
  const message = keccak_256(Buffer.concat([type, word(channelId), word(units.toString(16))]))
  return keccak_256(Buffer.concat([EIP_712, separatorOf(domain), message]))
}

function separatorOf({ chainId, hub }: HubDomain): Uint8Array {
  const key = `${chainId}:${hub.toLowerCase()}`
  const known = separators.get(key)
  if (known) return known
  const data = Buffer.concat([DOMAIN_TYPE, DOMAIN_NAME, DOMAIN_VERSION, word(chainId.toString(16)), word(hub)])
  const separator = keccak_256(data)
  if (separators.size >= SEPARATORS_MAX) separators.clear()
  separators.set(key, separator)
  return separator
}

function hashText(text: string): Uint8Array {
  return keccak_256(Buffer.from(text))
}

/** Left-padded to 32 bytes, as the ABI encodes numbers and addresses; 32 bytes stay as they are. */
function word(hex: string): Buffer {
  return Buffer.from(hex.replace(/^0x/, '').padStart(64, '0'), 'hex')
}
