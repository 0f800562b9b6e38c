/** An asset: `id` is CAIP-19 for a token, ISO 4217 for a currency, `BTC` for bitcoin; `scale` is fixed for ever; `ledger` is its book (u32). */
export type Asset = Readonly<{ id: string; code: string; scale: number; ledger: number }>

/** US dollars, six places inside so that a micro-fee exists. The unit of prices. */
export const USD: Asset = { id: 'USD', code: 'USD', scale: 6, ledger: 1 }
/** Euros, six places inside. */
export const EUR: Asset = { id: 'EUR', code: 'EUR', scale: 6, ledger: 2 }
/** Pounds sterling: what a balance sheet may be shown in. */
export const GBP: Asset = { id: 'GBP', code: 'GBP', scale: 6, ledger: 5 }
/** Bitcoin in millisatoshi. */
export const BTC: Asset = { id: 'BTC', code: 'BTC', scale: 11, ledger: 3 }
/** Ether in wei, which pays for gas. */
export const ETH: Asset = { id: 'ETH', code: 'ETH', scale: 18, ledger: 4 }
/** What pays for gas on Polygon. */
export const POL: Asset = { id: 'POL', code: 'POL', scale: 18, ledger: 6 }
/** What pays for gas on Avalanche. */
export const AVAX: Asset = { id: 'AVAX', code: 'AVAX', scale: 18, ledger: 7 }

/** An ERC-20 token on one chain as an asset, with its CAIP-19 id. */
export function erc20Asset(token: { chainId: number; address: string; code: string; scale: number; ledger: number }): Asset {
  return { id: `eip155:${token.chainId}/erc20:${token.address.toLowerCase()}`, code: token.code, scale: token.scale, ledger: token.ledger }
}

/** True when both name the same asset. */
export function sameAsset(a: Asset, b: Asset): boolean {
  return a.id === b.id
}
