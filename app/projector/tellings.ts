import { groundEvents } from '../../gateway/events/telling/groundEvents.ts'
import { blockTeller } from '../../gateway/events/telling/tellBlock.ts'
import type { Telling } from '../../gateway/events/telling/telling.ts'
import { webhookEvents } from '../../gateway/events/webhooks/webhookEvents.ts'
import { exchangeEvents } from '../../gateway/exchange/exchangeEvents.ts'
import { facilitatorEvents } from '../../gateway/facilitator/facilitatorEvents.ts'
import { payinEvents } from '../../gateway/payins/payinEvents.ts'
import { payoutEvents } from '../../gateway/payouts/payoutEvents.ts'
import { suspenseEvents } from '../../gateway/suspense/suspenseEvents.ts'
import { walletEvents } from '../../gateway/wallets/walletEvents.ts'

/**
 * What each wing tells of its facts, those whose notes others read before them. A wing that comes later is added at the end: the place of an event among those
 * of one fact is in its id.
 */
const TELLINGS: readonly Telling[] = [
  ...payinEvents,
  ...groundEvents,
  ...payoutEvents,
  ...exchangeEvents,
  ...suspenseEvents,
  ...facilitatorEvents,
  ...walletEvents,
  ...webhookEvents,
]

/** The events of each block, by all wings. */
export const tellEvents = blockTeller(TELLINGS)
