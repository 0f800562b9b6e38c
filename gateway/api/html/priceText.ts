import { formatAmount, type Money, money } from '../../money/money.ts'

/** Satoshi are shown as a currency without places; millisatoshi after the point. */
const SATOSHI_SCALE = 3
const GROUP = /\B(?=(?:\d{3})+$)/g

/** The amount as people are used to see prices: at least two places ("3.00 USD"), bitcoin in satoshi ("30,000 sat"), thousands grouped. */
export function priceText(amount: Money): string {
  const bitcoin = amount.asset.code === 'BTC'
  const shown = bitcoin ? money({ ...amount.asset, scale: SATOSHI_SCALE }, amount.units) : amount
  const [whole = '', places = ''] = formatAmount(shown).split('.')
  const fraction = bitcoin ? places : places.padEnd(2, '0')
  return `${whole.replace(GROUP, ',')}${fraction ? `.${fraction}` : ''} ${bitcoin ? 'sat' : amount.asset.code}`
}
