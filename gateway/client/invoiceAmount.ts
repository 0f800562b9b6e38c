import { BTC } from '../money/asset.ts'
import { type Money, money } from '../money/money.ts'

/** Picobitcoin in one of each multiplier's unit (BOLT 11, human-readable part); ten of them are one millisatoshi. */
const PICO_PER: Readonly<Record<string, bigint>> = { '': 10n ** 12n, m: 10n ** 9n, u: 10n ** 6n, n: 10n ** 3n, p: 1n }

/** The amount of a BOLT 11 invoice, from its readable part; undefined when it names none or is no invoice. */
export function invoiceAmount(invoice: string): Money | undefined {
  // The last 1 separates the readable part from the data, which never has a 1 (BIP 173).
  const separator = invoice.lastIndexOf('1')
  const match = /^ln(?:bcrt|bc|tbs|tb)([1-9][0-9]{0,17})([munp]?)$/.exec(invoice.slice(0, separator).toLowerCase())
  if (separator < 0 || !match) return undefined
  const pico = BigInt(match[1]!) * PICO_PER[match[2]!]!
  return pico % 10n === 0n ? money(BTC, pico / 10n) : undefined
}
