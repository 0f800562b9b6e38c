import type { Logger } from 'pino'
import { holdSecrets } from '../../gateway/exchange/holdSecrets.ts'
import { exchangePolicy } from '../../gateway/exchange/policy.ts'
import { createExchanges, type ExchangeOptions, type Exchanges } from '../../gateway/exchange/service.ts'
import { createExchangeStore, type ExchangeStore } from '../../gateway/exchange/store.ts'
import type { GatewayConfig } from '../config/config.ts'

type Parts = Omit<ExchangeOptions, 'store' | 'secrets' | 'policy' | 'log'> & Readonly<{ logger: Logger }>

/** Exchanges over the node that holds, when there is one. Call it before the books start, and `start` after the payouts have been taken up. */
export function openExchanges(config: GatewayConfig, { logger, ...parts }: Parts): { exchanges: Exchanges; exchangeStore: ExchangeStore } {
  const exchangeStore = createExchangeStore(parts.books)
  const previous = config.previousChallengeSecret
  const secrets = holdSecrets({
    current: Buffer.from(config.challengeSecret),
    ...(previous === undefined ? {} : { previous: Buffer.from(previous) }),
  })
  const exchanges = createExchanges({ ...parts, store: exchangeStore, secrets, policy: exchangePolicy, log: logger })
  return { exchanges, exchangeStore }
}
