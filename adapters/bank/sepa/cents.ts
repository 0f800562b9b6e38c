import type { Asset } from '../../../gateway/money/asset.ts'
import { formatAmount, type Money, parseAmount } from '../../../gateway/money/money.ts'
import { BankFileRefused } from '../files/bankFileRefused.ts'

/** EPC132-08: an SCT carries at least 0.01 and at most 999,999,999.99 EUR. It also keeps sums inside SQLite's 64-bit integers. */
const AMOUNT_MAX = '999999999.99'
/** A balance may be larger than one transfer; 12 whole digits keep it below 2^63 units of 10^-6. */
const BALANCE_WHOLE_DIGITS_MAX = 12
const CENT_PLACES = 2

function unitsPerCent(asset: Asset): bigint {
  return 10n ** BigInt(asset.scale - CENT_PLACES)
}

/** True when the amount is positive, of whole cents, and within what one credit transfer can carry. */
export function isTransferable(amount: Money): boolean {
  const max = parseAmount(AMOUNT_MAX, amount.asset).units
  return amount.units > 0n && amount.units <= max && amount.units % unitsPerCent(amount.asset) === 0n
}

/** "12.30": always two places, as banks write it. */
export function formatCents(amount: Money): string {
  const [whole, fraction = ''] = formatAmount(amount).split('.')
  return `${whole}.${fraction.padEnd(CENT_PLACES, '0')}`
}

/** Reads an amount of a bank's file; refuses another currency, a sign, and parts of a cent. Zero is allowed only for a balance. */
export function readCents(wire: { '#text': string; '@Ccy': string }, asset: Asset, options: { zero: boolean }): bigint {
  if (wire['@Ccy'] !== asset.code) throw new BankFileRefused(`currency ${wire['@Ccy'].slice(0, 8)} is not ${asset.code}`)
  const text = wire['#text']
  if (!/^[0-9]+(\.[0-9]{1,5})?$/.test(text)) throw new BankFileRefused(`amount "${text.slice(0, 24)}" is not a positive decimal`)
  if (text.replace(/\..*$/, '').length > BALANCE_WHOLE_DIGITS_MAX) throw new BankFileRefused(`amount "${text.slice(0, 24)}" is too large`)
  const { units } = parseAmount(text.replace(/^0+(?=[0-9])/, ''), asset)
  if (units % unitsPerCent(asset) !== 0n) throw new BankFileRefused(`amount "${text}" is more precise than a cent`)
  if (units === 0n && !options.zero) throw new BankFileRefused('an entry has the amount zero')
  return units
}
