import { join } from 'node:path'
import { type Logger, pino } from 'pino'
import { openAnswerFiles } from '../adapters/answers/openAnswerFiles.ts'
import { readBolt11 } from '../adapters/lightning/bolt11.ts'
import { openPublicPost } from '../adapters/publicHttp/openPublicPost.ts'
import { openStateFiles } from '../adapters/state/openStateFiles.ts'
import type { Faces } from '../gateway/api/http/faces.ts'
import { openCallers } from '../gateway/api/openCallers.ts'
import { openApprovals } from '../gateway/approvals/openApprovals.ts'
import { openAudit } from '../gateway/audit/openAudit.ts'
import { openBlockFeed } from '../gateway/audit/projection/blockFeed.ts'
import { receiptSigner } from '../gateway/audit/receipt/receipt.ts'
import { takeProof } from '../gateway/audit/reconcile/takeProof.ts'
import { openDisputes } from '../gateway/disputes/openDisputes.ts'
import { openEvents } from '../gateway/events/openEvents.ts'
import { openWebhooks } from '../gateway/events/openWebhooks.ts'
import { openExchanges } from '../gateway/exchange/openExchanges.ts'
import { openFacilitator } from '../gateway/facilitator/openFacilitator.ts'
import { LIMITS, LIMITS_ON_ONE_MACHINE, openGuard } from '../gateway/guard/openGuard.ts'
import { createScreening, type Screen } from '../gateway/guard/screening/screening.ts'
import { openInvoices } from '../gateway/invoices/openInvoices.ts'
import { openLedger } from '../gateway/ledger/openLedger.ts'
import { parseAmount } from '../gateway/money/money.ts'
import { openOrders } from '../gateway/orders/openOrders.ts'
import { openParties } from '../gateway/parties/openParties.ts'
import { openPayins } from '../gateway/payins/openPayins.ts'
import { openPaymentLinks } from '../gateway/paymentLinks/openPaymentLinks.ts'
import { openPayouts, type PayoutsFace } from '../gateway/payouts/openPayouts.ts'
import type { CustomRail } from '../gateway/ports/customRail.ts'
import { openReconciliation } from '../gateway/reconciliation/openReconciliation.ts'
import { createToldMovements } from '../gateway/reconciliation/toldMovements.ts'
import { openRefunds } from '../gateway/refunds/openRefunds.ts'
import { openSessionReturns } from '../gateway/refunds/sessionReturns.ts'
import { openSubscriptions } from '../gateway/subscriptions/openSubscriptions.ts'
import { openSuspense } from '../gateway/suspense/openSuspense.ts'
import { createPlayPayer } from '../gateway/testMode/playPayer.ts'
import { openWallets } from '../gateway/wallets/openWallets.ts'
import type { GatewayConfig } from './config/config.ts'
import { streamThread } from './eventStreams/startStreams.ts'
import { openJournalCheck } from './journalCheck/openJournalCheck.ts'
import { agentsOf } from './open/agentsOf.ts'
import { approvalsOf } from './open/approvalsOf.ts'
import { challengeSecrets } from './open/challengeSecrets.ts'
import { facilitatorLimitsOf } from './open/facilitatorLimitsOf.ts'
import { feesOf } from './open/feesOf.ts'
import { openFirstDays } from './open/firstDaysOf.ts'
import { firstPrices } from './open/firstPrices.ts'
import { creditOf } from './open/holdingOf.ts'
import { journalReads } from './open/journalReads.ts'
import { ledgerProblems, processMemory } from './open/ledgerProblems.ts'
import { makeFolder } from './open/makeFolder.ts'
import { type OpenedGround, openGround } from './open/openGround.ts'
import { journalPlace, openJournal } from './open/openJournal.ts'
import { openRails } from './open/openRails.ts'
import { openWorth } from './open/openWorth.ts'
import { payAddresses } from './open/payAddresses.ts'
import { payoutLimitsOf } from './open/payoutLimitsOf.ts'
import { quotingOf } from './open/quotingOf.ts'
import { receiptKey } from './open/receiptKey.ts'
import { refuseUnfinished, restoredBooks, restoredProblem } from './open/restoredBooks.ts'
import { serveApps } from './open/serveApps.ts'
import { testModeOf } from './open/testModeOf.ts'
import { tolerancesOf } from './open/tolerancesOf.ts'
import { walletSettings } from './open/walletSettings.ts'
import { closeWings, startWings } from './open/wingOrder.ts'
import { openProjector } from './projector/openProjector.ts'
import { courierThread, webhookKey, webhookLog } from './webhooks/startWebhooks.ts'

