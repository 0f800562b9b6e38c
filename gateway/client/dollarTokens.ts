/** A dollar token that a wallet may spend, counted at par. `name` and `version` are its EIP-712 domain, which MPP does not tell. */
export type SpendableToken = Readonly<{ chainId: number; address: string; scale: number }> &
  Readonly<{ code?: string | undefined; name?: string | undefined; version?: string | undefined }>

/** USDC where Circle issues it, with the domains that the contracts themselves answer. */
export const USDC: readonly SpendableToken[] = [
  usdc(8_453, '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913', 'USD Coin'),
  usdc(84_532, '0x036CbD53842c5426634e7929541eC2318f3dCF7e', 'USDC'),
  usdc(1, '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48', 'USD Coin'),
  usdc(43_114, '0xB97EF9Ef8734C71904D8002F8b6Bc66Dd9c48a6E', 'USD Coin'),
]

/** True when this is the token that an offer names. */
export function isTokenOf(one: SpendableToken, { chainId, token }: Readonly<{ chainId: number; token: string }>): boolean {
  return one.chainId === chainId && one.address.toLowerCase() === token.toLowerCase()
}

function usdc(chainId: number, address: string, name: string): SpendableToken {
  return { chainId, address, scale: 6, code: 'USDC', name, version: '2' }
}
