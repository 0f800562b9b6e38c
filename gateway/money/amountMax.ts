import { type Asset, BTC, ETH } from './asset.ts'

/** All bitcoin there will ever be. */
const BITCOIN = 21_000_000n
/** Eight times all ether there is. */
const ETHER = 1_000_000_000n
/** More than any bank holds of a currency, and any issuer of its token. */
const CURRENCY = 1_000_000_000_000n

/** The largest amount of an asset that is taken for a real sum, in its smallest units. */
export function unitsMaxOf({ id, scale }: Asset): bigint {
  const whole = id === BTC.id ? BITCOIN : id === ETH.id ? ETHER : CURRENCY
  return whole * 10n ** BigInt(scale)
}
