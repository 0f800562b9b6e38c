import type { Asset } from '../../gateway/money/asset.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { formatAmount, type Money, parseAmount } from '../../gateway/money/money.ts'

/** Bitcoin as people count it: a satoshi is 1,000 of its units. */
export const SAT: Asset = { id: BTC.id, code: 'sat', scale: 3, ledger: BTC.ledger }

/** The unit in which amounts of an asset are printed: `sat` for bitcoin. */
export function unitOf(asset: Asset): Asset {
  return asset.ledger === BTC.ledger ? SAT : asset
}

/** The amount alone, in the unit that people use: "2" for 0.00000002 BTC. */
export function inUnit({ asset, units }: Money): string {
  return formatAmount({ asset: unitOf(asset), units })
}

/** A decimal of bitcoin as one of satoshi; a difference may be negative. */
export function satOf(amount: string): string {
  const sign = amount.startsWith('-') ? '-' : ''
  return `${sign}${inUnit(parseAmount(amount.slice(sign.length), BTC))}`
}

/** An amount as the gateway's API writes it, in the unit that people use: "2 sat". */
export function peopleAmount({ asset, amount }: Readonly<{ asset: string; amount: string }>): string {
  return asset === BTC.id ? `${satOf(amount)} ${SAT.code}` : `${amount} ${asset}`
}
