import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Hex } from '../../ports/ids.ts'
import { toHex } from '../offers/bytes.ts'
import { TRANSFER_FIELDS, type TransferTypedData } from './transferTypedData.ts'

/** What EIP-712 puts before the two hashes that are signed. */
const EIP_712 = Uint8Array.of(0x19, 0x01)
const DOMAIN_TYPE = 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'
const TRANSFER_TYPE = `TransferWithAuthorization(${TRANSFER_FIELDS.map(({ name, type }) => `${type} ${name}`).join(',')})`

/** An account of a private key (0x and 64 hex digits) that signs transfers by EIP-3009 and nothing else. */
export function keyAccount(privateKey: Hex): { address: Hex; signTypedData(data: TransferTypedData): Promise<Hex> } {
  const key = hexToBytes(privateKey.slice(2))
  const publicKey = secp256k1.getPublicKey(key, false)
  return {
    address: toHex(keccak_256(publicKey.subarray(1)).subarray(12)),
    async signTypedData({ domain, message }) {
      const separator = hashed(
        hashText(DOMAIN_TYPE),
        hashText(domain.name),
        hashText(domain.version),
        number(BigInt(domain.chainId)),
        word(domain.verifyingContract),
      )
      const { from, to, value, validAfter, validBefore, nonce } = message
      const struct = hashed(
        hashText(TRANSFER_TYPE),
        word(from),
        word(to),
        number(value),
        number(validAfter),
        number(validBefore),
        word(nonce),
      )
      const digest = keccak_256(concatBytes(EIP_712, separator, struct))
      const [recovery = 0, ...rs] = secp256k1.sign(digest, key, { prehash: false, format: 'recovered' })
      // Ethereum writes the recovery id last, plus 27.
      return toHex(Uint8Array.from([...rs, recovery + 27]))
    },
  }
}

function hashed(...words: readonly Uint8Array[]): Uint8Array {
  return keccak_256(concatBytes(...words))
}

function hashText(text: string): Uint8Array {
  return keccak_256(utf8ToBytes(text))
}

/** Left-padded to 32 bytes, as the ABI encodes an address; 32 bytes stay as they are. */
function word(hex: Hex): Uint8Array {
  return hexToBytes(hex.slice(2).padStart(64, '0'))
}

function number(value: bigint): Uint8Array {
  return hexToBytes(value.toString(16).padStart(64, '0'))
}
