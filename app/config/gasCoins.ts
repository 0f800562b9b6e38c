/** Coins that gas is paid in and that have a price here. */
export const GAS_COINS = ['ETH', 'POL', 'AVAX'] as const

export type GasCoin = (typeof GAS_COINS)[number]

/** Chains whose coin is known, with the networks to test them: Ethereum, Base, Arbitrum, OP; Polygon; Avalanche. As chainlist and viem have them. */
const KNOWN: ReadonlyMap<number, GasCoin> = new Map([
  ...[1, 11_155_111, 8_453, 84_532, 42_161, 421_614, 10, 11_155_420].map((id) => [id, 'ETH'] as const),
  ...[137, 80_002].map((id) => [id, 'POL'] as const),
  ...[43_114, 43_113].map((id) => [id, 'AVAX'] as const),
])

export type CoinChain = Readonly<{ chainId: number; coin?: GasCoin | undefined }>

/** What gas is paid in on a chain: as configured, as is known of it, or ether. */
export function gasCoinOf({ chainId, coin }: CoinChain): GasCoin {
  return coin ?? KNOWN.get(chainId) ?? 'ETH'
}

/** The coin of a chain that is configured to have another. */
export function otherCoin({ chainId, coin }: CoinChain): GasCoin | undefined {
  const known = KNOWN.get(chainId)
  return coin === undefined || coin === known ? undefined : known
}
