/** Millisatoshi per unit of a BOLT 11 multiplier, as numerator and denominator: 1 BTC is 10^11 msat, and a pico-bitcoin a tenth of one msat. */
const MULTIPLIER: Readonly<Record<string, readonly [bigint, bigint]>> = {
  '': [100_000_000_000n, 1n],
  m: [100_000_000n, 1n],
  u: [100_000n, 1n],
  n: [100n, 1n],
  p: [1n, 10n],
}
const PREFIX = /^ln(?:bcrt|bc|tbs|tb)(?:([1-9][0-9]{0,18})([munp]?))?$/

/**
 * The amount in millisatoshi that a BOLT 11 invoice demands, `undefined` when it leaves it to the payer, or 'unreadable'. Reads the human-readable
 * part only, which ends at the last '1' (BIP 173); the rail checks the rest.
 */
export function invoiceAmountMsat(invoice: string): bigint | undefined | 'unreadable' {
  const lower = invoice.toLowerCase()
  const match = PREFIX.exec(lower.slice(0, lower.lastIndexOf('1')))
  if (!match) return 'unreadable'
  if (match[1] === undefined) return undefined
  const [numerator, denominator] = MULTIPLIER[match[2] ?? '']!
  const product = BigInt(match[1]) * numerator
  // BOLT 11: an amount below one millisatoshi is not valid.
  return product % denominator === 0n ? product / denominator : 'unreadable'
}
