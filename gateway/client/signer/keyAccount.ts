import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { GroundError } from '../../errors/groundError.ts'
import type { Hex } from '../../ports/ids.ts'
import { toHex } from '../offers/bytes.ts'
import { TRANSFER_FIELDS, type TransferTypedData } from './transferTypedData.ts'

const DOMAIN_TYPE = 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'
const TRANSFER_TYPE = `TransferWithAuthorization(${TRANSFER_FIELDS.map(({ name, type }) => `${type} ${name}`).join(',')})`

/** An account that signs transfers with a private key (0x and 64 hex digits), for who has a key and no wallet library. */
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
    async signTypedData({ domain, message }: TransferTypedData): Promise<Hex> {
      const { name, version, chainId, verifyingContract } = domain
      const separator = hashed(DOMAIN_TYPE, [text(name), text(version), word(BigInt(chainId)), word(verifyingContract)])
      const { from, to, value, validAfter, validBefore, nonce } = message
      const transfer = hashed(TRANSFER_TYPE, [from, to, value, validAfter, validBefore, nonce].map(word))
      const digest = keccak_256(concatBytes(new Uint8Array([0x19, 0x01]), separator, transfer))
      const [recovery = 0, ...rs] = secp256k1.sign(digest, key, { prehash: false, format: 'recovered' })
      return toHex(Uint8Array.of(...rs, 27 + recovery))
    },
  }
}

/** hashStruct of EIP-712. */
function hashed(type: string, words: readonly Uint8Array[]): Uint8Array {
  return keccak_256(concatBytes(text(type), ...words))
}

function text(value: string): Uint8Array {
  return keccak_256(utf8ToBytes(value))
}

function word(value: bigint | Hex): Uint8Array {
  const hex = typeof value === 'bigint' ? value.toString(16) : value.slice(2)
  return hexToBytes(hex.padStart(64, '0'))
}
