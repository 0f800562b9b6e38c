import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Logger, pino } from 'pino'
import { readBolt11 } from '../adapters/lightning/bolt11.ts'
import { configuredRates } from '../adapters/rates/configuredRates.ts'
import { openStateFiles } from '../adapters/state/openStateFiles.ts'
import { authenticator } from '../gateway/api/http/authenticate.ts'
import type { ChainRail, Gateway } from '../gateway/api/http/context.ts'
import { createIdempotency } from '../gateway/api/http/idempotency.ts'
import { openBlockFeed } from '../gateway/audit/projection/blockFeed.ts'
import { receiptSigner } from '../gateway/audit/receipt/receipt.ts'
import { createVerify } from '../gateway/audit/reconcile/verify.ts'
import { heldPaymentIn } from '../gateway/exchange/takenBooking.ts'
import { createBooks } from '../gateway/ledger/books/createBooks.ts'
import { BTC, ETH, EUR, USD } from '../gateway/money/asset.ts'
import { money } from '../gateway/money/money.ts'
import { createParties, hashKey } from '../gateway/parties/party/parties.ts'
import { createSplits } from '../gateway/parties/party/splits.ts'
import { challengeKeys } from '../gateway/payins/challenge/challengeKeys.ts'
import { createCollections } from '../gateway/payins/claim/collections.ts'
import { createFindRequest } from '../gateway/payins/claim/findRequest.ts'
import { createPaidRequests } from '../gateway/payins/claim/paidRequests.ts'
import { recoverRequests } from '../gateway/payins/claim/recover.ts'
import { createRequestRecords, type RequestRecords } from '../gateway/payins/claim/requestRecords.ts'
import { createIntentRecords } from '../gateway/payins/intent/intentRecords.ts'
import { createIntents } from '../gateway/payins/intent/intents.ts'
import { refOf } from '../gateway/payins/intent/refOf.ts'
import { offerMaker } from '../gateway/payins/offer/makeOffers.ts'
import { openCapital } from '../gateway/payins/settlement/openCapital.ts'
import { payOwnInvoices } from '../gateway/payins/settlement/ownInvoices.ts'
import { createSettlementRecords } from '../gateway/payins/settlement/settlementRecords.ts'
import { watchSettlements } from '../gateway/payins/settlement/watch.ts'
import { createVoucherChannels } from '../gateway/payins/vouchers/voucherChannels.ts'
import { createPayouts } from '../gateway/payouts/payout/payouts.ts'
import { payoutPolicy } from '../gateway/payouts/payout/policy.ts'
import { createWithdrawals } from '../gateway/payouts/withdrawal/withdrawals.ts'
import type { Clock } from '../gateway/ports/clock.ts'
import type { InFlight } from '../gateway/ports/statement.ts'
import { authorizationNonce } from '../gateway/split/authorizationNonce.ts'
import type { GatewayConfig } from './config/config.ts'
import { assetTable } from './open/assetTable.ts'
import { journalReads } from './open/journalReads.ts'
import { openExchanges } from './open/openExchanges.ts'
import { openJournal } from './open/openJournal.ts'
import { openNetting } from './open/openNetting.ts'
import { openRails } from './open/openRails.ts'
import { openWallet } from './open/openWallet.ts'
import { payAddresses } from './open/payAddresses.ts'
import { receiptKey } from './open/receiptKey.ts'
import { serveApps } from './open/serveApps.ts'
import { uuidIds } from './open/uuidIds.ts'
import { startProjector } from './projector/startProjector.ts'

/** Told as the start goes on: a line a step. */
export type OnStep = (step: string) => void
export type OpenOptions = Readonly<{
  onStep?: OnStep
  /** Where what happens is written, for the operator. */
  logger?: Logger
  /** Called when the journal could not be written: the process must exit and replay. */
  onStop?: (error: unknown) => void
  /** Called when the rails are open, before anything is booked: the local network opens a channel to our node here. */
  railsOpen?: (rails: { lightningNodeId: string | undefined }) => Promise<void>
}>

