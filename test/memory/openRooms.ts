import { readBolt11 } from '../../adapters/lightning/bolt11.ts'
import { configuredRates } from '../../adapters/rates/configuredRates.ts'
import { openFirstDays } from '../../app/open/firstDaysOf.ts'
import { testClock } from '../../app/open/testClock.ts'
import { uuidIds } from '../../app/open/uuidIds.ts'
import { createIdempotency } from '../../gateway/api/http/idempotency.ts'
import { createApprovalRecords } from '../../gateway/approvals/approvalRecords.ts'
import { createLimits } from '../../gateway/approvals/limits.ts'
import { createDisputeRecords } from '../../gateway/disputes/disputeRecords.ts'
import { createEndpointRecords } from '../../gateway/events/webhooks/endpointRecords.ts'
import { createExchangeRecords } from '../../gateway/exchange/exchangeRecords.ts'
import { createErrandRecords } from '../../gateway/facilitator/errandRecords.ts'
import { createListings } from '../../gateway/facilitator/listings.ts'
import { createInvoiceRecords } from '../../gateway/invoices/invoiceRecords.ts'
import { createBooks } from '../../gateway/ledger/books/createBooks.ts'
import { memoryJournal } from '../../gateway/ledger/books/memoryJournal.ts'
import { BTC, USD } from '../../gateway/money/asset.ts'
import { createOrderRecords } from '../../gateway/orders/orderRecords.ts'
import { createAgents } from '../../gateway/parties/agents/agents.ts'
import { createKeys } from '../../gateway/parties/keys/keys.ts'
import { createParties, firstKeyOf } from '../../gateway/parties/party/parties.ts'
import { createSplits } from '../../gateway/parties/party/splits.ts'
import { createPasskeys } from '../../gateway/parties/passkeys/passkeys.ts'
import { createCollections } from '../../gateway/payins/claim/collections.ts'
import { createRequestRecords } from '../../gateway/payins/claim/requestRecords.ts'
import { createIntentRecords } from '../../gateway/payins/intent/intentRecords.ts'
import { createPassRecords } from '../../gateway/payins/pass/passRecords.ts'
import { createSettlementRecords } from '../../gateway/payins/settlement/settlementRecords.ts'
import { createRowRecords } from '../../gateway/payins/shareClaims/rowRecords.ts'
import { createShownVouchers } from '../../gateway/payins/vouchers/shownVouchers.ts'
import { createUnclaimed } from '../../gateway/payins/vouchers/unclaimed.ts'
import { createX402ChannelRecords } from '../../gateway/payins/x402channels/records.ts'
import { createRefundRecords } from '../../gateway/payins/x402channels/refundRecords.ts'
import { createX402Unclaimed } from '../../gateway/payins/x402channels/x402Unclaimed.ts'
import { createLinkRecords } from '../../gateway/paymentLinks/linkRecords.ts'
import { createBatchRecords } from '../../gateway/payouts/batch/batchRecords.ts'
import { createNetRecords } from '../../gateway/payouts/netting/netRecords.ts'
import { createPayouts } from '../../gateway/payouts/payout/payouts.ts'
import { payoutPolicy } from '../../gateway/payouts/payoutState/policy.ts'
import { createQuoteRecords } from '../../gateway/payouts/quotes/quoteRecords.ts'
import { createRecallRecords } from '../../gateway/payouts/recalls/recallRecords.ts'
import { createWithdrawalRecords } from '../../gateway/payouts/withdrawal/withdrawalRecords.ts'
import type { Books, Memory } from '../../gateway/ports/books.ts'
import type { Block } from '../../gateway/ports/journal.ts'
import type { StateStore } from '../../gateway/ports/stateStore.ts'
import { createBreakRecords } from '../../gateway/reconciliation/breakRecords.ts'
import { createProofRecords } from '../../gateway/reconciliation/dayProofs.ts'
import { createExpected } from '../../gateway/reconciliation/expected.ts'
import { createSentPayments } from '../../gateway/reconciliation/sentPayments.ts'
import { createGivenRecords } from '../../gateway/refunds/givenRecords.ts'
import { createPlanRecords, createSubscriptionRecords } from '../../gateway/subscriptions/records.ts'
import { createActionRecords } from '../../gateway/suspense/actionRecords.ts'
import { createClockMoves } from '../../gateway/testMode/clockMoves.ts'
import { createRateMemory } from '../../gateway/treasury/rates/rateMemory.ts'
import { createTakenInvoices } from '../../gateway/wallets/lnurl/takenInvoices.ts'
import { createWallet } from '../../gateway/wallets/wallet/wallet.ts'
import { ASSETS, USDC } from './teller.ts'

/** Requests, intents and the like that stay once they have ended; few, so that the test meets those that leave. */
const ENDED_KEPT = 10

export type Rooms = Awaited<ReturnType<typeof openRooms>>

