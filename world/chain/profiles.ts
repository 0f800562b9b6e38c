/**
 * What a local chain is like. `rollup`: an OP-stack chain, which charges for keeping its transactions on the chain below (`l1`: that chain's gas and
 * blob prices, wei, as the rollup last heard of them).
 */
export type ChainProfile = Readonly<{
  chainId: number
  baseFeeWei: bigint
  rollup?: Readonly<{ l1BaseFeeWei: bigint; l1BlobBaseFeeWei: bigint }>
}>

/** Two chains of unlike price, so that a choice between them can be seen: one like Ethereum on a calm day, one like a rollup on it. */
export const PROFILES = {
  mainChain: { chainId: 31337, baseFeeWei: 50_000_000n },
  rollup: { chainId: 31338, baseFeeWei: 1_000_000n, rollup: { l1BaseFeeWei: 50_000_000n, l1BlobBaseFeeWei: 100_000_000n } },
} as const satisfies Record<string, ChainProfile>

export type ProfileName = keyof typeof PROFILES

/** The name given to a chain's process; the main chain when none is given. */
export function profileOf(name: string | undefined): ChainProfile {
  if (name === undefined) return PROFILES.mainChain
  const profile = Object.entries(PROFILES).find(([known]) => known === name)?.[1]
  if (!profile) throw new Error(`there is no chain "${name}"; known: ${Object.keys(PROFILES).join(', ')}`)
  return profile
}
