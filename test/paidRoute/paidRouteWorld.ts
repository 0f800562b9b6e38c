import { generateKeyPairSync } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { openAnswerFiles } from '../../adapters/answers/openAnswerFiles.ts'
import { readBolt11 } from '../../adapters/lightning/bolt11.ts'
import { configuredRates } from '../../adapters/rates/configuredRates.ts'
import { uuidIds } from '../../app/open/uuidIds.ts'
import { newApp } from '../../gateway/api/app.ts'
import { addAdmission } from '../../gateway/api/http/admit.ts'
import { authenticator } from '../../gateway/api/http/authenticate.ts'
import { createIdempotency } from '../../gateway/api/http/idempotency.ts'
import { claimPageRoutes } from '../../gateway/api/pages/claimPages.ts'
import type { PaidFaces } from '../../gateway/api/paid/paidFaces.ts'
import { admissionRoutes } from '../../gateway/api/routes/admissions.ts'
import { giveRefundRoutes } from '../../gateway/api/routes/giveRefund.ts'
import { listingRoutes } from '../../gateway/api/routes/listings.ts'
import { paymentRoutes } from '../../gateway/api/routes/payments.ts'
import { refundRoutes } from '../../gateway/api/routes/refunds.ts'
import { type Receipt, type ReceiptSigner, receiptSigner } from '../../gateway/audit/receipt/receipt.ts'
import { headIn } from '../../gateway/audit/receipt/receiptChain.ts'
import type { ReceiptUpdate } from '../../gateway/audit/receipt/receiptUpdate.ts'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { type Agents, NO_AGENTS } from '../../gateway/guard/agents/agents.ts'
import { type GuardLimits, LIMITS_ON_ONE_MACHINE, openGuard } from '../../gateway/guard/openGuard.ts'
import type { Screening } from '../../gateway/guard/screening/screening.ts'
import { createBooks } from '../../gateway/ledger/books/createBooks.ts'
import { memoryJournal } from '../../gateway/ledger/books/memoryJournal.ts'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { factsAt } from '../../gateway/ledger/journal/factsAt.ts'
import { type Asset, BTC, erc20Asset, USD } from '../../gateway/money/asset.ts'
import type { Keys } from '../../gateway/parties/keys/keys.ts'
import { hashKey } from '../../gateway/parties/keys/secret.ts'
import { openParties } from '../../gateway/parties/openParties.ts'
import type { Parties } from '../../gateway/parties/party/parties.ts'
import type { Splits } from '../../gateway/parties/party/splits.ts'
import { challengeKeys } from '../../gateway/payins/challenge/challengeKeys.ts'
import { createAdmission } from '../../gateway/payins/claim/admission.ts'
import { createAnswerDeadlines } from '../../gateway/payins/claim/answerDeadlines.ts'
import { answerIn } from '../../gateway/payins/claim/answerIn.ts'
import { createCollections } from '../../gateway/payins/claim/collections.ts'
import { createFindRequest, type PlacedFact } from '../../gateway/payins/claim/findRequest.ts'
import { createPaidRequests } from '../../gateway/payins/claim/paidRequests.ts'
import { createRequestRecords } from '../../gateway/payins/claim/requestRecords.ts'
import { createRunningClaims } from '../../gateway/payins/claim/runningClaims.ts'
import { createExposure } from '../../gateway/payins/exposure/exposure.ts'
import { exposureLimits } from '../../gateway/payins/exposure/limits.ts'
import { createIntentRecords } from '../../gateway/payins/intent/intentRecords.ts'
import { offerMaker } from '../../gateway/payins/offer/makeOffers.ts'
import { createPasses } from '../../gateway/payins/pass/passes.ts'
import { createPassRecords } from '../../gateway/payins/pass/passRecords.ts'
import { createSettlementRecords, type SettlementRecords } from '../../gateway/payins/settlement/settlementRecords.ts'
import { watchSettlements } from '../../gateway/payins/settlement/watch.ts'
import { createStatusReader } from '../../gateway/payins/status/statusReader.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { PartyId } from '../../gateway/ports/ids.ts'
import type { Rates } from '../../gateway/ports/rates.ts'
import { openRefunds } from '../../gateway/refunds/openRefunds.ts'
import { openSessionReturns, type SessionReturns } from '../../gateway/refunds/sessionReturns.ts'
import { type CountedChain, type CountedLightning, countedChain, countedLightning } from './countedRails.ts'
import type { LongWork } from './longWork.ts'
import { refundRails } from './refundRails.ts'
import { sellOn, slowWork } from './soldRoutes.ts'

