import { bytesOf, numberOf, splitInvoice } from '../../../../adapters/lightning/bolt11Fields.ts'
import { bolt11AmountMsat } from '../../../../gateway/money/bolt11Amount.ts'

/** What an invoice says, its checksum checked. `expiresAt` in ms; `paymentHash` in hex. */
export type InvoiceSays = Readonly<{ amountMsat: bigint | undefined; paymentHash: string | undefined; expiresAt: number }>

/** Payment hashes are 52 words; readers skip the field at any other length (BOLT 11). */
const HASH_WORDS = 52
const EXPIRY_S_DEFAULT = 3_600

/** Reads an invoice; undefined when it is none. */
export function invoiceSays(text: string): InvoiceSays | undefined {
  const parts = splitInvoice(text)
  if (!parts) return undefined
  const amount = bolt11AmountMsat(text)
  const hash = parts.fields.find(({ letter, words }) => letter === 'p' && words.length === HASH_WORDS)
  const expiry = parts.fields.find(({ letter }) => letter === 'x')
  return {
    amountMsat: typeof amount === 'bigint' ? amount : undefined,
    paymentHash: hash && bytesOf(hash.words).toString('hex'),
    expiresAt: (parts.createdAt + (expiry ? numberOf(expiry.words) : EXPIRY_S_DEFAULT)) * 1_000,
  }
}
