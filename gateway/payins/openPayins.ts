import type { Receipt, ReceiptSigner } from '../audit/receipt/receipt.ts'
import type { HeadOf } from '../audit/receipt/receiptChain.ts'
import type { FirstDays } from '../guard/firstDays/firstDays.ts'
import type { Screening } from '../guard/screening/screening.ts'
import type { LedgerFace } from '../ledger/openLedger.ts'
import type { Asset } from '../money/asset.ts'
import { money } from '../money/money.ts'
import type { PartiesFace } from '../parties/openParties.ts'
import type { Ground } from '../ports/ground.ts'
import type { Hex } from '../ports/ids.ts'
import type { InvoiceReader } from '../ports/invoiceReader.ts'
import type { KeptAnswers } from '../ports/keptAnswers.ts'
import type { EvmRailName, RailName } from '../ports/railName.ts'
import type { Collector, OpenCollector, Receiver, SplitOperator } from '../ports/receiver.ts'
import type { Sender } from '../ports/sender.ts'
import type { SpendingView } from '../ports/spendingView.ts'
import type { InFlight, Statement } from '../ports/statement.ts'
import type { VoucherChannelOperator } from '../ports/voucherChannels.ts'
import type { X402ChannelOperator } from '../ports/x402Channels.ts'
import { type ChallengeKeys, challengeKeys } from './challenge/challengeKeys.ts'
import { type Admission, createAdmission } from './claim/admission.ts'
import { createAnswerDeadlines } from './claim/answerDeadlines.ts'
import { type Collections, createCollections } from './claim/collections.ts'
import { createFindRequest, type FindRequest, type PlacedFact } from './claim/findRequest.ts'
import { type Answer, asCharged } from './claim/paidRequest.ts'
import { createPaidRequests, type PaidRequests } from './claim/paidRequests.ts'
import { recoverRequests } from './claim/recover.ts'
import { createRequestRecords, type RequestRecords } from './claim/requestRecords.ts'
import { createRunningClaims } from './claim/runningClaims.ts'
import { createDust } from './exposure/dust.ts'
import { createExposure } from './exposure/exposure.ts'
import type { ExposureLimits } from './exposure/limits.ts'
import { createIntentRecords } from './intent/intentRecords.ts'
import { createIntents, type Intents } from './intent/intents.ts'
import { type MakeOffers, offerMaker } from './offer/makeOffers.ts'
import { onlyOurTables } from './offer/onlyOurTables.ts'
import { createPasses, type Passes } from './pass/passes.ts'
import { createPassRecords } from './pass/passRecords.ts'
import type { SignJws } from './proof/x402Receipt.ts'
import { createRegimeAdvice, type RegimeAdvice } from './regime/advice.ts'
import type { HoldPolicy } from './regime/collectWhen.ts'
import { createCostsNow } from './regime/costsNow.ts'
import { createSessions, type Sessions } from './session/sessions.ts'
import { givenToIntent } from './settlement/arrival.ts'
import { type ArrivalOwners, createArrivalOwners } from './settlement/arrivalOwners.ts'
import type { BookingContext, Target } from './settlement/bookingContext.ts'
import { openCapital, openCapitalOf } from './settlement/openCapital.ts'
import { payOwnInvoices } from './settlement/ownInvoices.ts'
import { createSettlementRecords, type SettlementRecords } from './settlement/settlementRecords.ts'
import { watchSettlements } from './settlement/watch.ts'
import { createShareClaims, type ShareClaims } from './shareClaims/shareClaims.ts'
import { createStatusReader, type FindPayment } from './status/statusReader.ts'
import { createShownVouchers } from './vouchers/shownVouchers.ts'
import { createVoucherChannels, type VoucherChannels } from './vouchers/voucherChannels.ts'
import { openX402Channels, type X402Channels } from './x402channels/openX402Channels.ts'

