import { openContractReads } from '../../adapters/evm/node/contractReads.ts'
import { openChainlink } from '../../adapters/rates/chainlink.ts'
import { invariant } from '../../gateway/errors/invariant.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { PriceSource } from '../../gateway/ports/priceSource.ts'
import type { GatewayConfig } from '../config/config.ts'
import type { RatesConfig } from '../config/ratesConfig.ts'

export type FeedChain = Readonly<{ chainId: number; rpcUrls?: GatewayConfig['evm'][number]['rpcUrls'] }>
type Feeds = Readonly<{ source: PriceSource; close: () => void }>

/** Chainlink's feeds, read by the nodes of the chain that they are on; undefined where none are configured. */
export function openFeeds(
  chainlink: RatesConfig['chainlink'],
  { evm, clock }: Readonly<{ evm: readonly FeedChain[]; clock: Clock }>,
): Feeds | undefined {
  if (!chainlink) return undefined
  const urls = evm.find(({ chainId }) => chainId === chainlink.chainId)?.rpcUrls
  invariant(urls, 'feeds on a chain without nodes were not refused')
  // Nodes that contradict each other are told by the rail of the chain; here the market is silent, and that is told.
  const reads = openContractReads({ urls, clock, log: () => undefined })
  return { source: openChainlink({ feeds: chainlink.feeds, uptime: chainlink.uptime, read: reads.read, clock }), close: reads.close }
}
