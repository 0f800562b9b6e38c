import { sha256 } from '@noble/hashes/sha2.js'
import { bech32, bech32m, createBase58check } from '@scure/base'

/** Human-readable part of segregated-witness addresses on regtest (BIP 173, BIP 350). */
export const REGTEST_PREFIX = 'bcrt'
/** The first byte of older addresses on regtest, which has testnet's. */
const PUBKEY_HASH = 0x6f
const SCRIPT_HASH = 0xc4
const BASE58 = createBase58check(sha256)

/**
 * The script that an address of regtest pays to: P2PKH, P2SH, P2WPKH, P2WSH, P2TR and later witness versions. A text says why it is none. An older address
 * does not tell regtest from testnet.
 */
export function scriptOfAddress(address: string): Uint8Array | string {
  return segwitScript(address) ?? base58Script(address) ?? `"${address.slice(0, 100)}" is not a bitcoin address`
}

function segwitScript(address: string): Uint8Array | string | undefined {
  const versionZero = bech32.decodeUnsafe(address, 90)
  const decoded = versionZero ?? bech32m.decodeUnsafe(address, 90)
  if (!decoded) return undefined
  const { prefix, words } = decoded
  if (prefix !== REGTEST_PREFIX) return `"${address}" is of another network (${prefix}), this node is on regtest (${REGTEST_PREFIX})`
  const [version, ...rest] = words
  const program = bech32.fromWordsUnsafe(rest)
  const length = program ? program.length : 0
  // BIP 350: version 0 has the older checksum, all others the newer one; BIP 141: 2 to 40 bytes, and of version 0 only 20 or 32.
  const right = version !== undefined && version <= 16 && (version === 0) === (versionZero !== undefined)
  const long = length >= 2 && length <= 40 && (version !== 0 || length === 20 || length === 32)
  if (!right || !long || !program) return `"${address}" has no witness program that anybody could spend`
  return Uint8Array.of(version === 0 ? 0 : 0x50 + version, length, ...program)
}

function base58Script(address: string): Uint8Array | string | undefined {
  const [version, ...hash] = decodeBase58(address)
  if (version === undefined || hash.length !== 20) return undefined
  if (version === PUBKEY_HASH) return Uint8Array.of(0x76, 0xa9, 20, ...hash, 0x88, 0xac)
  if (version === SCRIPT_HASH) return Uint8Array.of(0xa9, 20, ...hash, 0x87)
  return `"${address}" is of another network, this node is on regtest`
}

/** Nothing where it is no such text: the library throws for it. */
function decodeBase58(address: string): Uint8Array {
  try {
    return BASE58.decode(address)
  } catch {
    return new Uint8Array()
  }
}
