import { BITCOIN_MSAT_MAX, readBolt11Prefix } from '../../gateway/money/bolt11Amount.ts'
import type { ReadInvoice } from '../../gateway/ports/invoiceReader.ts'
import { bytesOf, featureBits, type InvoiceParts, numberOf, splitInvoice, type TaggedField } from './bolt11Fields.ts'
import { fallbackOf, hintOf } from './bolt11Routing.ts'
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
/** A lock time with more words than this is of more blocks than a transaction can name. */
const CLTV_WORDS_MAX = 6
/** BOLT 11's final lock time for an invoice that names none. */
const CLTV_BLOCKS_DEFAULT = 18

const NO_INVOICE = 'this is not a BOLT 11 invoice'
/** What begins like this was meant to be one. */
const INVOICE_START = /^ln(?:bc|tb|tbs|bcrt)[0-9]/i

/**
 * Reads a BOLT 11 invoice strictly: its checksum and signature hold, it has a payment hash and a payment secret, one of each field that may stand once,
 * exactly one of description and its hash, no required feature that we do not know, and an amount in whole millisatoshi or none.
 */
export const readBolt11 = rememberReads((text) => {
  if (text.length > CHARACTERS_MAX) return `the invoice is longer than ${CHARACTERS_MAX} characters`
  const split = splitInvoice(text)
  if (!split) return INVOICE_START.test(text) ? `${NO_INVOICE}: its checksum does not hold, or a part of it is missing` : NO_INVOICE
  const parts = { ...split, fields: split.fields.filter(({ letter, words }) => (FIXED_WORDS[letter] ?? words.length) === words.length) }
  const head = headOf(parts.prefix)
  if (typeof head === 'string') return head
  const wrong = fieldTrouble(parts.fields)
  if (wrong !== undefined) return wrong
  const payeeNodeId = invoiceSigner(parts)
  if (payeeNodeId === undefined) return 'the signature of the invoice does not hold'
  return bodyOf(parts, { ...head, payeeNodeId })
})

type Head = Pick<ReadInvoice, 'network' | 'amountMsat' | 'payeeNodeId'>

/** Everything else, of fields that are known to stand as often as they may. */
function bodyOf({ fields, createdAt }: InvoiceParts, head: Head): ReadInvoice | string {
  const wordsOf = (letter: string) => fields.find((field) => field.letter === letter)?.words
  const hexOf = (letter: string) => {
    const words = wordsOf(letter)
    return words && bytesOf(words).toString('hex')
  }
  const [said, expiry, cltv] = [wordsOf('d'), wordsOf('x'), wordsOf('c')]
  if (expiry && expiry.length > EXPIRY_WORDS_MAX) return 'the invoice never expires'
  if (cltv && cltv.length > CLTV_WORDS_MAX) return 'the invoice asks for more blocks of lock time than there can be'
  const all = (letter: string) => fields.filter((field) => field.letter === letter).map(({ words }) => words)
  return {
    ...head,
    // Both are there: an invoice without them was refused.
    paymentHash: hexOf('p')!,
    paymentSecret: hexOf('s')!,
    description: said && bytesOf(said).toString('utf8'),
    descriptionHash: hexOf('h'),
    metadata: hexOf('m'),
    createdAt: createdAt * 1_000,
    expiresAt: (createdAt + (expiry ? numberOf(expiry) : EXPIRY_S_DEFAULT)) * 1_000,
    finalCltvBlocks: cltv ? numberOf(cltv) : CLTV_BLOCKS_DEFAULT,
    features: featureBits(wordsOf(FEATURES_FIELD) ?? []),
    fallbackAddresses: all('f').flatMap((words) => fallbackOf(head.network, words) ?? []),
    routeHints: all('r')
      .map(hintOf)
      .filter((hops) => hops.length > 0),
  }
}

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