const OPERATOR = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const TOKEN = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
export const USDC = erc20Asset({ chainId: 31337, address: TOKEN, code: 'USDC', scale: 6, ledger: 100 })
const OPERATOR_KEY = 'sk_operator_of_the_test'
const BTC_USD = '100000'
/** What converts the bitcoin that comes in. */
const LIQUIDITY = 1_000_000_000n
/** What the customer has: a hundred dollars. */
export const CUSTOMER_UNITS = 100_000_000n

/**
 * `reads`: what was read back from the journal, by the names of what reads it. `ran`: how often the handlers whose work succeeds ran. `has`: what an account
 * was given and still has. `slow`: the work of `/slow`. `duet`: the parties that share the price of `/duet` equally. `customer`: a party with a balance.
 */
export type PaidRouteWorld = Readonly<{
  app: FastifyInstance
  lightning: CountedLightning
  chain: CountedChain
  reads: string[]
  ran: () => number
  seller: PartyId
  sellerKey: string
  operatorKey: string
  duetSplit: string
  slow: Pick<ReturnType<typeof slowWork>, 'began' | 'end'>
  /** What `/stream` and `/events` give next. */
  long: LongWork
  /** What pays money out, and the rails that it goes by. */
  payers: ReturnType<typeof refundRails>
  /** So many times from now on the work of `/flaky` and `/flaky-duet` fails, after this. */
  fails: (times: number, before?: () => Promise<void>) => void
  /** All that an account has leaves it, but for so much of it. */
  payOut: (account: string, but?: bigint) => Promise<void>
  customer: Readonly<{ id: PartyId; key: string }>
  /** Makes API keys. */
  keys: Pick<Keys, 'create'>
  /** Puts the clock forward. */
  pass: (ms: number) => void
  duet: readonly PartyId[]
  receipts: readonly Receipt[]
  signer: ReceiptSigner
  updates: (receipt: string) => readonly ReceiptUpdate[]
  /** What a person should see of what rails reported. */
  exceptions: SettlementRecords['exceptions']
  has: (account: string, asset: Asset) => bigint
  /** What of it is held. */
  holds: (account: string, asset: Asset) => bigint
  /** How many accounts there are below this path. */
  accountsBelow: (path: string) => number
  /** What fees of payments out were counted for. */
  purses: () => readonly string[]
  close: () => Promise<void>
}>

type PaidRouteOptions = Readonly<{
  finishedKept: number
  limits?: GuardLimits
  liquidity?: bigint
  awayMax?: number
  bookedWithinMs?: number
  usdcUsd?: () => string
  btcUsd?: () => string
  passes?: Readonly<{ openMax: number }>
  agents?: Agents
  screening?: Screening
  /** Where long answers are kept, and how many bytes of them. */
  answers?: Readonly<{ folder: string; limits?: Parameters<typeof openAnswerFiles>[1]['limits'] }>
}>

/**
 * A gateway as far as `GET /joke` for 0.002 USD and `GET /opera` for 0.20 USD, which is collected first, need one, which remembers `finishedKept`
 * requests. `limits`: of who asks without a key; `liquidity`: what converts bitcoin, in millionths of a dollar; `usdcUsd` and `btcUsd`: what they are worth
 * now, one dollar and 100,000 unless they say otherwise.
 */
