// Made from the description of the API by `npm run sdk`: change the API, or tools/sdk, and run it again.
import type { CallOptions, KeyedOptions } from '../operation.ts'
import type { Page, Pages } from '../pages.ts'
import type { SwitchyardEvent } from './events.ts'
import type * as types from './types.ts'

export type Acts = {
  /** Who changed what, when and from where, the newest first. GET /v1/acts (listActs) */
  list(query?: types.ListActsQuery, options?: CallOptions): Pages<types.Act>
}

export type Admissions = {
  /** What the work answered, before the payer sees it. POST /v1/admissions/answers (keepAnswer) */
  answer(body: types.KeepAnswerBody, options?: CallOptions): Promise<types.KeptAnswer>
  /** Many of both calls in one; each is answered when its word is there, a line each. POST /v1/admissions/batches (admitBatch) */
  batch(body: types.AdmitBatchBody, options?: CallOptions): Promise<string>
  /** What to do with a payer's request: run it, or answer it so. POST /v1/admissions (admitRequest) */
  create(body: types.AdmitRequestBody, options?: CallOptions): Promise<types.Admission>
}

export type Agents = {
  /** Make an agent that spends a balance within a policy; its key is in a header of this answer, this once. POST /v1/agents (createAgent) */
  create(body: types.CreateAgentBody, options?: KeyedOptions): Promise<types.CreateAgentAnswer & { readonly api_key: string | null }>
  /** One agent, and what it has left today. GET /v1/agents/{id} (getAgent) */
  get(id: string, options?: CallOptions): Promise<types.Agent>
  /** The agents of a party, in the order in which they were made. GET /v1/agents (listAgents) */
  list(query?: types.ListAgentsQuery, options?: CallOptions): Promise<types.ListAgentsAnswer>
  /**
   * The mandate that an agent was made with: its tokens as they were given, and the key that has signed them. GET /v1/agents/{id}/mandate
   * (getAgentMandate)
   */
  mandate(id: string, options?: CallOptions): Promise<types.KeptMandate>
  /** Let it spend nothing for a while. POST /v1/agents/{id}/pause (pauseAgent) */
  pause(id: string, options?: KeyedOptions): Promise<types.Agent>
  /** Let a paused one spend again. POST /v1/agents/{id}/resume (resumeAgent) */
  resume(id: string, options?: KeyedOptions): Promise<types.Agent>
  /** End it at once and for good; what it has paid stays paid. POST /v1/agents/{id}/revoke (revokeAgent) */
  revoke(id: string, options?: KeyedOptions): Promise<types.Agent>
  /** What it has spent on a day, the newest first, each with its receipt. GET /v1/agents/{id}/statement (getAgentStatement) */
  statement(id: string, query?: types.GetAgentStatementQuery, options?: CallOptions): Promise<types.GetAgentStatementAnswer>
}

export type Approvals = {
  /** Agree, as another person than the one who asked. POST /v1/approvals/{id}/approve (approve) */
  approve(id: string, options?: KeyedOptions): Promise<types.ApproveAnswer>
  /** What waits, or how it ended. GET /v1/approvals/{id} (getApproval) */
  get(id: string, options?: CallOptions): Promise<types.Approval>
  /** What waits for another person, the oldest first; an operator sees what waits in suspense too. GET /v1/approvals (listApprovals) */
  list(options?: CallOptions): Promise<types.ListApprovalsAnswer>
  /** Say no, or take back what one has asked for oneself. POST /v1/approvals/{id}/refuse (refuse) */
  refuse(id: string, options?: KeyedOptions): Promise<types.RefuseAnswer>
}

export type Audit = {
  /** The newest signed tree head (C2SP tlog-checkpoint). GET /v1/audit/checkpoint (getAuditCheckpoint) */
  checkpoint(options?: CallOptions): Promise<string>
  /** Proof that one checkpoint is the beginning of another (RFC 6962). GET /v1/audit/consistency (getAuditConsistency) */
  consistency(query: types.GetAuditConsistencyQuery, options?: CallOptions): Promise<types.GetAuditConsistencyAnswer>
  /** Proof that a receipt is in the log (C2SP tlog-proof). GET /v1/audit/inclusion/{id} (getAuditInclusion) */
  inclusion(id: string, options?: CallOptions): Promise<string>
  /** The key of the log, as verifiers of signed notes take it. GET /v1/audit/key (getAuditKey) */
  key(options?: CallOptions): Promise<string>
}

export type BalanceSheet = {
  /** What is held, owed and own, in each asset and in the reporting currency. GET /v1/balance_sheet (getBalanceSheet) */
  get(query?: types.GetBalanceSheetQuery, options?: CallOptions): Promise<types.BalanceSheet>
}

export type Balances = {
  /** The trial balance: every account, in the order in which they were first booked on. GET /v1/balances (getTrialBalance) */
  list(query?: types.GetTrialBalanceQuery, options?: CallOptions): Pages<types.GetTrialBalanceItem, Page<types.GetTrialBalanceItem> & types.TrialBalance>
}

export type Channels = {
  /** A channel. GET /v1/channels/{id} (getChannel) */
  get(id: string, query?: types.GetChannelQuery, options?: CallOptions): Promise<types.Channel>
  /** Open a channel, or top one up, by a signature; no gas needed. POST /v1/channels (openChannel) */
  open(body: types.OpenChannelBody, options?: CallOptions): Promise<types.OpenChannelAnswer>
  /** Pay by a voucher. POST /v1/channels/{id}/vouchers (payByVoucher) */
  pay(id: string, body: types.PayByVoucherBody, query?: types.PayByVoucherQuery, options?: CallOptions): Promise<types.Voucher>
}

export type Decisions = {
  /** Why a payout took the rail it took, or an intent offers its rails in this order. GET /v1/decisions/{id} (getDecision) */
  get(id: string, options?: CallOptions): Promise<types.GetDecisionAnswer>
}

