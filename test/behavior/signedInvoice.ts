import { createHash } from 'node:crypto'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bech32 } from '@scure/base'

const LETTERS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const TIMESTAMP_WORDS = 7

const field = (letter: string, bytes: Uint8Array) => {
  const words = bech32.toWords(bytes)
  return [LETTERS.indexOf(letter), words.length >> 5, words.length & 31, ...words]
}

/** A BOLT 11 invoice of a payee that does not exist, signed as the document says; it is good for an hour from `createdAt` (ms). Its preimage is in hex. */
export function signedInvoice(o: { prefix?: string; createdAt?: number; preimage?: string } = {}): string {
  const prefix = o.prefix ?? 'lnbcrt10u'
  const key = createHash('sha256').update('a payee that does not exist').digest()
  const hash = o.preimage === undefined ? Buffer.alloc(32, 1) : createHash('sha256').update(Buffer.from(o.preimage, 'hex')).digest()
  const fields = [...field('p', hash), ...field('s', Buffer.alloc(32, 2)), ...field('d', Buffer.from('coffee'))]
  const words = [...timestamp(Math.trunc((o.createdAt ?? Date.now()) / 1_000)), ...fields]
  const digest = createHash('sha256').update(prefix).update(packed(words)).digest()
  const [recovery, ...signature] = secp256k1.sign(digest, key, { prehash: false, format: 'recovered' })
  return bech32.encode(prefix, [...words, ...bech32.toWords(Uint8Array.from([...signature, recovery!]))], false)
}

function timestamp(seconds: number): number[] {
  return Array.from({ length: TIMESTAMP_WORDS }, (_, i) => Math.trunc(seconds / 32 ** (TIMESTAMP_WORDS - 1 - i)) % 32)
}

/** The words as bits, filled up with zeros to whole bytes. */
function packed(words: readonly number[]): Buffer {
  const bits = words.map((word) => word.toString(2).padStart(5, '0')).join('')
  const bytes = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0').match(/.{8}/g) ?? []
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)))
}
