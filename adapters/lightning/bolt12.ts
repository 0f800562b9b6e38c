import { bech32 } from '@scure/base'
import { BECH32_LETTERS } from './bolt11Fields.ts'

/** BOLT 12's text, which has no checksum. */
const OFFER = /^lno1([02-9ac-hj-np-z]{10,4000})$/

/** Types of an offer's fields (BOLT 12) that are looked at here. */
const TYPE = { chains: 2n, currency: 6n, amount: 8n, features: 12n } as const
const CHAIN_BYTES = 32
const CURRENCY = /^[A-Z]{3}$/

type Records = ReadonlyMap<bigint, Buffer>

/**
 * Why an offer is none that BOLT 12 lets a payer answer, or undefined. Only what LDK 0.1 takes and the document's test vectors refuse: padding, chains,
 * currency, an amount of nothing, features that must be known. LDK reads the rest.
 */
export function offerTrouble(text: string): string | undefined {
  const data = OFFER.exec(text)?.[1]
  if (data === undefined) return 'this is not a BOLT 12 offer'
  const bytes = bech32.fromWordsUnsafe([...data].map((letter) => BECH32_LETTERS.indexOf(letter)))
  if (!bytes) return 'the offer has more padding than its last letter needs'
  const records = recordsOf(Buffer.from(bytes))
  return records ? recordTrouble(records) : 'the offer ends in the middle of a field'
}

function recordTrouble(records: Records): string | undefined {
  const [chains, currency, amount, features] = [TYPE.chains, TYPE.currency, TYPE.amount, TYPE.features].map((type) => records.get(type))
  if (chains && (chains.length === 0 || chains.length % CHAIN_BYTES !== 0)) return 'the offer names no whole number of chains'
  if (currency && !CURRENCY.test(currency.toString('latin1'))) return 'the currency of the offer is no ISO 4217 code'
  if (amount?.every((byte) => byte === 0)) return 'the offer is over nothing'
  // No feature of an offer is defined yet. An even bit must be understood, an odd one may be passed over (BOLT 9).
  if (features?.some((byte) => (byte & 0b0101_0101) !== 0)) return 'the offer requires a feature that is not known here'
  return undefined
}

/** The fields by their types; undefined when one does not end within the text. */
function recordsOf(bytes: Buffer): Records | undefined {
  const records = new Map<bigint, Buffer>()
  for (let at = 0; at < bytes.length; ) {
    const type = bigSizeAt(bytes, at)
    const length = type && bigSizeAt(bytes, type.end)
    if (!length || length.value > BigInt(bytes.length - length.end)) return undefined
    at = length.end + Number(length.value) // not money: a number of bytes, no more than there are.
    records.set(type.value, bytes.subarray(length.end, at))
  }
  return records
}

/** A BigSize of BOLT 1: one byte, or a mark and 2, 4 or 8 bytes. */
function bigSizeAt(bytes: Buffer, at: number): { value: bigint; end: number } | undefined {
  const first = bytes[at]
  if (first === undefined) return undefined
  const size = first < 0xfd ? 0 : 2 ** (first - 0xfc)
  const end = at + 1 + size
  if (end > bytes.length) return undefined
  return { value: size === 0 ? BigInt(first) : BigInt(`0x${bytes.toString('hex', at + 1, end)}`), end }
}
