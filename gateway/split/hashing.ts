import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { invariant } from '../errors/invariant.ts'
import type { Hex } from '../ports/ids.ts'

// What viem can do too. It comes as two hundred files, which would be most of what the projector's thread reads at each start.

const WORD_DIGITS = 64
const ADDRESS = /^0x[0-9a-fA-F]{40}$/

/** keccak256 of a text in UTF-8. */
export function hashText(text: string): Hex {
  return `0x${bytesToHex(keccak_256(utf8ToBytes(text)))}`
}

/** keccak256 of these as `abi.encode` lays them out: addresses, numbers and hashes, each left-padded to 32 bytes. */
export function hashWords(...values: readonly (Hex | bigint)[]): Hex {
  return `0x${bytesToHex(keccak_256(hexToBytes(values.map(word).join(''))))}`
}

function word(value: Hex | bigint): string {
  const digits = typeof value === 'bigint' ? value.toString(16) : value.slice(2)
  invariant(digits.length <= WORD_DIGITS, 'a word has 32 bytes')
  return digits.padStart(WORD_DIGITS, '0')
}

/** Whether a text is an EVM address: in lower case, or with the checksum of EIP-55 in the case of its letters. */
export function isAddress(text: string): text is Hex {
  if (!ADDRESS.test(text)) return false
  const plain = text.slice(2).toLowerCase()
  if (text.slice(2) === plain) return true
  const hash = hashText(plain)
  return text.slice(2) === plain.replace(/[a-f]/g, (digit, at: number) => (hash.charAt(at + 2) >= '8' ? digit.toUpperCase() : digit))
}