/** Every room that remembers facts, over this journal; from the last snapshot when there are state files. */
export async function openRooms(blocks: Block[], o: { state?: StateStore; factsBetween?: number; endedKept?: number } = {}) {
  const clock = { now: () => 1_800_000_000_000 }
  const ids = uuidIds(clock)
  const warnings: string[] = []
  const limits = {
    segmentsInMemory: 1,
    keyStoreSegmentsInMemory: 1,
    recordsBetween: 1_000_000_000,
    factsBetween: o.factsBetween ?? 1_000_000_000,
  }
  const state = o.state === undefined ? {} : { state: o.state, limits, warn: (line: string) => warnings.push(line) }
  const real = createBooks({ journal: memoryJournal(blocks), clock, ...state })
  const memories: Memory[] = []
  const books: Books = {
    ...real,
    remember(memory) {
      memories.push(memory)
      real.remember(memory)
    },
  }
  const assetOf = (id: string) => ASSETS.find((asset) => asset.id === id)!
  const rates = configuredRates(
    [BTC, USDC].map((asset) => ({ asset, usd: '1' })),
    clock,
  )
  const nothing = () => undefined
  const kept = { endedKept: o.endedKept ?? ENDED_KEPT }
  const parties = createParties({ books, clock, ids })
  createKeys({ books, clock, ids, firstKeyOf })
  createPasskeys({ books, clock, ids })
  const agents = createAgents({ books, clock, ids, usd: USD })
  const splits = createSplits({ books, clock, ids, operator: `0x${'0'.repeat(40)}` })
  const intents = createIntentRecords(books, assetOf, kept)
  const settlements = createSettlementRecords(books, assetOf)
  const requests = createRequestRecords(books, { finishedKept: kept.endedKept })
  const collections = createCollections({ books, records: requests, collectorOf: nothing, clock, ids, log: nothing })
  createShownVouchers({ books, clock })
  const unclaimed = createUnclaimed({ books, records: settlements.channels, isServed: () => true })
  const x402Channels = createX402ChannelRecords(books, () => USDC)
  createRefundRecords(books)
  const x402Unclaimed = createX402Unclaimed({ books, records: x402Channels, isServed: () => true })
  const log = { info: nothing, warn: nothing, error: nothing }
  const payouts = createPayouts({
    readInvoice: readBolt11,
    books,
    senders: [],
    rates,
    clock,
    ids,
    policy: payoutPolicy,
    usd: USD,
    log,
    ...kept,
  })
  const wallet = createWallet({
    books,
    payouts,
    receiver: undefined,
    nodeId: () => undefined,
    reusableOffers: undefined,
    keysendNode: () => undefined,
    rates,
    readInvoice: readBolt11,
    key: Buffer.alloc(32, 3),
    clock,
    ids,
    assetOf,
    relays: [],
    network: 'regtest',
  })
  const [exchanges, nets, batches] = [createExchangeRecords(books, kept), createNetRecords(books, kept), createBatchRecords(books, kept)]
  const [taken, rows] = [createTakenInvoices(books), createRowRecords({ books, splits }), createQuoteRecords(books, kept)]
  createClockMoves({ books, clock: { ...testClock(), now: clock.now }, world: { moveTo: async () => undefined } })
  createIdempotency({ books, clock, ids, factsAt: async () => [] })
  const actions = createActionRecords(books, assetOf, kept)
  const breaks = compared(books, assetOf, kept)
  const [withdrawals, passes] = [createWithdrawalRecords(books, assetOf, kept), createPassRecords(books, kept)]
  const [errands, listings] = [createErrandRecords(books, kept), createListings({ books, clock })]
  const [endpoints, refunds] = [createEndpointRecords(books), createGivenRecords(books, assetOf, kept)]
  const [recalls, disputes] = [createRecallRecords(books, kept), createDisputeRecords(books, assetOf, kept)]
  const [links, invoices] = [createLinkRecords(books, assetOf, kept), createInvoiceRecords(books, kept)]
  createLimits({ books, clock, rates, usd: USD, payoutsUsdMax: undefined })
  openFirstDays({ network: 'mainnet', firstDays: false }, { clock, rates, usd: USD, assetOf }, { books })
  const [approvals, orders] = [createApprovalRecords(books, assetOf, kept), createOrderRecords(books, assetOf, kept)]
  const [plans, subscriptions] = [createPlanRecords(books, assetOf, kept), createSubscriptionRecords(books, kept)]
  const started = await books.start()
  const views = {
    parties,
    splits,
    intents,
    settlements,
    requests,
    passes,
    collections,
    unclaimed,
    x402Unclaimed,
    payouts,
    wallet,
    exchanges,
    nets,
    batches,
    taken,
    withdrawals,
    actions,
    errands,
    listings,
    endpoints,
    refunds,
    disputes,
    agents,
    approvals,
    orders,
    links,
    invoices,
    plans,
    subscriptions,
    recalls,
  }
  return { ...views, breaks, rows, books, memories, warnings, ...started }
}

/** What is expected of rails, and what was priced by, have nothing that is asked for: their tables are all. */
function compared(...[books, assetOf, kept]: Parameters<typeof createBreakRecords>) {
  createExpected(books)
  createRateMemory({ books })
  createSentPayments(books)
  createProofRecords(books)
  return createBreakRecords(books, assetOf, kept)
}