/** Whose account a party's own table names where no chain is configured: nobody's. Its table is made anew when there is one. */
const NO_CHAIN = `0x${'0'.repeat(36)}dead` as const

/** Told as the start goes on: one line per step. */
type OnStep = (step: string) => void
export type OpenOptions = Readonly<{
  onStep?: OnStep
  /** Where what happens is written, for the operator. */
  logger?: Logger
  /** Called when the journal could not be written: the process must exit and replay. */
  onStop?: (error: unknown) => void
  /** Called when the rails are open, before anything is booked: the local network opens a channel to our node here. */
  railsOpen?: (rails: { lightningNodeId: string | undefined }) => Promise<void>
  /** Rails of the caller's own, open already, beside those of the configuration. They are closed with the gateway. */
  rails?: readonly CustomRail[]
  /** Your own check of a payer, before anything of it is held or collected; `screening` of the configuration says what is done where it does not answer. */
  screen?: Screen
}>

type Told = Readonly<{ logger: Logger; log: (line: string) => void; step: OnStep; onFatal: (error: unknown) => void }>
type Outside = Awaited<ReturnType<typeof openOutside>>
type Written = ReturnType<typeof openWritten>
type Wings = ReturnType<typeof openWings>

/** Opens what is outside, then the wings from the ground up; replays, recovers, and hands back one face for each wing. */
export async function openGateway(config: GatewayConfig, options: OpenOptions = {}): Promise<Faces & { close: () => Promise<void> }> {
  const logger = options.logger ?? pino({ level: 'silent' })
  const told: Told = {
    logger,
    log: (line) => logger.warn(line),
    step: options.onStep ?? (() => undefined),
    onFatal: options.onStop ?? crash,
  }
  refuseUnfinished(config.dataDir)
  makeFolder(config.dataDir)
  const ground = openGround(config)
  await firstPrices(ground, told)
  const outside = await openOutside(config, ground, { ...told, custom: options.rails ?? [] })
  await options.railsOpen?.({ lightningNodeId: outside.rails.lightning?.nodeId() })
  const written = openWritten(config, ground, outside, { ...told, onStop: options.onStop })
  const wings = openWings(config, ground, outside, written, { ...told, screen: options.screen })
  const { ledger, projector } = written
  const { clock } = ground
  const events = openEvents({ projector, books: ledger.books, clock, thread: streamThread({ dataDir: config.dataDir, log: told.log }) })
  const order = {
    books: ledger.books,
    live: ground.market.live,
    projector,
    rails: outside.rails,
    events,
    testMode: written.testMode,
    firstDays: written.firstDays,
    ...wings,
  }
  await startWings(order, told)
  ground.market.reference?.start(told.onFatal)
  const stopServingApps = serveApps(wings.wallets.wallet, { clock: ground.clock, log: told.log })
  return {
    ...facesOf(config, ground, outside, written, wings),
    events,
    async close() {
      stopServingApps()
      await ground.market.live?.close()
      await ground.market.reference?.close()
      await written.journalCheck.close()
      await closeWings(order)
    },
  }
}

