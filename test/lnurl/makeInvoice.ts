import { createHash } from 'node:crypto'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bech32 } from '@scure/base'
import type { ReadInvoice } from '../../gateway/ports/invoiceReader.ts'

const LETTERS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
/** The key of the payee's node; any node's, for all that a reader of invoices knows. */
export const NODE_KEY = Buffer.alloc(32, 7)
const TIMESTAMP_WORDS = 7

/** A tagged field: its letter, its length and its words. */
export function field(letter: string, words: readonly number[]): number[] {
  return [LETTERS.indexOf(letter), words.length >> 5, words.length & 31, ...words]
}

/** Bytes as 5-bit words. */
export function words(bytes: Uint8Array): number[] {
  return [...bech32.toWords(bytes)]
}

/** Signs an invoice of these fields as BOLT 11 says: over the prefix and the data as bytes. `at` is in seconds. */
export function signInvoice(fields: readonly number[], o: { prefix?: string; at?: number } = {}): string {
  const { prefix = 'lnbcrt10u', at = Math.trunc(Date.now() / 1000) } = o
  const timestamp = Array.from({ length: TIMESTAMP_WORDS }, (_, i) => Math.trunc(at / 32 ** (TIMESTAMP_WORDS - 1 - i)) % 32)
  const data = [...timestamp, ...fields]
  const bits = data.flatMap((word) => [16, 8, 4, 2, 1].map((bit) => (word & bit ? 1 : 0)))
  while (bits.length % 8 !== 0) bits.push(0)
  const bytes = Buffer.from(Array.from({ length: bits.length / 8 }, (_, i) => Number.parseInt(bits.slice(i * 8, i * 8 + 8).join(''), 2)))
  const hash = createHash('sha256').update(prefix).update(bytes).digest()
  const [recovery, ...signature] = secp256k1.sign(hash, NODE_KEY, { prehash: false, format: 'recovered' })
  return bech32.encode(prefix, [...data, ...bech32.toWords(Uint8Array.from([...signature, recovery!]))], false)
}

/** What a reader says of some invoice, where only parts of it matter. */
export function anyInvoice(of: Partial<ReadInvoice>): ReadInvoice {
  return {
    paymentHash: '01'.repeat(32),
    paymentSecret: '02'.repeat(32),
    network: 'regtest',
    payeeNodeId: `02${'03'.repeat(32)}`,
    amountMsat: 1_000n,
    description: '',
    descriptionHash: undefined,
    metadata: undefined,
    createdAt: 0,
    expiresAt: 1,
    finalCltvBlocks: 18,
    features: [],
    fallbackAddresses: [],
    routeHints: [],
    ...of,
  }
}

/** An invoice over `amountMsat` that commits to a description's hash, or carries a description. */
export function makeInvoice(o: { amountMsat?: bigint; descriptionHash?: string; description?: string; preimage?: string }): string {
  const preimage = Buffer.from(o.preimage ?? '05'.repeat(32), 'hex')
  const described = o.descriptionHash
    ? field('h', words(Buffer.from(o.descriptionHash, 'hex')))
    : field('d', words(Buffer.from(o.description ?? '')))
  const paymentHash = createHash('sha256').update(preimage).digest()
  // One msat is ten pico-bitcoin.
  const prefix = o.amountMsat === undefined ? 'lnbcrt' : `lnbcrt${o.amountMsat * 10n}p`
  return signInvoice([...field('p', words(paymentHash)), ...field('s', words(Buffer.alloc(32, 2))), ...described], { prefix })
}