/** One chain as pay-ins use it: what is collected, split and channelled there. */
export type ChainRail = Readonly<{ rail: EvmRailName; asset: Asset }> &
  SplitOperator &
  Collector &
  OpenCollector &
  VoucherChannelOperator &
  X402ChannelOperator &
  SpendingView &
  Readonly<{ watchSplit: (splitId: Hex) => void }>

/** What the pay-ins' wing shows. */
export type PayinsFace = Readonly<{
  receivers: readonly Receiver[]
  /** The chains that money can be collected on and split on, the one of the asset of balances first. */
  chains: readonly ChainRail[]
  challengeKeys: ChallengeKeys
  /** Signs for who reads other protocols' receipts. */
  signJws: SignJws
  makeOffers: MakeOffers
  intents: Intents
  settlements: SettlementRecords
  /** What it means to an intent that money of suspense was for it. */
  givenToIntent: (o: Parameters<typeof givenToIntent>[0]) => Target | undefined
  requestRecords: Pick<RequestRecords, 'exceptions'>
  /** The request that a proof has paid for, however old. */
  findRequest: FindRequest
  /** What became of a payment, by the id of its receipt. */
  findPayment: FindPayment
  /** Claims a payment, lets its work run once, keeps the answer: for the routes of this process and for sellers elsewhere. */
  admission: Admission
  /** Where answers go that are too long for the journal; undefined where nothing is kept but in memory. */
  answers: KeptAnswers | undefined
  /** Tokens that are good for many requests. */
  passes: Pick<Passes, 'use' | 'find' | 'hasRoom' | 'deposits'>
  collections: Pick<Collections, 'failures' | 'stepOf'>
  /** Which way to settle is best for who asks. */
  regimes: RegimeAdvice
  channels: VoucherChannels
  sessions: Sessions
  /** What contracts owe to payees without an account, on its way to their balances. */
  shareClaims: Pick<ShareClaims, 'stateOf' | 'problems'>
  /** Payments by channels at x402's contract. */
  x402Channels: X402Channels
}>

/** What wings above need of it while the house is put together, and who starts it. */
export type OpenedPayins = PayinsFace &
  Readonly<{
    /** Where wings above say that an arrival is theirs. */
    arrivals: ArrivalOwners
    /** The sender, but that what it would pay to one of our own invoices is paid in the books. */
    payingOwn: (sender: Sender) => Sender
    /** Authorizations that requests hold: the money comes to the receiver of its chain when they are collected. */
    inFlight: () => InFlight[]
    /** After the books have started: books what rails report, gives back what was interrupted, collects what is owed. */
    start: (onFatal: (error: unknown) => void) => Promise<Readonly<{ interrupted: number; collecting: number }>>
    /** From now on intents end by their time. Until then a payment made in time, which a rail is late to tell of, still settles its intent. */
    expireIntents: () => void
    /** Begins nothing more by itself: no expiry, collection or claim of vouchers. */
    stop: () => void
    /** Books nothing more that rails report; resolves when what is being booked is. */
    close: () => Promise<void>
  }>

type Parts = LedgerFace &
  PartiesFace &
  Readonly<{
    receipts: ReceiptSigner
    /** What was said of a receipt since, from the read model; throws `reads_behind`. */
    factsOf: (receipt: string) => Promise<readonly PlacedFact[]>
    /** A receipt as it was issued, from the read model; throws `reads_behind`. */
    receiptOf: (id: string) => Promise<Receipt | undefined>
    headOf: HeadOf
    /** The answer that was given to a request, from the block in which it became durable. */
    answerOf: (seq: number, receipt: string) => Promise<Answer | undefined>
    answers?: KeptAnswers | undefined
    receivers: readonly Receiver[]
    statements: readonly Readonly<{ rail: RailName; statement: Statement }>[]
    chains: readonly ChainRail[]
    /** Assets besides the one of balances that are converted to and from it. */
    otherAssets: readonly Asset[]
    readInvoice: InvoiceReader
    /** What answers may be worth whose money has not come. */
    exposure: ExposureLimits
    /** How long what may be collected waits for company. */
    holding: HoldPolicy
    /** What gas may cost a day above what it brings, in units of USD. */
    dustUnits: bigint
    /** The operator's own check of payers. */
    screening?: Screening | undefined
    secrets: Parameters<typeof challengeKeys>[0]
    /** What a gateway's first days allow. */
    firstDays: Pick<FirstDays, 'admitIntent'>
    log: (line: string) => void
  }>