/** The journal first, because a standby must not touch the rails before it leads. */
async function openOutside(
  config: GatewayConfig,
  ground: OpenedGround,
  { step, logger, onFatal, custom }: Told & Readonly<{ custom: readonly CustomRail[] }>,
) {
  const journal = await openJournal(config, { step, onLost: onFatal })
  const rails = await openRails(config, { clock: ground.clock, logger, custom }).catch(async (error) => {
    await journal.close()
    throw error
  })
  step(`rails: ${rails.names.join(', ')}`)
  return { rails, feed: await openBlockFeed(journal), restored: restoredBooks(config.dataDir) }
}

/** What is written, and how it is read back: the ledger, the projector behind it, and receipts. */
function openWritten(
  config: GatewayConfig,
  ground: OpenedGround,
  { feed }: Outside,
  told: Told & Readonly<{ onStop: OpenOptions['onStop'] | undefined }>,
) {
  const { dataDir, snapshotFacts } = config
  const ledger = openLedger(ground, {
    journal: feed.journal,
    state: openStateFiles(join(dataDir, 'state')),
    limits: snapshotFacts === undefined ? {} : { factsBetween: snapshotFacts },
    warn: told.log,
    ...(told.onStop ? { onStop: told.onStop } : {}),
  })
  const { clock, ids, assetOfLedger: assetOf } = ground
  const privateKeyPem = receiptKey(dataDir)
  const projector = openProjector({
    dataDir,
    feed,
    privateKeyPem,
    clock,
    assetOf,
    log: (line) => told.logger.error(line),
    logLevel: told.logger.level,
  })
  return {
    ledger,
    projector,
    journalCheck: openJournalCheck(journalPlace(config), ledger.books),
    reads: journalReads({ books: ledger.books, projector, factsAt: ledger.factsAt }),
    receipts: receiptSigner({ privateKeyPem, clock, ids }),
    testMode: testModeOf(config, ground, ledger),
    firstDays: openFirstDays(config, ground, ledger),
  }
}

/** The wings that move money, from the ground up. Nothing runs yet: each says first what it remembers of the journal's facts. */
function openWings(
  config: GatewayConfig,
  ground: OpenedGround,
  { rails, restored }: Outside,
  { ledger, reads, receipts, projector, firstDays }: Written,
  told: Told & Readonly<{ screen: Screen | undefined }>,
) {
  const { books } = ledger
  const { logger: log, onFatal } = told
  ground.market.live?.remember(books)
  const secrets = challengeSecrets(config)
  const parties = openParties(ground, { books, operator: rails.chains[0]?.operator ?? NO_CHAIN, topUpReference: rails.topUpReference })
  const moved = createToldMovements({ books, clock: ground.clock })
  const payins = openPayins(ground, {
    ...ledger,
    ...parties,
    receipts,
    ...reads,
    answers: openAnswerFiles(join(config.dataDir, 'answers'), { clock: ground.clock, log: told.log }),
    ...payinParts(config, ground, { ...rails, firstDays }),
    receivers: rails.receivers.map(moved.beside),
    screening: told.screen && createScreening({ ...config.screening, screen: told.screen, log: told.log }),
    secrets,
    log: told.log,
  })
  const { arrivals, intents } = payins
  const addresses = payAddresses(config, { senders: rails.senders.map(payins.payingOwn), books, clock: ground.clock })
  const payouts = openPayouts(ground, {
    books,
    senders: addresses.senders,
    ...payoutParts(config, { rails, restored }),
    firstDays,
    arrivals,
    log,
    onFatal,
  })
  const exchanges = openExchanges(ground, {
    books,
    holds: rails.lightning?.holds,
    payouts: payouts.payouts,
    intents,
    splits: parties.splits,
    arrivals,
    secrets,
    log,
    onFatal,
  })
  const { findPayment } = payins
  const sales = salesOf(ground, { books, intents, splits: parties.splits, receipts, findPayment, log, onFatal })
  const wallets = openWallets(ground, { ...walletSettings(config, rails), books, payouts: payouts.payouts, addresses, arrivals })
  const seen = { inFlight: () => [...payouts.inFlight(), ...payins.inFlight()], told: moved, projector, receipts }
  const hands = openHands(config, ground, { ...payins, ...parties, ...seen, books, rails, payouts: payouts.payouts, log, onFatal })
  const agreed = openAgreed(config, ground, { ...payouts, books })
  const refunds = openRefunds(ground, { ...payins, ...payouts, ...reads, ...refundParts(config, ground), books, log, onFatal })
  const disputes = openDisputes({ refunds, limits: agreed.approvals.limits, unanswered: config.disputes.unanswered, onFatal })
  const back = { refunds, disputes, returns: openSessionReturns({ deposits: payins.passes.deposits, refunds, log: told.log }) }
  const guard = guardOf(config, ground, told)
  const facilitator = facilitatorOf(config, ground, { books, chains: rails.chains, codeQuestion: guard.codeQuestion, log: told.log })
  const webhooks = webhooksOf(config, ground, { books, log: told.log, onFatal })
  const callers = openCallers(ground, { ...config, publicUrl: config.publicUrl, ...ledger, parties })
  return { parties, payins, payouts, ...agreed, exchanges, facilitator, ...hands, ...back, wallets, webhooks, guard, callers, ...sales }
}

