import { answerLists } from '../../gateway/api/http/answerLists.ts'
import { approvalEvents } from '../../gateway/approvals/approvalEvents.ts'
import { groundLists } from '../../gateway/audit/lists/groundLists.ts'
import { blockLister } from '../../gateway/audit/lists/lister.ts'
import { disputeEvents } from '../../gateway/disputes/disputeEvents.ts'
import { disputeLists } from '../../gateway/disputes/disputeLists.ts'
import { groundEvents } from '../../gateway/events/telling/groundEvents.ts'
import { blockTeller } from '../../gateway/events/telling/tellBlock.ts'
import type { Telling } from '../../gateway/events/telling/telling.ts'
import { webhookEvents } from '../../gateway/events/webhooks/webhookEvents.ts'
import { exchangeEvents } from '../../gateway/exchange/exchangeEvents.ts'
import { exchangeLists } from '../../gateway/exchange/exchangeLists.ts'
import { facilitatorEvents } from '../../gateway/facilitator/facilitatorEvents.ts'
import { invoiceEvents } from '../../gateway/invoices/invoiceEvents.ts'
import { invoiceLists } from '../../gateway/invoices/invoiceLists.ts'
import { orderEvents } from '../../gateway/orders/orderEvents.ts'
import { orderLists } from '../../gateway/orders/orderLists.ts'
import { payinEvents } from '../../gateway/payins/payinEvents.ts'
import { payinLists } from '../../gateway/payins/payinLists.ts'
import { linkEvents } from '../../gateway/paymentLinks/linkEvents.ts'
import { linkLists } from '../../gateway/paymentLinks/linkLists.ts'
import { payoutEvents } from '../../gateway/payouts/payoutEvents.ts'
import { payoutLists } from '../../gateway/payouts/payoutLists.ts'
import { reconciliationLists } from '../../gateway/reconciliation/reconciliationLists.ts'
import { refundEvents } from '../../gateway/refunds/refundEvents.ts'
import { refundLists } from '../../gateway/refunds/refundLists.ts'
import { subscriptionEvents } from '../../gateway/subscriptions/subscriptionEvents.ts'
import { subscriptionLists } from '../../gateway/subscriptions/subscriptionLists.ts'
import { suspenseEvents } from '../../gateway/suspense/suspenseEvents.ts'
import { walletEvents } from '../../gateway/wallets/walletEvents.ts'
import { walletLists } from '../../gateway/wallets/walletLists.ts'

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
  ...approvalEvents,
  ...refundEvents,
  ...orderEvents,
  ...linkEvents,
  ...invoiceEvents,
  ...disputeEvents,
  ...subscriptionEvents,
]

/** The events of each block, by all wings. */
export const tellEvents = blockTeller(TELLINGS)

/** What each block changes in lists, by all wings. Answers come last: they name what the others have begun. */
const listChanges = blockLister([
  ...groundLists,
  ...payinLists,
  ...payoutLists,
  ...exchangeLists,
  ...walletLists,
  ...refundLists,
  ...orderLists,
  ...linkLists,
  ...invoiceLists,
  ...disputeLists,
  ...subscriptionLists,
  ...reconciliationLists,
  ...answerLists,
])

/** All that the read model is told of a block besides its ledger. */
export const readings = { tellBlock: tellEvents, listBlock: listChanges }
