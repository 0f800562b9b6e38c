import { bech32 } from '@scure/base'

/** A tagged field of an invoice as it stands there: its letter (BOLT 11 names types by their bech32 letter) and its 5-bit words. */
export type TaggedField = Readonly<{ letter: string; words: readonly number[] }>

/**
 * The parts of an invoice before anything is made of them. `prefix` is the human-readable part; `signed` all words that the signature covers;
 * `createdAt` in seconds since 1970.
 */
export type InvoiceParts = Readonly<{
  prefix: string
  createdAt: number
  fields: readonly TaggedField[]
  signed: readonly number[]
  signature: readonly number[]
}>

/** A letter of bech32 stands for its place here (BIP 173). */
export const BECH32_LETTERS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const TIMESTAMP_WORDS = 7
const SIGNATURE_WORDS = 104

/** Splits an invoice, its checksum checked; undefined when it is not built like one. */
export function splitInvoice(text: string): InvoiceParts | undefined {
  const decoded = bech32.decodeUnsafe(text, false)
  if (!decoded || decoded.words.length < TIMESTAMP_WORDS + SIGNATURE_WORDS) return undefined
  const { prefix, words: all } = decoded
  const signed = all.slice(0, -SIGNATURE_WORDS)
  const fields: TaggedField[] = []
  for (let at = TIMESTAMP_WORDS; at < signed.length; ) {
    // A field is its type, its length in two words, and so many words.
    const [type, high, low] = [signed[at], signed[at + 1], signed[at + 2]]
    if (type === undefined || high === undefined || low === undefined) return undefined
    const end = at + 3 + high * 32 + low
    if (end > signed.length) return undefined
    fields.push({ letter: BECH32_LETTERS[type]!, words: signed.slice(at + 3, end) })
    at = end
  }
  const createdAt = numberOf(signed.slice(0, TIMESTAMP_WORDS))
  return { prefix, createdAt, fields, signed, signature: all.slice(-SIGNATURE_WORDS) }
}

/** Words as a number, the most significant first; exact for up to ten of them. */
export function numberOf(words: readonly number[]): number {
  return words.reduce((sum, word) => sum * 32 + word, 0)
}

/** Whole bytes out of words; bits that fill no byte are left off, as BOLT 11 has them filled with zeros. */
export function bytesOf(words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(Math.trunc((words.length * 5) / 8))
  pack(words, bytes)
  return bytes
}

/** All bits of the words, zeros behind them up to a whole byte: what the signature is over. */
export function paddedBytesOf(words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(Math.ceil((words.length * 5) / 8))
  const rest = pack(words, bytes)
  if (rest.bits > 0) bytes[bytes.length - 1] = rest.value << (8 - rest.bits)
  return bytes
}

function pack(words: readonly number[], into: Buffer): { value: number; bits: number } {
  let [value, bits, at] = [0, 0, 0]
  for (const word of words) {
    value = ((value << 5) | word) & 0xfff
    bits += 5
    if (bits >= 8) {
      bits -= 8
      into[at++] = (value >> bits) & 0xff
    }
  }
  return { value: value & ((1 << bits) - 1), bits }
}

/** The bits that are set in a feature field, counted from the least significant (BOLT 9). */
export function featureBits(words: readonly number[]): number[] {
  const bits: number[] = []
  for (const [place, word] of words.entries()) {
    for (let bit = 0; bit < 5; bit++) if (word & (1 << bit)) bits.push((words.length - 1 - place) * 5 + bit)
  }
  return bits.sort((a, b) => a - b)
}
