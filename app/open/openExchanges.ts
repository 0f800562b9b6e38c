import type { Logger } from 'pino'
import { createExchangeRecords, type ExchangeRecords } from '../../gateway/exchange/exchangeRecords.ts'
import { createExchanges, type ExchangeOptions, type Exchanges } from '../../gateway/exchange/exchanges.ts'
import { holdSecrets } from '../../gateway/exchange/holdSecrets.ts'
import { exchangePolicy } from '../../gateway/exchange/policy.ts'
import type { GatewayConfig } from '../config/config.ts'

type Parts = Omit<ExchangeOptions, 'store' | 'secrets' | 'policy' | 'log'> & Readonly<{ logger: Logger }>

/** Exchanges over the node that holds, when there is one. Call it before the books start, and `start` after the payouts have been taken up. */
export function openExchanges(
  config: GatewayConfig,
  { logger, ...parts }: Parts,
): { exchanges: Exchanges; exchangeRecords: ExchangeRecords } {
  const exchangeRecords = createExchangeRecords(parts.books)
  const previous = config.previousChallengeSecret
  const secrets = holdSecrets({
    current: Buffer.from(config.challengeSecret),
    ...(previous === undefined ? {} : { previous: Buffer.from(previous) }),
  })
  const exchanges = createExchanges({ ...parts, store: exchangeRecords, secrets, policy: exchangePolicy, log: logger })
  return { exchanges, exchangeRecords }
}