export async function openPaidRoute(o: PaidRouteOptions): Promise<PaidRouteWorld> {
  let passed = 0
  const clock = { now: () => Date.now() + passed }
  const [ids, journal] = [uuidIds(clock), memoryJournal([])]
  const books = createBooks({ journal, clock })
  const [lightning, chain] = [countedLightning(), countedChain({ chainId: 31337, token: TOKEN, payTo: OPERATOR, asset: USDC })]
  const receivers = [lightning, chain]
  const people = openParties({ clock, ids, usd: USD }, { books, operator: OPERATOR, topUpReference: undefined })
  const { parties, keys, splits } = people
  const assetOf = (id: string) => [USDC, BTC].find((asset) => asset.id === id) ?? USD
  const [intents, settlements] = [createIntentRecords(books, assetOf), createSettlementRecords(books, assetOf)]
  const requestRecords = createRequestRecords(books, o)
  const { signer, issued, receipts, receiptOf } = keptReceipts({ clock, ids })
  const rates = ratesOf({ usdc: () => o.usdcUsd?.() ?? '1', btc: () => o.btcUsd?.() ?? BTC_USD }, clock)
  const reads: string[] = []
  const { factsOf, updates, headOf } = heardFrom(books)
  const blockFacts = (seq: number) => factsAt(journal, seq)
  const findRequest = createFindRequest(writingDown({ books, records: requestRecords, factsAt: blockFacts, factsOf }, reads))
  const within = o.bookedWithinMs === undefined ? {} : { bookedWithinMs: o.bookedWithinMs }
  const read = { find: findRequest, factsAt: blockFacts, payeeOf: splits.payeeOf }
  const exposure = createExposure({ books, clock, ids, usd: USD, limits: exposureLimits })
  const requests = createPaidRequests({ books, records: requestRecords, receipts, clock, ids, rates, exposure, ...read, ...within })
  const log = () => {}
  const collections = createCollections({ books, records: requestRecords, collectorOf: () => chain, clock, ids, log })
  const running = createRunningClaims()
  const ground = { clock, ids, usd: USD, bookAsset: USDC, rates, assets: [USDC, BTC, USD], assetOf }
  const sold = { ground, books, splits, receipts, headOf, settlements, readInvoice: readBolt11, log, sweepEveryMs: 50, ...o.passes }
  const passes = createPasses({ ...sold, records: createPassRecords(books) })
  const payers = refundRails({ books, clock, ids, rates, usdc: USDC, assetOf })
  const idempotent = createIdempotency({ books, clock, ids, factsAt: blockFacts })
  await books.start()
  await payers.fund()
  passes.start()
  const context = { intents, settlements, requests: requestRecords, parties, splits, receipts, clock, bookAsset: USDC, headOf }
  const watching = watchSettlements({ books, context, receivers, ids, factsAt: blockFacts, capitalOf: async () => undefined, log })
  const { party, sellerKey, customer, duet, table } = await populate({ books, parties, splits, ids }, o.liquidity ?? LIQUIDITY)

  const app = newApp({ publicUrl: 'http://localhost' })
  const answerOf = async (seq: number, receipt: string) => {
    reads.push('block of the answer')
    return answerIn(await blockFacts(seq), receipt)
  }
  const operators = [{ name: 'operator', keyHash: hashKey(OPERATOR_KEY), role: 'admin' as const }]
  const callers = { ...authenticator({ operators, parties, keys }), publicUrl: undefined, idempotent }
  const answers = o.answers && openAnswerFiles(o.answers.folder, { clock, log, ...(o.answers.limits && { limits: o.answers.limits }) })
  const rooms = { requests, requestRecords, findRequest, collections, answerOf, answers, running, exposure, clock, screening: o.screening }
  const admission = createAdmission({ ...rooms, spendingOf: () => chain, ...(o.awayMax === undefined ? {} : { awayMax: o.awayMax }) })
  const deadlines = createAnswerDeadlines({ records: requestRecords, cutOff: admission.cutOff, clock, log })
  deadlines.start()
  const guard = openGuard({ clock }, { limits: o.limits ?? LIMITS_ON_ONE_MACHINE, onRefused: () => {}, agents: o.agents ?? NO_AGENTS })
  const faces: PaidFaces & Pick<Parameters<typeof paymentRoutes>[0], 'payins'> = {
    guard,
    ground,
    ledger: { books },
    parties: people,
    payins: {
      receivers,
      chains: [chain],
      makeOffers: offerMaker({ receivers, rates, clock, bookAsset: USDC }),
      settlements,
      findRequest,
      passes,
      collections,
      answers,
      findPayment: createStatusReader({ books, assetOf, bookAsset: USDC, receiptOf, factsOf }),
      challengeKeys: challengeKeys({ current: Buffer.alloc(32, 7) }),
      signJws: signer.jws,
      admission,
    },
    callers,
  }
  addAdmission(app, { guard, callers })
  const returns = addRoutes(app, faces, { callers, assetOf, books, factsOf, headOf, ...payers, intents: { get: intentIn(intents) } })
  const slow = slowWork(() => issued.at(-1)!.id)
  const { ran, fails, long } = sellOn(app, { ...faces, returns }, { payee: party.id, split: table.key, slow: slow.handler })
  return {
    app,
    lightning,
    chain,
    reads,
    ran,
    fails,
    payers,
    seller: party.id,
    sellerKey,
    operatorKey: OPERATOR_KEY,
    slow,
    long,
    payOut: (account, but) => payOut({ books, ids }, account, but),
    duetSplit: table.key,
    customer: { id: customer.party.id, key: customer.apiKey },
    pass(ms) {
      passed += ms
    },
    duet,
    keys,
    receipts: issued,
    signer,
    updates,
    exceptions: settlements.exceptions,
    holds: (account, asset) => books.balance(account, asset).debitsPending,
    has(account, asset) {
      const { creditsPosted, debitsPosted } = books.balance(account, asset)
      return creditsPosted - debitsPosted
    },
    accountsBelow: (path) => books.accounts(path).length,
    purses: () => books.accounts('budget').map(({ path }) => path),
    async close() {
      await app.close()
      collections.close()
      deadlines.close()
      passes.close()
      await returns.close()
      await payers.payouts.close()
      await answers?.close()
      await watching.close()
      await books.close()
    },
  }
}

