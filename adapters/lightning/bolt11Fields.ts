import { bech32 } from '@scure/base'

/** A tagged field of an invoice as it stands there: its letter (BOLT 11 names types by their bech32 letter) and its 5-bit words. */
export type TaggedField = Readonly<{ letter: string; words: readonly number[] }>

/** The parts of an invoice before anything is made of them. `prefix` is the human-readable part. */
export type InvoiceParts = Readonly<{ prefix: string; fields: readonly TaggedField[] }>

const LETTERS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const TIMESTAMP_WORDS = 7
const SIGNATURE_WORDS = 104

/** Splits an invoice, its checksum checked; undefined when it is not built like one. */
export function splitInvoice(text: string): InvoiceParts | undefined {
  const decoded = bech32.decodeUnsafe(text, false)
  if (!decoded || decoded.words.length < TIMESTAMP_WORDS + SIGNATURE_WORDS) return undefined
  const words = decoded.words.slice(TIMESTAMP_WORDS, -SIGNATURE_WORDS)
  const fields: TaggedField[] = []
  for (let at = 0; at < words.length; ) {
    // A field is its type, its length in two words, and so many words.
    const [type, high, low] = [words[at], words[at + 1], words[at + 2]]
    if (type === undefined || high === undefined || low === undefined) return undefined
    const end = at + 3 + high * 32 + low
    if (end > words.length) return undefined
    fields.push({ letter: LETTERS[type]!, words: words.slice(at + 3, end) })
    at = end
  }
  return { prefix: decoded.prefix, fields }
}

/** The bits that are set in a feature field, counted from the least significant (BOLT 9). */
export function featureBits(words: readonly number[]): number[] {
  const bits: number[] = []
  for (const [place, word] of words.entries()) {
    for (let bit = 0; bit < 5; bit++) if (word & (1 << bit)) bits.push((words.length - 1 - place) * 5 + bit)
  }
  return bits.sort((a, b) => a - b)
}

/** 52 words as 32 bytes in hex; undefined when the padding bits are not zero. */
export function hash256(words: readonly number[]): string | undefined {
  try {
    return Buffer.from(bech32.fromWords([...words])).toString('hex')
  } catch {
    return undefined
  }
}
