import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { GroundError } from '../../errors/groundError.ts'
import type { Hex } from '../../ports/ids.ts'
import { toHex } from '../offers/bytes.ts'
import type { TypedData } from './typedData.ts'

const DOMAIN_TYPES = { name: 'string', version: 'string', chainId: 'uint256', verifyingContract: 'address' } as const

/** An account that signs what it pays with a private key (0x and 64 hex digits), for who has a key and no wallet library. */
export function keyAccount(privateKey: Hex) {
  const key = /^0x[0-9a-fA-F]{64}$/.test(privateKey) ? hexToBytes(privateKey.slice(2)) : undefined
  if (!key || !secp256k1.utils.isValidSecretKey(key)) {
    throw new GroundError('unsafe_configuration', 'What is given as the key of an EVM account is no private key', {
      hint: 'A private key is 0x and 64 hex digits.',
    })
  }
  // The last 20 bytes of the hash of the public key without its first byte, which says the form.
  const address = toHex(keccak_256(secp256k1.getPublicKey(key, false).slice(1)).slice(12))
  return {
    address,
    async signTypedData({ domain, types, primaryType, message }: TypedData): Promise<Hex> {
      const named = Object.entries(DOMAIN_TYPES).filter(([name]) => name in domain)
      const own = { EIP712Domain: named.map(([name, type]) => ({ name, type })) }
      const [separator, struct] = [hashStruct('EIP712Domain', own, domain), hashStruct(primaryType, types, message)]
      const digest = keccak_256(concatBytes(new Uint8Array([0x19, 0x01]), separator, struct))
      const [recovery = 0, ...rs] = secp256k1.sign(digest, key, { prehash: false, format: 'recovered' })
      return toHex(Uint8Array.of(...rs, 27 + recovery))
    },
  }
}

type Types = TypedData['types']

/** hashStruct of EIP-712, of addresses, numbers, texts, 32 bytes and structs. */
function hashStruct(name: string, types: Types, value: Readonly<Record<string, unknown>>): Uint8Array {
  const words = types[name]!.map((field) => {
    const inner = value[field.name]
    if (types[field.type]) return hashStruct(field.type, types, inner as Readonly<Record<string, unknown>>) // By its type.
    return field.type === 'string' ? text(String(inner)) : word(inner as bigint | number | Hex) // As above.
  })
  return keccak_256(concatBytes(text(encodeType(name, types)), ...words))
}

/** The type, and behind it those that it names, in the order of their names. */
function encodeType(name: string, types: Types): string {
  const inner = types[name]!.map(({ type }) => type).filter((type) => types[type] !== undefined)
  const written = (one: string) => `${one}(${types[one]!.map((field) => `${field.type} ${field.name}`).join(',')})`
  return [name, ...inner.toSorted()].map(written).join('')
}

function text(value: string): Uint8Array {
  return keccak_256(utf8ToBytes(value))
}

function word(value: bigint | number | Hex): Uint8Array {
  const hex = typeof value === 'string' ? value.slice(2) : value.toString(16)
  return hexToBytes(hex.padStart(64, '0'))
}