/** What pay-ins are told of the outside and of the configuration. */
function payinParts(config: GatewayConfig, { otherAssets }: OpenedGround, o: Outside['rails'] & Pick<Written, 'firstDays'>) {
  const { statements, chains, firstDays } = o
  return { statements, chains, otherAssets, firstDays, readInvoice: readBolt11, ...creditOf(config) }
}

/** What payouts are told of them. */
function payoutParts(config: GatewayConfig, { rails: { bank, chainWallet, schedules }, restored }: Pick<Outside, 'rails' | 'restored'>) {
  return {
    fees: feesOf(config.fees),
    limits: payoutLimitsOf(config.payouts),
    quoting: quotingOf(config.payouts),
    restoredFrom: restored?.madeAt,
    readInvoice: readBolt11,
    chainWallet,
    recallers: bank ? [bank] : [],
    schedules,
    feeLists: config.payouts?.feeLists ?? {},
  }
}

type Hands = Omit<Parameters<typeof openSuspense>[1], 'aloneMax'> &
  Pick<Outside, 'rails'> &
  Pick<Written, 'projector' | 'receipts'> &
  Pick<Parameters<typeof openReconciliation>[1]['moving'], 'told' | 'inFlight'>

/** What an operator does by hand about money of nobody, and about what differs between a rail and the ledger. */
function openHands(config: GatewayConfig, ground: OpenedGround, { rails, told, inFlight, projector, receipts, ...o }: Hands) {
  const suspense = openSuspense(ground, { ...o, aloneMax: parseAmount(config.suspense.aloneUsdMax, ground.usd) })
  const { books, log, onFatal } = o
  const moving = { statements: rails.statements, payouts: o.payouts, told, inFlight }
  const sides = { books, statements: rails.statements, inFlight, projector, now: () => ground.clock.now() }
  const proofNow = async (day: string) => receipts.signProof(await takeProof(sides, day))
  const tolerances = tolerancesOf(config, ground.assets)
  const compared = { moving, proofNow, closing: rails.closing, tolerances, books, suspense, log, onFatal }
  return { suspense, reconciliation: openReconciliation(ground, compared) }
}

/** What waits for another person, and what is paid out by a calendar under the same limits. */
function openAgreed(config: GatewayConfig, ground: OpenedGround, o: Pick<Written['ledger'], 'books'> & Pick<PayoutsFace, 'payouts'>) {
  const approvals = openApprovals(ground, { ...approvalsOf(config), books: o.books, payouts: o.payouts })
  return { approvals, orders: openOrders(ground, { books: o.books, payouts: o.payouts, approvals }) }
}