/** Money in: from an offer to a settlement that is booked. Call it before the books start. */
export function openPayins(ground: Ground, o: Parts): OpenedPayins {
  const { clock, ids, rates, usd, bookAsset } = ground
  const { books, splits, receipts, chains, screening, log } = o
  const receivers = o.receivers.filter(({ paysOutOnly }) => !paysOutOnly).map((receiver) => onlyOurTables(receiver, splits))
  const [intentRecords, settlements] = [createIntentRecords(books, ground.assetOf), createSettlementRecords(books, ground.assetOf)]
  const requestRecords = createRequestRecords(books)
  const findRequest = createFindRequest({ books, records: requestRecords, factsAt: o.factsAt, factsOf: o.factsOf })
  const exposure = createExposure({ books, clock, ids, usd, limits: o.exposure })
  const requests = createPaidRequests({ ...o, ...splits, exposure, records: requestRecords, find: findRequest, rates, clock, ids })
  const chainOf = (rail: string) => chains.find((chain) => chain.rail === rail)
  const costs = createCostsNow({ chainOf, rates, usd })
  const holding = { policy: o.holding, costOf: costs.collection }
  const collections = createCollections({ books, records: requestRecords, collectorOf: chainOf, clock, ids, log, holding })
  const dust = createDust({ books, clock, ids, usd, dayUnits: o.dustUnits, costOf: costs.ofOne })
  const running = createRunningClaims()
  const passes = createPasses({ ...o, ground, records: createPassRecords(books), settlements })
  const overChannels = openChannels(ground, o, { records: settlements.channels, findRequest })
  const makeOffers = offerMaker({ receivers, rates, clock, bookAsset, together: costs.ofOne })
  const intents = createIntents({ ...o, records: intentRecords, makeOffers, rates, clock, ids, usd, bookAsset })
  const arrivals = createArrivalOwners()
  const context: BookingContext = {
    intents: intentRecords,
    settlements,
    requests: requestRecords,
    parties: o.parties,
    invoices: arrivals,
    keysends: { ownerOf: arrivals.keysendOwner },
    heldPayment: arrivals.heldPayment,
    returnedPayout: arrivals.returnedPayout,
    splits,
    receipts,
    clock,
    bookAsset,
    settledLegs: exposure.settledLegs,
    headOf: o.headOf,
  }
  const rooms = { requests, requestRecords, collections, findRequest, running, exposure, dust, clock }
  const admission = createAdmission({ ...rooms, answerOf: o.answerOf, answers: o.answers, spendingOf: chainOf, screening })
  const deadlines = createAnswerDeadlines({ records: requestRecords, cutOff: admission.cutOff, clock, log })
  const { channels, x402Channels, shareClaims } = overChannels
  const of = { ...rooms, channels: [channels, x402Channels], shareClaims, passes, context, deadlines, intents, ground }
  const started = startedPayins({ ...o, ...of })

  return {
    receivers,
    chains,
    challengeKeys: challengeKeys(o.secrets),
    signJws: receipts.jws,
    makeOffers,
    intents,
    settlements,
    givenToIntent: (o) => givenToIntent(o, context),
    requestRecords,
    findRequest,
    findPayment: createStatusReader({ books, assetOf: ground.assetOf, bookAsset, receiptOf: o.receiptOf, factsOf: o.factsOf }),
    admission,
    answers: o.answers,
    passes,
    collections,
    regimes: createRegimeAdvice(costs),
    ...overChannels,
    arrivals,
    payingOwn: (sender) => {
      const own = { books, ids, clock, readInvoice: o.readInvoice, context, partyInvoice: arrivals.ownInvoice }
      return sender.rail === 'lightning' ? payOwnInvoices(sender, own) : sender
    },
    inFlight: () => heldAuthorizations(requestRecords, chains),
    ...started,
  }
}