export type DeviceCodes = {
  /** A code by which a person makes the program that asks an agent. POST /v1/device_codes (createDeviceCode) */
  create(body: types.CreateDeviceCodeBody, options?: CallOptions): Promise<types.DeviceCode>
  /** Say no; the program is told. POST /v1/device_codes/{id}/deny (denyDeviceCode) */
  deny(id: string, options?: CallOptions): Promise<types.WaitingProgram>
  /** What a program asks for, as it says itself. GET /v1/device_codes/{id} (getDeviceCode) */
  get(id: string, options?: CallOptions): Promise<types.WaitingProgram>
  /** Make the program an agent, with the limits that this says and not those that it asked for. POST /v1/device_codes/{id}/grant (grantDeviceCode) */
  grant(id: string, body: types.GrantDeviceCodeBody, options?: KeyedOptions): Promise<types.GrantDeviceCodeAnswer>
  /** The key of a code that was granted; else why there is none, by its code. POST /v1/device_codes/token (getDeviceKey) */
  key(body: types.GetDeviceKeyBody, options?: CallOptions): Promise<types.DeviceKey>
}

export type Disputes = {
  /** Give a dispute up: it is lost, and goes back to its payer. POST /v1/disputes/{id}/accept (acceptDispute) */
  accept(id: string, options?: KeyedOptions): Promise<types.AcceptDisputeAnswer>
  /** Decide a dispute, once. POST /v1/disputes/{id}/decide (decideDispute) */
  decide(id: string, body: types.DecideDisputeBody, options?: KeyedOptions): Promise<types.DecideDisputeAnswer>
  /** One dispute, with its evidence. GET /v1/disputes/{id} (getDispute) */
  get(id: string, options?: CallOptions): Promise<types.Dispute>
  /** Disputes, newest first; a party sees those of what it was paid. GET /v1/disputes (listDisputes) */
  list(query?: types.ListDisputesQuery, options?: CallOptions): Pages<types.Dispute>
  /** Open a dispute of what was paid: what it would cost its payees is in reserve until it is decided. POST /v1/disputes (openDispute) */
  open(body: types.OpenDisputeBody, options?: KeyedOptions): Promise<types.Dispute>
  /** Show evidence against a dispute. POST /v1/disputes/{id}/evidence (submitDisputeEvidence) */
  submitEvidence(id: string, body: types.SubmitDisputeEvidenceBody, options?: KeyedOptions): Promise<types.Dispute>
}

export type Events = {
  /** One event. GET /v1/events/{id} (getEvent) */
  get(id: string, options?: CallOptions): Promise<SwitchyardEvent>
  /** What happened, the oldest first; with `Accept: text/event-stream` as a stream that goes on (`Last-Event-ID`). GET /v1/events (listEvents) */
  list(query?: types.ListEventsQuery, options?: CallOptions): Pages<SwitchyardEvent>
}

export type Exchanges = {
  /** Take a payment on one rail only if a payout on another is made. POST /v1/exchanges (createExchange) */
  create(body: types.CreateExchangeBody, options?: KeyedOptions): Promise<types.CreateExchangeAnswer>
  /** Where an exchange stands. GET /v1/exchanges/{id} (getExchange) */
  get(id: string, options?: CallOptions): Promise<types.Exchange>
  /** Newest first; a party sees its own. GET /v1/exchanges (listExchanges) */
  list(query?: types.ListExchangesQuery, options?: CallOptions): Pages<types.Exchange>
}

export type Intents = {
  /** Cancel an open intent. POST /v1/payment_intents/{id}/cancel (cancelPaymentIntent) */
  cancel(id: string, options?: KeyedOptions): Promise<types.PaymentIntent>
  /** Create an intent; answers offers over all rails, the one that costs all sides least first. POST /v1/payment_intents (createPaymentIntent) */
  create(body: types.CreatePaymentIntentBody, options?: KeyedOptions): Promise<types.PaymentIntent>
  /** One intent; to who is not its payee, what it takes to pay it. GET /v1/payment_intents/{id} (getPaymentIntent) */
  get(id: string, options?: CallOptions): Promise<types.GetPaymentIntentAnswer>
  /** Hand over a signed authorization that pays the intent; needs no key. POST /pay/{id}/authorization (handOverAuthorization) */
  handOver(id: string, body: types.HandOverAuthorizationBody, options?: CallOptions): Promise<types.HandedOver>
  /** Newest first; a party sees those that pay it. GET /v1/payment_intents (listPaymentIntents) */
  list(query?: types.ListPaymentIntentsQuery, options?: CallOptions): Pages<types.ListedPaymentIntent>
  /** A page to pay the intent on, in the language of the browser: QR codes, WebLN, browser wallets, bank. GET /pay/{id} (showPaymentPage) */
  page(id: string, options?: CallOptions): Promise<string>
  /** Pay from a balance, or hand over a signed authorization. POST /v1/payment_intents/{id}/pay (payPaymentIntent) */
  pay(id: string, body: types.PayPaymentIntentBody, options?: KeyedOptions): Promise<types.PayPaymentIntentAnswer>
}

export type Invoices = {
  /** Issue the invoice of a payment intent, under the next number of its payee. POST /v1/invoices (createInvoice) */
  create(body: types.CreateInvoiceBody, options?: KeyedOptions): Promise<types.Invoice>
  /** One invoice, and whether it is paid. GET /v1/invoices/{id} (getInvoice) */
  get(id: string, options?: CallOptions): Promise<types.Invoice>
  /** Newest first; a party sees those that it issued. GET /v1/invoices (listInvoices) */
  list(query?: types.ListInvoicesQuery, options?: CallOptions): Pages<types.Invoice>
  /** The e-invoice: UBL 2.1 by EN 16931. GET /v1/invoices/{id}.xml (getInvoiceXml) */
  xml(id: string, options?: CallOptions): Promise<string>
}

