import { BITCOIN_MSAT_MAX, readBolt11Prefix } from '../../gateway/money/bolt11Amount.ts'
import type { ReadInvoice } from '../../gateway/ports/invoiceReader.ts'
import { bytesOf, featureBits, numberOf, splitInvoice, type TaggedField } from './bolt11Fields.ts'
import { invoiceSigner } from './bolt11Signer.ts'
import { rememberReads } from './rememberReads.ts'

/** BOLT 11 sets no limit; what is larger than a QR code can hold is refused before it is parsed. */
const CHARACTERS_MAX = 7_089

/** Words of the fields that have one length; BOLT 11 has a reader skip them at any other. */
const FIXED_WORDS: Readonly<Record<string, number>> = { p: 52, h: 52, s: 52, n: 53 }
/** Fields that may stand once. Fallback addresses (f) and route hints (r) may repeat. */
const ONCE = ['p', 's', 'd', 'h', 'n', 'x', 'c', '9', 'm'] as const
/** Features of BOLT 9 that a payer must know and our nodes do: onion payloads, payment secret, several parts, blinded routes, payment metadata. */
const FEATURES_KNOWN: readonly number[] = [8, 14, 16, 24, 48]
const FEATURES_FIELD = '9'

const NETWORKS: Readonly<Record<string, ReadInvoice['network']>> = { bc: 'mainnet', tb: 'testnet', tbs: 'signet', bcrt: 'regtest' }
/** An expiry with more words than this is beyond the year 3000; BOLT 11 sets no limit. */
const EXPIRY_WORDS_MAX = 7
/** BOLT 11's expiry for an invoice that names none, in seconds. */
const EXPIRY_S_DEFAULT = 3_600
/** BOLT 11's `min_final_cltv_expiry_delta` for an invoice that names none; one with more words would be locked for centuries. */
const FINAL_CLTV_BLOCKS_DEFAULT = 18
const FINAL_CLTV_WORDS_MAX = 6

/**
 * Reads a BOLT 11 invoice strictly: its checksum and signature hold, it has a payment hash and a payment secret, one of each field that may stand once,
 * exactly one of description and its hash, no required feature that we do not know, and an amount in whole millisatoshi or none.
 */
export const readBolt11 = rememberReads((text) => {
  if (text.length > CHARACTERS_MAX) return `the invoice is longer than ${CHARACTERS_MAX} characters`
  const split = splitInvoice(text)
  if (!split) return 'this is not a BOLT 11 invoice'
  const parts = { ...split, fields: split.fields.filter(({ letter, words }) => (FIXED_WORDS[letter] ?? words.length) === words.length) }
  const head = headOf(parts.prefix)
  if (typeof head === 'string') return head
  const wrong = fieldTrouble(parts.fields)
  if (wrong !== undefined) return wrong
  const payeeNodeId = invoiceSigner(parts)
  if (payeeNodeId === undefined) return 'the signature of the invoice does not hold'
  const wordsOf = (letter: string) => parts.fields.find((field) => field.letter === letter)?.words
  const [hash, said, expiry, finalCltv] = [wordsOf('h'), wordsOf('d'), wordsOf('x'), wordsOf('c')]
  if (expiry && expiry.length > EXPIRY_WORDS_MAX) return 'the invoice never expires'
  if (finalCltv && finalCltv.length > FINAL_CLTV_WORDS_MAX) return 'the invoice wants to be locked for ever'
  const expiryS = expiry ? numberOf(expiry) : EXPIRY_S_DEFAULT
  return {
    ...head,
    paymentHash: bytesOf(wordsOf('p')!).toString('hex'),
    payeeNodeId,
    description: said && bytesOf(said).toString('utf8'),
    descriptionHash: hash && bytesOf(hash).toString('hex'),
    finalCltvBlocks: finalCltv ? numberOf(finalCltv) : FINAL_CLTV_BLOCKS_DEFAULT,
    createdAt: parts.createdAt * 1_000,
    expiresAt: (parts.createdAt + expiryS) * 1_000,
  }
})

function headOf(prefix: string): Pick<ReadInvoice, 'network' | 'amountMsat'> | string {
  const read = readBolt11Prefix(prefix)
  if (read === 'unknown') return 'the invoice names a network or an amount that BOLT 11 does not know'
  if (read === 'fraction') return 'the invoice is over a fraction of a millisatoshi'
  const { chain, amountMsat } = read
  if (amountMsat !== undefined && amountMsat > BITCOIN_MSAT_MAX) return 'the invoice is over more bitcoin than there will be'
  return { network: NETWORKS[chain]!, amountMsat }
}

function fieldTrouble(fields: readonly TaggedField[]): string | undefined {
  const count = (letter: string) => fields.filter((field) => field.letter === letter).length
  const twice = ONCE.find((letter) => count(letter) > 1)
  if (twice) return `the invoice has the field ${twice} more than once`
  if (count('p') === 0) return 'the invoice has no payment hash'
  if (count('s') === 0) return 'the invoice has no payment secret'
  if (count('d') + count('h') !== 1) return 'the invoice must have either a description or the hash of one'
  const features = fields.find(({ letter }) => letter === FEATURES_FIELD)
  // An even bit must be understood, an odd one may be passed over (BOLT 9).
  const unknown = features && featureBits(features.words).find((bit) => bit % 2 === 0 && !FEATURES_KNOWN.includes(bit))
  return unknown === undefined ? undefined : `the invoice requires the feature ${unknown}, which is not known here`
}