/** Channels of the hub and of x402, what is sold over them, and what the hub owes to payees in the books. */
function openChannels(
  { clock, ids, rates }: Ground,
  { books, chains, splits, receipts, log }: Parts,
  { records, findRequest }: Readonly<{ records: VoucherChannels['records']; findRequest: FindRequest }>,
): Pick<PayinsFace, 'channels' | 'sessions' | 'x402Channels'> & Readonly<{ shareClaims: ShareClaims }> {
  const shown = createShownVouchers({ books, clock })
  const channels = createVoucherChannels({ books, records, splits, chains, rates, receipts, clock, ids, shown, log })
  const { accept, close, shownUpTo } = channels
  return {
    channels,
    sessions: createSessions({ books, records, accept, close, shownUpTo, chains }),
    x402Channels: openX402Channels({ books, chains, findRequest, rates, clock, ids, shown, log }),
    shareClaims: createShareClaims({ books, splits, chains, rates, clock, ids, log }),
  }
}

/** What runs once the books have started, and how it ends. */
function startedPayins(
  o: Pick<Parts, 'books' | 'splits' | 'chains' | 'statements' | 'receivers' | 'factsAt' | 'otherAssets' | 'log' | 'answers'> &
    Pick<PayinsFace, 'intents'> &
    Readonly<{
      channels: readonly Pick<VoucherChannels, 'start' | 'stop'>[]
      requestRecords: RequestRecords
      requests: PaidRequests
      collections: Collections
      ground: Ground
      context: BookingContext
    }> &
    Readonly<{ deadlines: ReturnType<typeof createAnswerDeadlines>; passes: Passes; shareClaims: ShareClaims }>,
): Pick<OpenedPayins, 'start' | 'expireIntents' | 'stop' | 'close'> {
  const { books, splits, chains, channels, collections, deadlines, intents, ground } = o
  const { clock, ids, bookAsset } = ground
  let watching: ReturnType<typeof watchSettlements> | undefined
  let ending: Promise<void> | undefined
  return {
    async start(onFatal) {
      splits.onAdded((split) => {
        for (const chain of chains) chain.watchSplit(split.splitId)
      })
      for (const one of channels) one.start(onFatal)
      const opening = { books, clock, ids, statements: o.statements, bookAsset, others: o.otherAssets }
      await openCapital(opening)
      const capitalOf = (rail: RailName) => openCapitalOf(rail, opening)
      watching = watchSettlements({ books, context: o.context, receivers: o.receivers, ids, factsAt: o.factsAt, capitalOf, log: o.log })
      deadlines.start()
      o.shareClaims.start(onFatal)
      o.passes.start()
      await o.answers?.start((claimKey) => books.claim(claimKey) !== undefined)
      return recoverRequests({ records: o.requestRecords, requests: o.requests, collections })
    },
    expireIntents: intents.start,
    stop() {
      intents.close()
      collections.close()
      deadlines.close()
      o.passes.close()
      ending = o.shareClaims.close()
      for (const one of channels) one.stop()
    },
    async close() {
      await ending
      await watching?.close()
      await o.answers?.close()
    },
  }
}

function heldAuthorizations(records: RequestRecords, chains: readonly ChainRail[]): InFlight[] {
  return records.heldKeys().flatMap((key) => {
    const request = records.byClaim(key)
    const chain = chains.find((c) => c.rail === request?.rail)
    if (!request || !chain) return []
    return [
      { rail: chain.rail, place: 'receiver', what: 'authorization to collect', amount: money(chain.asset, -asCharged(request).units) },
    ]
  })
}
