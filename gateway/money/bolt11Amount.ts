import { unitsMaxOf } from './amountMax.ts'
import { BTC } from './asset.ts'

/** Millisatoshi per unit of a BOLT 11 multiplier, as numerator and denominator: 1 BTC is 10^11 msat, and a pico-bitcoin a tenth of one msat. */
const MULTIPLIER: Readonly<Record<string, readonly [bigint, bigint]>> = {
  '': [100_000_000_000n, 1n],
  m: [100_000_000n, 1n],
  u: [100_000n, 1n],
  n: [100n, 1n],
  p: [1n, 10n],
}
/** 21 million bitcoin in millisatoshi: no invoice is for more. */
export const BITCOIN_MSAT_MAX = unitsMaxOf(BTC)
const PREFIX = /^ln(bcrt|bc|tbs|tb)(?:([1-9][0-9]{0,18})([munp]?))?$/

/** What the human-readable part of an invoice says. `chain` is the part that BIP 173 gives an address there; no amount leaves it to the payer. */
type Bolt11Prefix = Readonly<{ chain: string; amountMsat: bigint | undefined }>

/**
 * Reads the human-readable part of a BOLT 11 invoice, in small letters and without the '1' that ends it. 'unknown' when it names a network or an
 * amount that BOLT 11 does not know, 'fraction' when its amount is no whole number of millisatoshi, which BOLT 11 does not allow.
 */
export function readBolt11Prefix(prefix: string): Bolt11Prefix | 'unknown' | 'fraction' {
  const match = PREFIX.exec(prefix)
  if (!match) return 'unknown'
  const chain = match[1]!
  if (match[2] === undefined) return { chain, amountMsat: undefined }
  const [numerator, denominator] = MULTIPLIER[match[3] ?? '']!
  const product = BigInt(match[2]) * numerator
  return product % denominator === 0n ? { chain, amountMsat: product / denominator } : 'fraction'
}

/**
 * The amount in millisatoshi that a BOLT 11 invoice demands, `undefined` when it leaves it to the payer, or 'unreadable'. Reads the human-readable
 * part only; whoever pays the invoice checks the rest.
 */
export function bolt11AmountMsat(invoice: string): bigint | undefined | 'unreadable' {
  // The last 1 separates the readable part from the data, which never has a 1 (BIP 173).
  const separator = invoice.lastIndexOf('1')
  if (separator < 0) return 'unreadable'
  const read = readBolt11Prefix(invoice.slice(0, separator).toLowerCase())
  return typeof read === 'string' ? 'unreadable' : read.amountMsat
}