/** What may be asked here, by whom and how often. */
function guardOf(config: GatewayConfig, ground: OpenedGround, { logger, log }: Pick<Told, 'logger' | 'log'>) {
  return openGuard(ground, {
    limits: config.network === 'local' ? LIMITS_ON_ONE_MACHINE : LIMITS,
    onRefused: (refused) => logger.warn({ refused }, 'requests were refused: more waits than can be done in time'),
    agents: agentsOf(config, { clock: ground.clock, log }),
  })
}

/** What is sold again and again, by links and by the calendar; and what is said of it on paper. */
function salesOf(ground: OpenedGround, o: Parameters<typeof openSubscriptions>[1] & Parameters<typeof openInvoices>[1]) {
  return { paymentLinks: openPaymentLinks(ground, o), ...openSubscriptions(ground, o), invoices: openInvoices(ground, o) }
}

/** Settles for the x402 servers of others, within what the configuration lets a seller have. */
function facilitatorOf(config: GatewayConfig, ground: OpenedGround, o: Omit<Parameters<typeof openFacilitator>[1], 'limits'>) {
  const { books, chains, codeQuestion, log } = o
  return openFacilitator(ground, { books, chains, limits: facilitatorLimitsOf(config.facilitator), codeQuestion, log })
}

/** What the operator bears of refunds besides their fees, and who reads invoices. */
function refundParts({ refunds }: GatewayConfig, { usd }: OpenedGround) {
  return { readInvoice: readBolt11, reserveDayUnits: parseAmount(refunds?.reservePartyDayUsd ?? '0', usd).units }
}

/** Events brought to receivers: on a local network anywhere, elsewhere to public addresses alone. */
function webhooksOf(
  { network, dataDir }: GatewayConfig,
  ground: OpenedGround,
  o: Pick<Written['ledger'], 'books'> & Pick<Told, 'log' | 'onFatal'>,
) {
  const localHosts = network === 'local' ? 'all' : []
  return openWebhooks(ground, {
    books: o.books,
    http: openPublicPost({ localHosts }),
    key: webhookKey(dataDir),
    thread: courierThread({ dataDir, localHosts, aheadS: ground.testClock?.shared, log: o.log }),
    log: webhookLog(dataDir),
    onFatal: o.onFatal,
  })
}

/** What routes are handed. */
function facesOf(
  { network }: GatewayConfig,
  ground: OpenedGround,
  { rails, restored }: Outside,
  written: Written,
  wings: Wings,
): Omit<Faces, 'events'> {
  const { ledger, projector, reads, receipts } = written
  const { splits } = wings.parties
  const audit = openAudit(ground, {
    books: ledger.books,
    journal: written.journalCheck,
    projector,
    receipts,
    receipt: reads.receiptOf,
    updates: reads.updates,
    statements: rails.statements,
    chains: rails.chains,
    waiting: wings.payins.settlements.unmatched,
    reserved: wings.disputes.reserved,
    tables: () => splits.all().filter((split) => !split.house),
    inFlight: [wings.payouts.inFlight, wings.payins.inFlight],
  })
  const { contradictions } = wings.payouts.payouts
  const problems = () => [
    ...restoredProblem(restored),
    ...rails.problems(),
    ...ground.market.problems(),
    ...contradictions(),
    ...wings.payins.x402Channels.problems(),
    ...wings.payins.shareClaims.problems(),
    ...ledgerProblems(ledger.books.limits(), processMemory()),
  ]
  return {
    ground,
    rates: ground.market,
    valuation: ground.market.valuation,
    worthThen: openWorth(ground.market, projector.reads),
    ledger,
    audit,
    testMode: written.testMode && {
      clock: written.testMode.clock,
      play: createPlayPayer({ clock: written.testMode.clock, world: written.testMode.world, intents: wings.payins.intents }),
    },
    ...wings,
    operations: { network, lightning: rails.lightning, rails: rails.states, problems },
  }
}

/** A step met what it cannot handle: fail, so that the next start replays and looks up. */
function crash(error: unknown): never {
  throw error
}