export type Keys = {
  /** Make a key, with fewer rights where wanted; its secret is in a header of this answer, this once. POST /v1/keys (createKey) */
  create(body: types.CreateKeyBody, options?: KeyedOptions): Promise<types.CreateKeyAnswer & { readonly api_key: string | null }>
  /** One key, without its secret. GET /v1/keys/{id} (getKey) */
  get(id: string, options?: CallOptions): Promise<types.Key>
  /** Keys in the order in which they were made, and of those that have ended the newest. GET /v1/keys (listKeys) */
  list(query?: types.ListKeysQuery, options?: CallOptions): Pages<types.Key>
  /** End a key at once; what it has begun goes on. POST /v1/keys/{id}/revoke (revokeKey) */
  revoke(id: string, options?: KeyedOptions): Promise<types.Key>
  /** Make another key of the same terms; the old one ends after an overlap. POST /v1/keys/{id}/rotate (rotateKey) */
  rotate(id: string, body?: types.RotateKeyBody, options?: KeyedOptions): Promise<types.NewKey & { readonly api_key: string | null }>
}

export type Ledger = {
  /** Every entry of a period as double entry in CSV, in accounts of the bookkeeper’s own. GET /v1/ledger/accounting (getAccountingJournal) */
  accounting(query: types.GetAccountingJournalQuery, options?: CallOptions): Promise<string>
  /** Accounts under a path, now or at a past time. GET /v1/ledger/balances (listLedgerBalances) */
  balances(query?: types.ListLedgerBalancesQuery, options?: CallOptions): Promise<types.ListLedgerBalancesAnswer>
  /** An entry with its legs. GET /v1/ledger/entries/{id} (getLedgerEntry) */
  entry(id: string, options?: CallOptions): Promise<types.LedgerEntry>
  /** Payments by a value of their metadata, newest first. GET /v1/ledger/payments (findLedgerPayments) */
  findPayments(query: types.FindLedgerPaymentsQuery, options?: CallOptions): Promise<types.FindLedgerPaymentsAnswer>
  /** The changes of an account, newest first. GET /v1/ledger/history (listLedgerHistory) */
  history(query: types.ListLedgerHistoryQuery, options?: CallOptions): Promise<types.ListLedgerHistoryAnswer>
  /** How far reads are behind the journal. GET /v1/ledger/lag (getLedgerLag) */
  lag(options?: CallOptions): Promise<types.LedgerLag>
  /** A payment with its facts and entries. GET /v1/ledger/payments/{id} (getLedgerPayment) */
  payment(id: string, options?: CallOptions): Promise<types.PaymentTrace>
  /** What was earned in a period, by where it came from, in each asset and in the reporting currency. GET /v1/ledger/profit (getProfit) */
  profit(query: types.GetProfitQuery, options?: CallOptions): Promise<types.Profit>
  /** Compare the ledger with itself and with every rail; 202 with how far it is while a long journal is read. GET /v1/verify (verifyBooks) */
  verify(options?: CallOptions): Promise<types.VerifyBooksAnswer>
}

export type Lightning = {
  /** On what terms a Lightning Address or LNURL of others can be paid; asks its server. GET /v1/lightning_destinations (getLightningDestination) */
  destination(query: types.GetLightningDestinationQuery, options?: CallOptions): Promise<types.LightningDestination>
  /** The Lightning node: channels, liquidity, what is stuck, how payments go. GET /v1/lightning (getLightningNode) */
  node(options?: CallOptions): Promise<types.LightningNode>
  /** What a payment would cost now; nothing is sent. POST /v1/lightning/quote (quoteLightningPayment) */
  quote(body: types.QuoteLightningPaymentBody, options?: CallOptions): Promise<types.LightningQuote>
  /** Send money of the node's own wallet to an address. POST /v1/lightning/withdrawals (createNodeWithdrawal) */
  withdraw(body: types.CreateNodeWithdrawalBody, options?: KeyedOptions): Promise<types.NodeWithdrawal>
  /** How far a withdrawal is. GET /v1/lightning/withdrawals/{id} (getNodeWithdrawal) */
  withdrawal(id: string, options?: CallOptions): Promise<types.NodeWithdrawal>
  /** Withdrawals, newest first, 100 at most. GET /v1/lightning/withdrawals (listNodeWithdrawals) */
  withdrawals(options?: CallOptions): Promise<types.ListNodeWithdrawalsAnswer>
}

export type LightningAddresses = {
  /** End an address; its name stays taken. POST /v1/lightning_addresses/{name}/close (closeLightningAddress) */
  close(name: string, options?: KeyedOptions): Promise<types.CloseLightningAddressAnswer>
  /** Give a party a name@host that it is paid under. POST /v1/lightning_addresses (createLightningAddress) */
  create(body: types.CreateLightningAddressBody, options?: KeyedOptions): Promise<types.LightningAddress>
  /** One address, with the latest payments to it. GET /v1/lightning_addresses/{name} (getLightningAddress) */
  get(name: string, options?: CallOptions): Promise<types.PaidLightningAddress>
  /** Newest first, all of them or the caller’s. GET /v1/lightning_addresses (listLightningAddresses) */
  list(query?: types.ListLightningAddressesQuery, options?: CallOptions): Pages<types.LightningAddress>
  /**
   * A BOLT 12 offer that pays the party, any amount, as often as anybody likes; always the same one. POST /v1/lightning_addresses/{name}/offer
   * (makeLightningOffer)
   */
  makeOffer(name: string, options?: CallOptions): Promise<types.LightningOffer>
}

export type Listings = {
  /** The documents by which a seller’s routes are found, made of what it sells. POST /v1/listings (makeListing) */
  publish(body: types.MakeListingBody, options?: CallOptions): Promise<types.Listing>
}

