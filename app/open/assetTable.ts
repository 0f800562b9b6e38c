import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { type Asset, AVAX, BTC, ETH, EUR, erc20Asset, POL, USD } from '../../gateway/money/asset.ts'
import type { GatewayConfig } from '../config/config.ts'
import { type CoinChain, type GasCoin, gasCoinOf } from '../config/gasCoins.ts'

const COINS: Readonly<Record<GasCoin, Asset>> = { ETH, POL, AVAX }

/** Every asset in use. `tokens` are the chains' in the order of the configuration. */
type AssetTable = Readonly<{
  all: readonly Asset[]
  tokens: readonly Asset[]
  /** What balances are kept in: what backs them without a conversion. */
  book: Asset
  /** By its id, as the journal names it. */
  of: (id: string) => Asset
}>

/** The token of one chain. The same dollar on another chain is another asset, with its own ledger: what stands there cannot be paid here. */
export function tokenOf({ chainId, token }: GatewayConfig['evm'][number]): Asset {
  return erc20Asset({ chainId, address: token.address, code: 'USDC', scale: 6, ledger: token.ledger })
}

/** What gas is paid in on a chain. */
export function coinOf(chain: CoinChain): Asset {
  return COINS[gasCoinOf(chain)]
}

/** The coins besides ether that chains of a configuration have. */
export function otherCoins({ evm }: Readonly<{ evm: readonly CoinChain[] }>): readonly Exclude<GasCoin, 'ETH'>[] {
  return [...new Set(evm.map(gasCoinOf))].filter((coin) => coin !== 'ETH')
}

/** The assets that this configuration makes use of. */
export function assetTable(config: GatewayConfig): AssetTable {
  const tokens = config.evm.map(tokenOf)
  // Balances are in the first token where there is one, so that its code, which others share, is read as this one.
  const all = [USD, EUR, BTC, ETH, ...otherCoins(config).map((coin) => COINS[coin]), ...tokens]
  return {
    all,
    tokens,
    book: tokens[0] ?? (config.lightning ? BTC : EUR),
    of(id) {
      const asset = all.find((a) => a.id === id)
      if (asset) return asset
      throw new GatewayError('unsafe_configuration', `The journal names an asset that is not configured: ${id}`, {
        hint: 'Configure the chain of this token again; what the books hold in it would have no rail.',
      })
    },
  }
}
