import { needOf } from '../http/needs.ts'

/**
 * Who an operation is for. `anyone`: an id, a link, a proof or a signature opens it, so it takes no key. `payer`: any key, and who knows the id of an intent
 * reads what its payer may. `party`: any key, about its own things. `owner`: any key, for the thing that its path names, which is to others as if it were not
 * there. `seller`: the same of a party alone, because an operator sells nothing. `operator`: a key of an operator alone.
 */
export type Who = 'anyone' | 'payer' | 'party' | 'owner' | 'seller' | 'operator'

/** What an operation asks of who calls it: `right` is what its key must hold, as `payouts:write`; null without a key. */
type Access = Readonly<{ who: Who; right: string | null }>

/** Each operation by its id, once: one that is missing here turns the tests red, so that nobody forgets whose it is. */
const WHO: Readonly<Record<Who, readonly string[]>> = {
  anyone: [
    ...['listRails', 'getReceipt', 'getPayment', 'getChannelTerms', 'openChannel', 'getChannel', 'payByVoucher'],
    ...['getAuditKey', 'getAuditCheckpoint', 'getAuditConsistency', 'getAuditInclusion'],
    ...['getDueRefund', 'sendDueRefund', 'claimRefund', 'fetchDueRefund', 'showClaimPage'],
    ...['showPaymentPage', 'handOverAuthorization', 'showPaymentLinkPage', 'getFacilitatorKinds', 'listFacilitatedResources'],
    ...['getLnurlPayTerms', 'makeLnurlInvoice', 'getKeysendTerms', 'verifyLnurlInvoice', 'getLnurlWithdrawTerms', 'withdrawByLnurl'],
    ...['signLnurlLogin', 'createDeviceCode', 'getDeviceKey'],
  ],
  payer: ['getPaymentIntent', 'payPaymentIntent'],
  party: [
    ...['listParties', 'createKey', 'listKeys', 'listSplits', 'createPaymentIntent', 'listPaymentIntents'],
    ...['createPaymentLink', 'listPaymentLinks', 'createPlan', 'listPlans', 'createSubscription', 'listSubscriptions'],
    ...['admitRequest', 'keepAnswer', 'admitBatch', 'makeListing', 'search', 'listPayments', 'createPayout', 'listPayouts'],
    ...['createPayoutBatch', 'previewPayoutBatch', 'listPayoutBatches', 'createQuote', 'listQuotes'],
    ...['createStandingOrder', 'listStandingOrders', 'createInvoice', 'listInvoices'],
    ...[
      'createExchange',
      'listExchanges',
      'createRefund',
      'listRefunds',
      'listDisputes',
      'listEvents',
      'createWebhookEndpoint',
      'listWebhookEndpoints',
    ],
    'simulateRouting',
    'listRates',
    'getStatement',
    ...['getDeviceCode', 'grantDeviceCode', 'denyDeviceCode'],
    ...['listActs', 'listApprovals', 'createAgent', 'listAgents', 'createLightningAddress', 'listLightningAddresses'],
    ...['getLightningDestination', 'createWithdrawLink', 'listWithdrawLinks', 'createLogin', 'createWalletApp', 'listWalletApps'],
  ],
  owner: [
    ...['getParty', 'getKey', 'rotateKey', 'revokeKey', 'getSplit', 'cancelPaymentIntent', 'getPayout', 'getDecision', 'getExchange'],
    ...['getPaymentLink', 'activatePaymentLink', 'deactivatePaymentLink', 'getPlan', 'repricePlan', 'deactivatePlan'],
    ...['getSubscription', 'consentToSubscription', 'cancelSubscription', 'pauseSubscription', 'resumeSubscription'],
    ...['cancelRefund', 'getEvent', 'getWebhookEndpoint', 'changeWebhookEndpoint', 'deleteWebhookEndpoint', 'enableWebhookEndpoint'],
    ...['disableWebhookEndpoint', 'rotateWebhookSecret', 'replayWebhookEvents', 'listWebhookDeliveries'],
    ...['getDispute', 'submitDisputeEvidence', 'getInvoice', 'getInvoiceXml'],
    ...['getApproval', 'approve', 'refuse', 'setApprovalLimits'],
    ...['getRoutingPolicy', 'setRoutingPolicy', 'tryRoutingPolicy'],
    ...['cancelPayout', 'recallPayout', 'listPayoutRecalls', 'getQuote', 'getPayoutBatch', 'listPayoutBatchRows', 'cancelPayoutBatch'],
    ...['getStandingOrder', 'pauseStandingOrder', 'resumeStandingOrder', 'endStandingOrder'],
    ...['getAgent', 'pauseAgent', 'resumeAgent', 'revokeAgent', 'getAgentStatement', 'getAgentMandate'],
    ...['getLightningAddress', 'makeLightningOffer', 'closeLightningAddress', 'getWithdrawLink', 'cancelWithdrawLink', 'getLogin'],
    ...['getWalletApp', 'revokeWalletApp'],
  ],
  seller: [
    ...['verifyFacilitatedPayment', 'settleFacilitatedPayment', 'getFacilitatorAccount'],
    ...['publishFacilitatedResource', 'withdrawFacilitatedResource'],
    'acceptDispute',
  ],
  operator: [
    ...['createParty', 'createSplit', 'sweepSplit', 'claimShare', 'claimVouchers', 'getTrialBalance', 'listSuspense', 'assignSuspense'],
    ...['refundSuspense', 'writeOffSuspense', 'adjustBooks', 'endAttempt', 'getSuspenseAction', 'approveSuspenseAction'],
    ...['cancelSuspenseAction', 'verifyBooks', 'getLedgerLag', 'listLedgerBalances', 'listLedgerHistory', 'getLedgerEntry'],
    ...['getBalanceSheet', 'getAccountingJournal', 'getProfit'],
    ...['listBreaks', 'getBreak', 'runReconciliation', 'resolveBreak', 'assignBreak', 'getDayProof'],
    ...[
      'getLedgerPayment',
      'findLedgerPayments',
      'getLightningNode',
      'getRoutingLearning',
      'getRoutingHealth',
      'getRoutingForecast',
      'getRoutingMetrics',
      'createNodeWithdrawal',
      'listNodeWithdrawals',
    ],
    ...['openDispute', 'decideDispute'],
    'listRoutingPerformance',
    ...['getNodeWithdrawal', 'quoteLightningPayment', 'getTestClock', 'advanceTestClock'],
  ],
}

const byId = new Map(Object.entries(WHO).flatMap(([who, ids]) => ids.map((id) => [id, who as Who] as const))) // The keys of WHO.

/** All ids that are named here, each as often as it is. */
export const NAMED: readonly string[] = Object.values(WHO).flat()

/** Whose an operation is, by its id and its name, `METHOD /path` as its route writes it; undefined for one that nobody said it of. */
export function accessOf(id: string, name: string): Access | undefined {
  const who = byId.get(id)
  if (who === undefined || who === 'anyone') return who && { who, right: null }
  const [method, url] = name.split(' ') as [string, string] // As it is written.
  const { resource, verb } = needOf({ method, routeOptions: { url } })
  return { who, right: `${resource}:${verb}` }
}