export type Lnurl = {
  /** By which keysend a Lightning Address can be paid. GET /.well-known/keysend/{name} (getKeysendTerms) */
  keysendTerms(name: string, options?: CallOptions): Promise<types.GetKeysendTermsAnswer>
  /** An invoice of a Lightning Address. GET /lnurl/pay/{name} (makeLnurlInvoice) */
  makeInvoice(name: string, query: types.MakeLnurlInvoiceQuery, options?: CallOptions): Promise<types.MakeLnurlInvoiceAnswer>
  /** A Lightning Address: on what terms it can be paid. GET /.well-known/lnurlp/{name} (getLnurlPayTerms) */
  payTerms(name: string, options?: CallOptions): Promise<types.GetLnurlPayTermsAnswer>
  /** Sign a login. GET /lnurl/auth (signLnurlLogin) */
  signLogin(query: types.SignLnurlLoginQuery, options?: CallOptions): Promise<types.SignLnurlLoginAnswer>
  /** Whether an invoice of a Lightning Address is paid (LUD-21). GET /lnurl/verify/{id} (verifyLnurlInvoice) */
  verifyInvoice(id: string, options?: CallOptions): Promise<types.VerifyLnurlInvoiceAnswer>
  /** Withdraw to an invoice. GET /lnurl/withdraw/{id}/pay (withdrawByLnurl) */
  withdraw(id: string, query: types.WithdrawByLnurlQuery, options?: CallOptions): Promise<types.WithdrawByLnurlAnswer>
  /** What can be withdrawn by a link. GET /lnurl/withdraw/{id} (getLnurlWithdrawTerms) */
  withdrawTerms(id: string, query: types.GetLnurlWithdrawTermsQuery, options?: CallOptions): Promise<types.GetLnurlWithdrawTermsAnswer>
}

export type Logins = {
  /** A challenge that a wallet signs; show its LNURL as a QR code. POST /v1/logins (createLogin) */
  create(body?: types.CreateLoginBody, options?: CallOptions): Promise<types.NewLogin>
  /** Whether it was signed, and by whom. GET /v1/logins/{k1} (getLogin) */
  get(k1: string, options?: CallOptions): Promise<types.Login>
}

export type Parties = {
  /** Register a party; its API key is in the header switchyard-api-key, this once. POST /v1/parties (createParty) */
  create(body: types.CreatePartyBody, options?: KeyedOptions): Promise<types.NewParty & { readonly api_key: string | null }>
  /** A party with its balances. GET /v1/parties/{id} (getParty) */
  get(id: string, options?: CallOptions): Promise<types.Party>
  /** Newest first, with balances; a party sees itself. GET /v1/parties (listParties) */
  list(query?: types.ListPartiesQuery, options?: CallOptions): Pages<types.Party>
  /** How a party wants its payouts to go. GET /v1/parties/{id}/routing_policy (getRoutingPolicy) */
  routingPolicy(id: string, options?: CallOptions): Promise<types.RoutingPolicy>
  /**
   * Say above what the payouts of a day need a person of the party beside the one who asks; null for never. POST /v1/parties/{id}/approvals
   * (setApprovalLimits)
   */
  setApprovalLimits(id: string, body: types.SetApprovalLimitsBody, options?: KeyedOptions): Promise<types.SetApprovalLimitsAnswer>
  /** Say how its payouts are to go, the whole of it; what is left out is said no more. POST /v1/parties/{id}/routing_policy (setRoutingPolicy) */
  setRoutingPolicy(id: string, body?: types.SetRoutingPolicyBody, options?: KeyedOptions): Promise<types.RoutingPolicy>
  /**
   * What its decisions of the last week would have come to under such a policy; nothing changes. POST /v1/parties/{id}/routing_policy/dry_run
   * (tryRoutingPolicy)
   */
  tryRoutingPolicy(id: string, body?: types.TryRoutingPolicyBody, options?: CallOptions): Promise<types.TryRoutingPolicyAnswer>
}

export type PaymentLinks = {
  /** Let people pay by it again. POST /v1/payment_links/{id}/activate (activatePaymentLink) */
  activate(id: string, options?: KeyedOptions): Promise<types.PaymentLink>
  /** Make a link by which many may pay, each an intent of his own. POST /v1/payment_links (createPaymentLink) */
  create(body?: types.CreatePaymentLinkBody, options?: KeyedOptions): Promise<types.PaymentLink>
  /** Let nobody begin to pay by it any more; who has begun may go on. POST /v1/payment_links/{id}/deactivate (deactivatePaymentLink) */
  deactivate(id: string, options?: KeyedOptions): Promise<types.PaymentLink>
  /** One payment link, and how often it was paid. GET /v1/payment_links/{id} (getPaymentLink) */
  get(id: string, options?: CallOptions): Promise<types.PaymentLink>
  /** Newest first; a party sees those that pay it. GET /v1/payment_links (listPaymentLinks) */
  list(query?: types.ListPaymentLinksQuery, options?: CallOptions): Pages<types.PaymentLink>
  /** A page to begin a payment on, in the language of the browser; works without script. GET /l/{id} (showPaymentLinkPage) */
  page(id: string, options?: CallOptions): Promise<string>
}

export type Payments = {
  /** What became of a payment, by the id of its receipt: held, collecting, settled, failed, refund_due or refunded. GET /v1/payments/{id} (getPayment) */
  get(id: string, options?: CallOptions): Promise<types.Payment>
  /** Paid requests and settled intents, newest first. GET /v1/payments (listPayments) */
  list(query?: types.ListPaymentsQuery, options?: CallOptions): Pages<types.Payment>
}

