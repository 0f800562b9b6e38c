import { agentOperations } from './agents.ts'
import { auditOperations } from './auditing.ts'
import { channelOperations } from './channels.ts'
import { disputeOperations } from './disputes.ts'
import { eventOperations } from './events.ts'
import { facilitatorOperations } from './facilitator.ts'
import { intentOperations } from './intents.ts'
import { invoiceOperations } from './invoices.ts'
import { lightningOperations } from './lightning.ts'
import { lnurlOperations } from './lnurl.ts'
import { operatingOperations } from './operating.ts'
import { partyOperations } from './parties.ts'
import { paymentLinkOperations } from './paymentLinks.ts'
import { paymentOperations } from './payments.ts'
import { payoutBatchOperations } from './payoutBatches.ts'
import { payoutOperations } from './payouts.ts'
import { peopleOperations } from './people.ts'
import { rateOperations } from './rates.ts'
import { reconciliationOperations } from './reconciliation.ts'
import { refundOperations } from './refunds.ts'
import { routingOperations } from './routing.ts'
import { sellerOperations } from './sellers.ts'
import type { Operation } from './shapes.ts'
import { standingOrderOperations } from './standingOrders.ts'
import { statementOperations } from './statements.ts'
import { subscriptionOperations } from './subscriptions.ts'
import { testOperations } from './testing.ts'
import { walletOperations } from './wallets.ts'
import { webhookOperations } from './webhooks.ts'

/** What is promised of each operation, by its method and its path as the route writes it. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  ...partyOperations,
  ...channelOperations,
  ...intentOperations,
  ...paymentLinkOperations,
  ...invoiceOperations,
  ...subscriptionOperations,
  ...sellerOperations,
  ...facilitatorOperations,
  ...paymentOperations,
  ...payoutBatchOperations,
  ...payoutOperations,
  ...routingOperations,
  ...standingOrderOperations,
  ...refundOperations,
  ...disputeOperations,
  ...operatingOperations,
  ...reconciliationOperations,
  ...rateOperations,
  ...auditOperations,
  ...statementOperations,
  ...eventOperations,
  ...webhookOperations,
  ...peopleOperations,
  ...agentOperations,
  ...lightningOperations,
  ...walletOperations,
  ...lnurlOperations,
  ...testOperations,
}
