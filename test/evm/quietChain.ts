import { deploy } from '../../world/chain/deploy.ts'
import { startNetwork } from '../../world/chain/network.ts'
import { PROFILES } from '../../world/chain/profiles.ts'
import type { ChainReady } from '../../world/chain/ready.ts'

export type QuietChain = ChainReady & Readonly<{ stop: () => Promise<void> }>

/** The local chain in this process, where nothing mines but transactions and the test: so that mining can be stopped. */
export async function startQuietChain(): Promise<QuietChain> {
  const network = await startNetwork(PROFILES.mainChain)
  return { ...(await deploy(network.rpcUrl, PROFILES.mainChain)), stop: network.close }
}