export type PayoutBatches = {
  /** Make no more payouts of it; what is a payout already goes on. POST /v1/payout_batches/{id}/cancel (cancelPayoutBatch) */
  cancel(id: string, options?: KeyedOptions): Promise<types.PayoutBatch>
  /** Pay up to ten thousand payees out of one balance; each row is judged by itself. POST /v1/payout_batches (createPayoutBatch) */
  create(body: types.CreatePayoutBatchBody, options?: KeyedOptions): Promise<types.CreatePayoutBatchAnswer>
  /** How far a batch is, perhaps at its end. GET /v1/payout_batches/{id} (getPayoutBatch) */
  get(id: string, query?: types.GetPayoutBatchQuery, options?: CallOptions): Promise<types.PayoutBatch>
  /** Batches of payouts, newest first; a party sees its own. GET /v1/payout_batches (listPayoutBatches) */
  list(query?: types.ListPayoutBatchesQuery, options?: CallOptions): Pages<types.PayoutBatch>
  /** By which rails a batch would be paid now, and what that costs; nothing is held, sent or kept. POST /v1/payout_batches/preview (previewPayoutBatch) */
  preview(body: types.PreviewPayoutBatchBody, options?: CallOptions): Promise<types.PayoutBatchPreview>
  /** The rows of a batch in the order in which they were sent. GET /v1/payout_batches/{id}/rows (listPayoutBatchRows) */
  rows(id: string, query?: types.ListPayoutBatchRowsQuery, options?: CallOptions): Pages<types.ListPayoutBatchRowsItem>
}

export type Payouts = {
  /** Do not pay it, while no rail has been told of it. POST /v1/payouts/{id}/cancel (cancelPayout) */
  cancel(id: string, options?: KeyedOptions): Promise<types.Payout>
  /** Pay out of a balance, or refund a surplus. POST /v1/payouts (createPayout) */
  create(body?: types.CreatePayoutBody, options?: KeyedOptions): Promise<types.CreatePayoutAnswer>
  /** End an attempt that its rail will not end, as what was found out elsewhere. POST /v1/payouts/{id}/attempts/{attempt}/outcome (endAttempt) */
  endAttempt(id: string, attempt: string, body: types.EndAttemptBody, options?: KeyedOptions): Promise<types.SuspenseAction>
  /** A payout with its attempts, perhaps at its end. GET /v1/payouts/{id} (getPayout) */
  get(id: string, query?: types.GetPayoutQuery, options?: CallOptions): Promise<types.Payout>
  /** Newest first, or those that their rail will not end. GET /v1/payouts (listPayouts) */
  list(query?: types.ListPayoutsQuery, options?: CallOptions): Pages<types.ListedPayout>
  /** Ask the bank for a payout back that has left. POST /v1/payouts/{id}/recalls (recallPayout) */
  recall(id: string, body: types.RecallPayoutBody, options?: KeyedOptions): Promise<types.Recall>
  /** How often a payout was asked back, and what was answered. GET /v1/payouts/{id}/recalls (listPayoutRecalls) */
  recalls(id: string, options?: CallOptions): Promise<types.ListPayoutRecallsAnswer>
}

export type Plans = {
  /** Make a plan: what is paid, and how often. POST /v1/plans (createPlan) */
  create(body: types.CreatePlanBody, options?: KeyedOptions): Promise<types.Plan>
  /** Let nobody new subscribe; who has goes on. POST /v1/plans/{id}/deactivate (deactivatePlan) */
  deactivate(id: string, options?: KeyedOptions): Promise<types.Plan>
  /** One plan. GET /v1/plans/{id} (getPlan) */
  get(id: string, options?: CallOptions): Promise<types.Plan>
  /** Newest first; a party sees those that pay it. GET /v1/plans (listPlans) */
  list(query?: types.ListPlansQuery, options?: CallOptions): Pages<types.Plan>
  /** Set another price, for periods that begin from now on. POST /v1/plans/{id}/price (repricePlan) */
  reprice(id: string, body: types.RepricePlanBody, options?: KeyedOptions): Promise<types.Plan>
}

export type Quotes = {
  /** Promise until a time what a payout costs and what its payee gets. POST /v1/quotes (createQuote) */
  create(body: types.CreateQuoteBody, options?: KeyedOptions): Promise<types.Quote>
  /** A quote, and the payout that it became. GET /v1/quotes/{id} (getQuote) */
  get(id: string, options?: CallOptions): Promise<types.Quote>
  /** Quotes, newest first; a party sees its own. GET /v1/quotes (listQuotes) */
  list(query?: types.ListQuotesQuery, options?: CallOptions): Pages<types.Quote>
}

export type Rails = {
  /** The rails and assets in use. GET /v1/rails (listRails) */
  list(options?: CallOptions): Promise<types.ListRailsAnswer>
}

export type Rates = {
  /** What each asset is worth in dollars now, and which exchanges say so. GET /v1/rates (listRates) */
  list(options?: CallOptions): Promise<types.ListRatesAnswer>
}

export type Receipts = {
  /** A signed receipt; whoever knows its id may read it. GET /v1/receipts/{id} (getReceipt) */
  get(id: string, options?: CallOptions): Promise<types.SignedReceipt>
}

export type Reconciliation = {
  /** Say which operator looks after a break. POST /v1/reconciliation/{id}/assign (assignBreak) */
  assign(id: string, body: types.AssignBreakBody, options?: KeyedOptions): Promise<types.Break>
  /** One break, with what would end it. GET /v1/reconciliation/{id} (getBreak) */
  get(id: string, options?: CallOptions): Promise<types.Break>
  /** What rails, the ledger and parties say at the end of a day, signed. GET /v1/reconciliation_proofs/{day} (getDayProof) */
  getDayProof(day: string, options?: CallOptions): Promise<types.DayProof>
  /** Breaks: what a rail shows and the ledger does not, or otherwise; newest first. GET /v1/reconciliation (listBreaks) */
  list(query?: types.ListBreaksQuery, options?: CallOptions): Pages<types.Break>
  /** End a break by an entry, or say why none is needed. POST /v1/reconciliation/{id}/resolve (resolveBreak) */
  resolve(id: string, body: types.ResolveBreakBody, options?: KeyedOptions): Promise<types.Break>
  /**
   * Read every statement that was not read yet and look at every other rail, now and not within the next minute. POST /v1/reconciliation/run
   * (runReconciliation)
   */
  run(options?: CallOptions): Promise<types.ReconciliationRun>
}