/** What a request is found by, which writes down what is read for it. */
function writingDown(o: Parameters<typeof createFindRequest>[0], reads: string[]): typeof o {
  return {
    ...o,
    factsAt(seq) {
      reads.push('block of the claim')
      return o.factsAt(seq)
    },
    factsOf(receipt) {
      reads.push('facts of the receipt')
      return o.factsOf(receipt)
    },
  }
}

/** An intent that must be there. */
const intentIn = (intents: ReturnType<typeof createIntentRecords>) => (id: string) => {
  const intent = intents.get(id)
  if (!intent) throw new GatewayError('not_found', `There is no intent ${id}`)
  return intent
}

type Routed = Pick<Parameters<typeof openRefunds>[1], 'books' | 'payouts' | 'records' | 'intents' | 'factsOf' | 'headOf'> &
  Pick<Parameters<typeof giveRefundRoutes>[0], 'approvals' | 'callers'> &
  Readonly<{ assetOf: (id: string) => Asset }>

function addRoutes(
  app: FastifyInstance,
  faces: PaidFaces & Parameters<typeof paymentRoutes>[0],
  { approvals, callers, assetOf, ...money }: Routed,
): SessionReturns {
  app.register(admissionRoutes(faces))
  app.register(listingRoutes(faces))
  app.register(paymentRoutes(faces))
  const log = { info() {}, warn() {}, error() {} }
  const parts = { ...faces.payins, ...money, readInvoice: readBolt11, reserveDayUnits: 0n, log }
  const opened = () => openRefunds({ ...faces.ground, assetOf }, parts)
  const refunds = opened()
  refunds.given.start()
  app.addHook('onClose', () => refunds.given.close())
  app.register(refundRoutes({ callers, refunds }))
  app.register(
    claimPageRoutes({ callers, refunds, parties: { parties: faces.parties.parties }, payins: { ...faces.payins, intents: money.intents } }),
  )
  app.register(giveRefundRoutes({ approvals, callers, refunds }))
  // As another process over the same books would.
  app.register(giveRefundRoutes({ approvals, callers, refunds: opened() }), { prefix: '/second' })
  const returns = openSessionReturns({ deposits: faces.payins.passes.deposits, refunds, log: () => {}, sweepEveryMs: 50 })
  returns.start()
  return returns
}

