/** Chains that people know by name. */
const CHAIN_NAMES: Readonly<Record<number, string>> = { 1: 'Ethereum', 10: 'Optimism', 137: 'Polygon', 8453: 'Base', 42161: 'Arbitrum' }

/** A chain as people know it, or its number. */
export const chainName = (chainId: number): string => CHAIN_NAMES[chainId] ?? `${chainId}`