export type Refunds = {
  /** Take a refund back that nothing was paid of. POST /v1/refunds/{id}/cancel (cancelRefund) */
  cancel(id: string, options?: KeyedOptions): Promise<types.Refund>
  /** Say by its link where a refund goes. POST /v1/refunds/{id}/claim (claimRefund) */
  claim(id: string, body: types.ClaimRefundBody, options?: CallOptions): Promise<types.DueRefund>
  /** Give back what was paid, wholly or in part, over any rail. POST /v1/refunds (createRefund) */
  create(body?: types.CreateRefundBody, options?: KeyedOptions): Promise<types.CreateRefundAnswer & { readonly refund: string | null }>
  /** A refund by its id, with a key; or what is due by a link, and an LNURL-withdraw where an invoice fetches it. GET /v1/refunds/{id} (getDueRefund) */
  due(id: string, options?: CallOptions): Promise<types.GetDueRefundAnswer>
  /** Fetch it by an invoice of at most what is due (LUD-03). GET /v1/refunds/{id}/invoice (fetchDueRefund) */
  fetch(id: string, query: types.FetchDueRefundQuery, options?: CallOptions): Promise<types.FetchDueRefundAnswer>
  /** Refunds that were given, newest first. GET /v1/refunds (listRefunds) */
  list(query?: types.ListRefundsQuery, options?: CallOptions): Pages<types.Refund>
  /** A page on which a payer says where a refund goes, in the language of the browser; it needs no script. GET /claim/{id} (showClaimPage) */
  page(id: string, options?: CallOptions): Promise<string>
  /** Have it paid back to the account that paid; the same twice is one payment. POST /v1/refunds/{id} (sendDueRefund) */
  send(id: string, options?: CallOptions): Promise<types.DueRefund>
}

export type Routing = {
  /** What the next hour will cost on rails whose price moves, and how good such forecasts were. GET /v1/routing/forecast (getRoutingForecast) */
  forecast(options?: CallOptions): Promise<types.RoutingForecast>
  /** Which rails answer now, and how many calls to each are under way. GET /v1/routing/health (getRoutingHealth) */
  health(options?: CallOptions): Promise<types.RoutingHealth>
  /** What earlier tries have taught of how often each way pays. GET /v1/routing/learning (getRoutingLearning) */
  learning(options?: CallOptions): Promise<types.RoutingLearning>
  /** How routing does, in the text format of Prometheus. GET /v1/routing/metrics (getRoutingMetrics) */
  metrics(options?: CallOptions): Promise<string>
  /**
   * What came of each rail in each hour: chosen, sent, paid, and its cost beside the cheapest fee first. GET /v1/routing/performance
   * (listRoutingPerformance)
   */
  performance(query?: types.ListRoutingPerformanceQuery, options?: CallOptions): Promise<types.ListRoutingPerformanceAnswer>
  /** What a payout would be decided as now; nothing is sent. POST /v1/routing/simulate (simulateRouting) */
  simulate(body: types.SimulateRoutingBody, options?: CallOptions): Promise<types.Simulation>
}

export type Search = {
  /** What has this reference or id, of any kind; a party finds its own. GET /v1/search (search) */
  find(query: types.SearchQuery, options?: CallOptions): Promise<types.SearchAnswer>
}

export type Splits = {
  /** What a payer signs to open a voucher channel for a split, on each chain. GET /v1/splits/{id}/channel_terms (getChannelTerms) */
  channelTerms(id: string, options?: CallOptions): Promise<types.GetChannelTermsAnswer>
  /** Pay a payee its share out of the hub; the gateway pays the gas. POST /v1/splits/{id}/claims/{account} (claimShare) */
  claim(id: string, account: string, query?: types.ClaimShareQuery, options?: CallOptions): Promise<types.ShareClaim>
  /** Claim every channel's newest voucher into the split. POST /v1/splits/{id}/claim_vouchers (claimVouchers) */
  claimVouchers(id: string, query?: types.ClaimVouchersQuery, options?: CallOptions): Promise<types.VoucherClaims>
  /** Commit a table of payees and shares. POST /v1/splits (createSplit) */
  create(body: types.CreateSplitBody, options?: KeyedOptions): Promise<types.Split>
  /** A split with what each payee is owed on each chain. GET /v1/splits/{id} (getSplit) */
  get(id: string, options?: CallOptions): Promise<types.HeldSplit>
  /** Newest first; a party sees those that pay it. GET /v1/splits (listSplits) */
  list(query?: types.ListSplitsQuery, options?: CallOptions): Pages<types.Split>
  /** Move what its receivers hold into the hub. POST /v1/splits/{id}/sweep (sweepSplit) */
  sweep(id: string, query?: types.SweepSplitQuery, options?: CallOptions): Promise<types.SplitSweep>
}

export type StandingOrders = {
  /** Pay a balance out by a calendar, or when it is above a sum. POST /v1/standing_orders (createStandingOrder) */
  create(body: types.CreateStandingOrderBody, options?: KeyedOptions): Promise<types.StandingOrder>
  /** End it for good; what it has paid stays paid. POST /v1/standing_orders/{id}/end (endStandingOrder) */
  end(id: string, options?: KeyedOptions): Promise<types.StandingOrder>
  /** One order, when it runs next, and how its last run came out. GET /v1/standing_orders/{id} (getStandingOrder) */
  get(id: string, options?: CallOptions): Promise<types.StandingOrder>
  /** Newest first; a party sees its own. GET /v1/standing_orders (listStandingOrders) */
  list(query?: types.ListStandingOrdersQuery, options?: CallOptions): Pages<types.StandingOrder>
  /** Let it rest; nothing is paid later for the time between. POST /v1/standing_orders/{id}/pause (pauseStandingOrder) */
  pause(id: string, options?: KeyedOptions): Promise<types.StandingOrder>
  /** Let a paused one run again, from the next period on. POST /v1/standing_orders/{id}/resume (resumeStandingOrder) */
  resume(id: string, options?: KeyedOptions): Promise<types.StandingOrder>
}