/** Bitcoin and USDC at what they are worth now. */
function ratesOf({ usdc, btc }: Readonly<{ usdc: () => string; btc: () => string }>, clock: Clock): Rates {
  const prices = () => [
    { asset: BTC, usd: btc() },
    { asset: USDC, usd: usdc() },
  ]
  const rate = (from: Asset, to: Asset) => configuredRates(prices(), clock).rate(from, to)
  return { rate, peek: rate }
}

async function payOut({ books, ids }: Pick<Rooms, 'books' | 'ids'>, account: string, but = 0n): Promise<void> {
  for (const { asset, creditsPosted, debitsPosted } of books.accounts(account)) {
    const units = creditsPosted - debitsPosted - but
    if (units === 0n) continue
    const move = { debit: account, credit: accounts.capital('operator'), asset, units }
    await books.submit({ entry: { id: ids.entry(), payment: 'payout', legs: [{ kind: 'move', ...move }] } })
  }
}

/** A signer, and the same again where it is told of what is issued. */
function keptReceipts(o: Omit<Parameters<typeof receiptSigner>[0], 'privateKeyPem'>) {
  const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const signer = receiptSigner({ privateKeyPem, ...o })
  const issued: Receipt[] = []
  const receipts: typeof signer = { ...signer, issue: (content) => issued[issued.push(signer.issue(content)) - 1]! }
  const receiptOf = async (id: string) => issued.find((receipt) => receipt.id === id)
  return { signer, issued, receipts, receiptOf }
}

/** What the books say, filed as the projector files it. */
function heardFrom(books: Rooms['books']) {
  const said: PlacedFact[] = []
  books.listen((fact, seq) => said.push({ ...fact, seq }))
  return {
    factsOf: async (subject: string) => said.filter(({ id, data }) => [id, data.request, data.payment].includes(subject)),
    headOf: async (receipt: string) => headIn(said, receipt),
    updates(receipt: string): ReceiptUpdate[] {
      const facts = said.filter(({ id, type }) => id === receipt && type === 'receipt.updated')
      return facts.map(({ data }) => data as unknown as ReceiptUpdate) // As it was written.
    },
  }
}

type Rooms = Readonly<{
  books: ReturnType<typeof createBooks>
  parties: Parties
  splits: Splits
  ids: ReturnType<typeof uuidIds>
}>

/** A seller, a customer with a balance, two parties that share a table, and what converts bitcoin. */
async function populate({ books, parties, splits, ids }: Rooms, units: bigint) {
  const { party, apiKey: sellerKey } = await parties.create({ name: 'seller' })
  const customer = await parties.create({ name: 'customer' })
  const debit = accounts.capital('operator')
  const liquidity = { debit, credit: accounts.fx(BTC, USDC), asset: USDC, units }
  const balance = { debit, credit: accounts.party(customer.party.id), asset: USDC, units: CUSTOMER_UNITS }
  const legs = [liquidity, balance].map((move) => ({ kind: 'move' as const, ...move }))
  await books.submit({ entry: { id: ids.entry(), payment: 'liquidity', legs } })
  const duet = [(await parties.create({ name: 'one' })).party.id, (await parties.create({ name: 'two' })).party.id]
  const table = await splits.create({
    payees: duet.map((to, n) => ({ party: to, account: `0x${`${n + 1}`.repeat(40)}`, shares: 1n })),
    label: 'duet',
  })
  return { party, sellerKey, customer, duet, table }
}
