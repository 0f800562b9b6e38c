import { type Asset, AVAX, BTC, ETH, EUR, POL, USD } from './asset.ts'

/** Known before any account is in them, by their ids: prices are in one, offers and gas in the others. Apart from the assets, because a payer needs no list. */
export const PLAIN_ASSETS: ReadonlyMap<string, Asset> = new Map([USD, EUR, BTC, ETH, POL, AVAX].map((asset) => [asset.id, asset]))