/** The only place that knows every adapter: opens the rails and the books, replays, recovers, and hands back what the faces call. */
export async function openGateway(config: GatewayConfig, options: OpenOptions = {}): Promise<Gateway & { close: () => Promise<void> }> {
  const step = options.onStep ?? (() => undefined)
  const logger = options.logger ?? pino({ level: 'silent' })
  const log = (line: string) => logger.warn(line)
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  const clock: Clock = { now: () => Date.now() }
  const ids = uuidIds(clock)
  const assets = assetTable(config)
  const [bookAsset, ...otherTokens] = assets.tokens
  const { prices } = config
  const rates = configuredRates(
    [
      { asset: BTC, usd: prices.BTC },
      { asset: EUR, usd: prices.EUR },
      { asset: ETH, usd: prices.ETH },
      ...assets.tokens.map((asset) => ({ asset, usd: prices.USDC })),
    ],
    clock,
  )

  // First, because a standby must not touch the rails before it leads.
  const journal = await openJournal(config, { step, onLost: options.onStop ?? crash })
  const rails = await openRails(config, { clock, logger }).catch(async (error) => {
    await journal.close()
    throw error
  })
  step(`rails: ${rails.names.join(', ')}`)
  await options.railsOpen?.({ lightningNodeId: rails.lightning?.nodeId })
  const feed = await openBlockFeed(journal)
  const state = openStateFiles(join(config.dataDir, 'state'))
  // What rooms make of a fact rests on the assets in use too.
  const basis = JSON.stringify(assets.all)
  const books = createBooks({
    journal: feed.journal,
    clock,
    state,
    basis,
    limits: config.snapshotFacts === undefined ? {} : { factsBetween: config.snapshotFacts },
    warn: log,
    ...(options.onStop ? { onStop: options.onStop } : {}),
  })
  const { bank, chains } = rails
  const collectorOf = (rail: string) => chains.find((chain) => chain.rail === rail)
  const topUpReference = bank
    ? async (party: string) =>
        (await bank.offer({ amount: money(EUR, 10_000n), ref: refOf(party), expiresAt: 0, description: 'top up' })).reference
    : undefined
  const parties = createParties({ books, clock, ids, topUpReference })
  const splits = createSplits({ books, clock, ids, operator: chains[0]!.operator })
  const intentRecords = createIntentRecords(books, assets.of)
  const settlements = createSettlementRecords(books, assets.of)
  const requestRecords = createRequestRecords(books)
  const privateKeyPem = receiptKey(config.dataDir)
  const receipts = receiptSigner({ privateKeyPem, clock, ids })
  const reads = journalReads({ journal, books, projector: () => projector })
  const findRequest = createFindRequest({ books, view: requestRecords, factsAt: reads.factsAt, factsOf: reads.factsOf })
  const requests = createPaidRequests({ books, view: requestRecords, find: findRequest, receipts, clock, ids })
  const collections = createCollections({ books, view: requestRecords, collectorOf, clock, ids, log })
  const channels = createVoucherChannels({ books, view: settlements.channels, splits, chains, rates, receipts, clock, ids, log })
  const makeOffers = offerMaker({ receivers: rails.receivers, rates })
  const intents = createIntents({ books, view: intentRecords, makeOffers, rates, clock, ids, usd: USD, bookAsset })
  const own = {
    ...{ books, ids, clock, readInvoice: readBolt11, context: () => context },
    partyInvoice: (hash: string) => wallet.invoices.get(hash)?.invoice,
  }
  const senders = rails.senders.map((sender) => (sender.rail === 'lightning' ? payOwnInvoices(sender, own) : sender))
  const addresses = payAddresses(config, { senders, books, clock })
  const payouts = createPayouts({
    books,
    senders: addresses.senders,
    rates,
    clock,
    ids,
    usd: USD,
    policy: payoutPolicy,
    log: logger,
    onFatal: options.onStop ?? crash,
  })
  const wallet = openWallet(config, {
    receivers: rails.receivers,
    nodeId: rails.lightning?.nodeId,
    reusableOffers: rails.lightning && 'reusableOffer' in rails.lightning ? rails.lightning : undefined,
    books,
    payouts,
    rates,
    clock,
    ids,
    assetOf: assets.of,
  })
  const netting = openNetting({ books, payouts, clock, ids, logger, onFatal: options.onStop ?? crash })
  const { exchanges, exchangeRecords } = openExchanges(config, {
    ...{ books, holds: rails.lightning?.holds, payouts, intents, splits, rates, clock, ids, usd: USD, bookAsset, logger },
    onFatal: options.onStop ?? crash,
  })
  const withdrawals = createWithdrawals({
    ...{ books, wallet: rails.chainWallet, clock, ids, assetOf: assets.of, bookAsset, log: logger },
    onFatal: options.onStop ?? crash,
  })
  const idempotent = createIdempotency({ books, clock, factsAt: reads.factsAt })

  const replayed = await books.start()
  step(`journal: ${replayed.facts} facts after block ${replayed.restored} of ${replayed.seq} replayed, hash chain unbroken`)
  const assetOf = (ledger: number) => assets.all.find((asset) => asset.ledger === ledger)?.id ?? `ledger ${ledger}`
  const projector = await startProjector({
    dataDir: config.dataDir,
    feed,
    privateKeyPem,
    clock,
    assetOf,
    log: (line) => logger.error(line),
  })
  splits.onAdded((split) => {
    for (const chain of chains) chain.watchSplit(split.splitId)
  })
  channels.start(options.onStop ?? crash)
  await openCapital({ books, clock, ids, statements: rails.statements, bookAsset, others: [BTC, EUR, ...otherTokens] })
  const context = {
    intents: intentRecords,
    settlements,
    requests: requestRecords,
    parties,
    invoices: { partyOf: wallet.partyOf },
    keysends: wallet.keysends,
    splits,
    receipts,
    clock,
    bookAsset,
    heldPayment: heldPaymentIn(exchangeRecords),
  }
  const watching = watchSettlements({ books, context, receivers: rails.receivers, ids, factsAt: reads.factsAt, log })
  const recovered = await recoverRequests({ view: requestRecords, requests, collections })
  await payouts.resume()
  netting.start()
  exchanges.start()
  withdrawals.start()
  if (recovered.interrupted + recovered.collecting > 0)
    step(`recovered: ${recovered.interrupted} interrupted requests, ${recovered.collecting} authorizations to collect`)
  intents.start()
  const stopServingApps = serveApps(wallet, { clock, log })

  const inFlight = () => [...payouts.inFlight(), ...withdrawals.inFlight(), ...heldAuthorizations(requestRecords, chains)]
  const tables = () => splits.all().filter((split) => !split.house)
  const verify = createVerify({ books, tables, statements: rails.statements, chains, inFlight, now: () => clock.now() })

  return {
    ...{ books, clock, ids, usd: USD, bookAsset, assets: assets.all, rates, receivers: rails.receivers, chains },
    ...{
      authorizationNonce,
      parties,
      splits,
      makeOffers,
      intents,
      exchanges,
      netting,
      payouts,
      requests,
      requestRecords,
      findRequest,
      collections,
      channels,
      wallet,
      addresses,
      publicUrl: config.publicUrl,
      lightning: rails.lightning,
      withdrawals,
      settlements,
      receipts,
      projector,
      verify,
      idempotent,
    },
    async receiptOf(id) {
      const receipt = await reads.receipt(id)
      const inclusion = projector.audit.inclusion(id)
      return receipt && { ...receipts.sign(receipt), ...(inclusion === undefined ? {} : { inclusion }) }
    },
    answerOf: reads.answer,
    challengeKeys: challengeKeys({
      current: Buffer.from(config.challengeSecret),
      ...(config.previousChallengeSecret ? { previous: Buffer.from(config.previousChallengeSecret) } : {}),
    }),
    authenticate: authenticator({ operatorKeyHash: hashKey(config.operatorKey), parties }),
    problems: () => (bank?.problems() ?? []).map((p) => ({ rail: 'bank', what: p.what, detail: p.detail })),
    async close() {
      stopServingApps()
      intents.close()
      collections.close()
      channels.close()
      await exchanges.close()
      await withdrawals.close()
      await netting.close()
      await payouts.close()
      await watching.close()
      await Promise.allSettled(rails.closers.map((close) => close()))
      await books.close()
      await projector.close()
    },
  }
}

/** A step met what it cannot handle: fail, so that the next start replays and looks up. */
function crash(error: unknown): never {
  throw error
}

/** Authorizations that requests hold: the money comes to the receiver of its chain when they are collected. */
function heldAuthorizations(view: RequestRecords, chains: readonly ChainRail[]): InFlight[] {
  return view.heldKeys().flatMap((key) => {
    const request = view.byClaim(key)
    const chain = chains.find((c) => c.rail === request?.rail)
    if (!request || !chain) return []
    return [{ rail: chain.rail, place: 'receiver', what: 'authorization to collect', amount: money(chain.asset, request.units) }]
  })
}