export type Statements = {
  /** A party’s statement of a period: what it had, what moved, what it has; also as CSV, camt.053 and MT940. GET /v1/statements (getStatement) */
  get(query: types.GetStatementQuery, options?: CallOptions): Pages<types.StatementMovement, Page<types.StatementMovement> & types.Statement>
}

export type Subscriptions = {
  /** End it, by who pays or who is paid. POST /v1/subscriptions/{id}/cancel (cancelSubscription) */
  cancel(id: string, body?: types.CancelSubscriptionBody, options?: KeyedOptions): Promise<types.Subscription>
  /** Let it take what is due out of your balance; by its payer’s own key. POST /v1/subscriptions/{id}/consent (consentToSubscription) */
  consent(id: string, body: types.ConsentToSubscriptionBody, options?: KeyedOptions): Promise<types.ConsentToSubscriptionAnswer>
  /** Have a party, or whoever has its pages, pay by a plan. POST /v1/subscriptions (createSubscription) */
  create(body: types.CreateSubscriptionBody, options?: KeyedOptions): Promise<types.Subscription>
  /** One subscription, and the period that it is in. GET /v1/subscriptions/{id} (getSubscription) */
  get(id: string, options?: CallOptions): Promise<types.Subscription>
  /** Newest first; a party sees those that it is paid or pays by. GET /v1/subscriptions (listSubscriptions) */
  list(query?: types.ListSubscriptionsQuery, options?: CallOptions): Pages<types.Subscription>
  /** Let it rest: nothing is begun or taken until it is resumed. POST /v1/subscriptions/{id}/pause (pauseSubscription) */
  pause(id: string, options?: KeyedOptions): Promise<types.Subscription>
  /** Let it go on after a rest, or keep it from ending with its period. POST /v1/subscriptions/{id}/resume (resumeSubscription) */
  resume(id: string, options?: KeyedOptions): Promise<types.Subscription>
}

export type Suspense = {
  /** What was done by hand, by whom and why. GET /v1/suspense/actions/{id} (getSuspenseAction) */
  action(id: string, options?: CallOptions): Promise<types.SuspenseAction>
  /** Make the books follow what a rail says. POST /v1/suspense/adjust (adjustBooks) */
  adjust(body: types.AdjustBooksBody, options?: KeyedOptions): Promise<types.SuspenseAction>
  /** Agree, as another operator than the one who asked. POST /v1/suspense/actions/{id}/approve (approveSuspenseAction) */
  approve(id: string, options?: KeyedOptions): Promise<types.SuspenseAction>
  /** Give it to a party, or let it pay an intent. POST /v1/suspense/assign (assignSuspense) */
  assign(body: types.AssignSuspenseBody, options?: KeyedOptions): Promise<types.SuspenseAction>
  /** Take back what waits for a second operator. POST /v1/suspense/actions/{id}/cancel (cancelSuspenseAction) */
  cancel(id: string, options?: KeyedOptions): Promise<types.SuspenseAction>
  /** Money that arrived and has no owner yet, and whose it may be. GET /v1/suspense (listSuspense) */
  list(options?: CallOptions): Promise<types.Suspense>
  /** Send it back on the rail that costs least. POST /v1/suspense/refund (refundSuspense) */
  refund(body: types.RefundSuspenseBody, options?: KeyedOptions): Promise<types.SuspenseAction>
  /** Keep it as the operator’s own, under a name of its own. POST /v1/suspense/write-off (writeOffSuspense) */
  writeOff(body: types.WriteOffSuspenseBody, options?: KeyedOptions): Promise<types.SuspenseAction>
}

export type Test = {
  /** Put the clock forward, and the local world with it. POST /v1/test/clock/advance (advanceTestClock) */
  advance(body?: types.AdvanceTestClockBody, options?: KeyedOptions): Promise<types.TestClock>
  /** What time it is here. GET /v1/test/clock (getTestClock) */
  get(options?: CallOptions): Promise<types.TestClock>
}

export type WalletApps = {
  /** Connect an app to a party’s balance, with a budget. POST /v1/wallet_apps (createWalletApp) */
  create(body: types.CreateWalletAppBody, options?: KeyedOptions): Promise<types.CreateWalletAppAnswer>
  /** An app, with its connection, which is a secret, to who may make one. GET /v1/wallet_apps/{id} (getWalletApp) */
  get(id: string, options?: CallOptions): Promise<types.ShownWalletApp>
  /** Newest first, all of them or the caller’s. GET /v1/wallet_apps (listWalletApps) */
  list(query?: types.ListWalletAppsQuery, options?: CallOptions): Pages<types.WalletApp>
  /** End a connection; what was begun goes on. POST /v1/wallet_apps/{id}/revoke (revokeWalletApp) */
  revoke(id: string, options?: KeyedOptions): Promise<types.WalletApp>
}

export type WebhookEndpoints = {
  /** Change its URL, its types or its words; null takes away. PATCH /v1/webhook_endpoints/{id} (changeWebhookEndpoint) */
  change(id: string, body?: types.ChangeWebhookEndpointBody, options?: KeyedOptions): Promise<types.WebhookEndpoint>
  /** Have events brought to a receiver; its secret is in a header of this answer, this once. POST /v1/webhook_endpoints (createWebhookEndpoint) */
  create(body: types.CreateWebhookEndpointBody, options?: KeyedOptions): Promise<types.NewWebhookEndpoint & { readonly webhook_secret: string | null }>
  /** Delete it with what waits for it. DELETE /v1/webhook_endpoints/{id} (deleteWebhookEndpoint) */
  delete(id: string, options?: KeyedOptions): Promise<types.WebhookEndpoint>
  /** What it was brought, each event with its tries, the newest first. GET /v1/webhook_endpoints/{id}/deliveries (listWebhookDeliveries) */
  deliveries(id: string, query?: types.ListWebhookDeliveriesQuery, options?: CallOptions): Pages<types.Delivery>
  /** Bring nothing until it is enabled again; events wait. POST /v1/webhook_endpoints/{id}/disable (disableWebhookEndpoint) */
  disable(id: string, options?: KeyedOptions): Promise<types.WebhookEndpoint>
  /** Bring events again; what has waited is brought first. POST /v1/webhook_endpoints/{id}/enable (enableWebhookEndpoint) */
  enable(id: string, options?: KeyedOptions): Promise<types.WebhookEndpoint>
  /** One webhook endpoint. GET /v1/webhook_endpoints/{id} (getWebhookEndpoint) */
  get(id: string, options?: CallOptions): Promise<types.WebhookEndpoint>
  /** Webhook endpoints in the order in which they were made. GET /v1/webhook_endpoints (listWebhookEndpoints) */
  list(query?: types.ListWebhookEndpointsQuery, options?: CallOptions): Pages<types.WebhookEndpoint>
  /** Bring events again, from one to another; also those that have arrived. POST /v1/webhook_endpoints/{id}/replay (replayWebhookEvents) */
  replay(id: string, body: types.ReplayWebhookEventsBody, options?: KeyedOptions): Promise<types.WebhookEndpoint>
  /** Give it a new secret; the old one signs too for an overlap. POST /v1/webhook_endpoints/{id}/rotate_secret (rotateWebhookSecret) */
  rotateSecret(id: string, body?: types.RotateWebhookSecretBody, options?: KeyedOptions): Promise<types.NewWebhookEndpoint & { readonly webhook_secret: string | null }>
}

export type WithdrawLinks = {
  /** End a link; what was begun goes on. POST /v1/withdraw_links/{id}/cancel (cancelWithdrawLink) */
  cancel(id: string, options?: KeyedOptions): Promise<types.WithdrawLink>
  /** A link that lets its holder withdraw; the link is a secret. POST /v1/withdraw_links (createWithdrawLink) */
  create(body: types.CreateWithdrawLinkBody, options?: KeyedOptions): Promise<types.CreateWithdrawLinkAnswer>
  /** A link, with its secret to who may make one. GET /v1/withdraw_links/{id} (getWithdrawLink) */
  get(id: string, options?: CallOptions): Promise<types.ShownWithdrawLink>
  /** Newest first, without their secrets. GET /v1/withdraw_links (listWithdrawLinks) */
  list(query?: types.ListWithdrawLinksQuery, options?: CallOptions): Pages<types.WithdrawLink>
}

export type X402 = {
  /** What a payment costs its seller now, what is under way, and what of today is used up. GET /x402/account (getFacilitatorAccount) */
  account(options?: CallOptions): Promise<types.FacilitatorAccount>
  /** List a resource of yours, or say anew what it costs. POST /x402/listings (publishFacilitatedResource) */
  publish(body: types.PublishFacilitatedResourceBody, options?: CallOptions): Promise<types.ListedResource>
  /** What sellers who settle here sell. GET /x402/discovery/resources (listFacilitatedResources) */
  resources(query?: types.ListFacilitatedResourcesQuery, options?: CallOptions): Promise<types.ListFacilitatedResourcesAnswer>
  /** Settle a payment of x402 v2 on its chain, once; settlement_pending is asked again. POST /x402/settle (settleFacilitatedPayment) */
  settle(body: types.FacilitatorRequestInput, options?: CallOptions): Promise<types.FacilitatorSettlement>
  /** What is settled here, and by which accounts. GET /x402/supported (getFacilitatorKinds) */
  supported(options?: CallOptions): Promise<types.FacilitatorKinds>
  /** Whether a payment of x402 v2 is good to settle now (exact, EIP-3009). POST /x402/verify (verifyFacilitatedPayment) */
  verify(body: types.FacilitatorRequestInput, options?: CallOptions): Promise<types.FacilitatorVerification>
  /** Take a resource of yours off the list. DELETE /x402/listings (withdrawFacilitatedResource) */
  withdraw(query: types.WithdrawFacilitatedResourceQuery, options?: CallOptions): Promise<null>
}

/** Every operation of the API, by its resource. */
export type Resources = {
  readonly acts: Acts
  readonly admissions: Admissions
  readonly agents: Agents
  readonly approvals: Approvals
  readonly audit: Audit
  readonly balanceSheet: BalanceSheet
  readonly balances: Balances
  readonly channels: Channels
  readonly decisions: Decisions
  readonly deviceCodes: DeviceCodes
  readonly disputes: Disputes
  readonly events: Events
  readonly exchanges: Exchanges
  readonly intents: Intents
  readonly invoices: Invoices
  readonly keys: Keys
  readonly ledger: Ledger
  readonly lightning: Lightning
  readonly lightningAddresses: LightningAddresses
  readonly listings: Listings
  readonly lnurl: Lnurl
  readonly logins: Logins
  readonly parties: Parties
  readonly paymentLinks: PaymentLinks
  readonly payments: Payments
  readonly payoutBatches: PayoutBatches
  readonly payouts: Payouts
  readonly plans: Plans
  readonly quotes: Quotes
  readonly rails: Rails
  readonly rates: Rates
  readonly receipts: Receipts
  readonly reconciliation: Reconciliation
  readonly refunds: Refunds
  readonly routing: Routing
  readonly search: Search
  readonly splits: Splits
  readonly standingOrders: StandingOrders
  readonly statements: Statements
  readonly subscriptions: Subscriptions
  readonly suspense: Suspense
  readonly test: Test
  readonly walletApps: WalletApps
  readonly webhookEndpoints: WebhookEndpoints
  readonly withdrawLinks: WithdrawLinks
  readonly x402: X402
}
