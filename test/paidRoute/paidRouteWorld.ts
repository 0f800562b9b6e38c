import { generateKeyPairSync } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { configuredRates } from '../../adapters/rates/configuredRates.ts'
import { uuidIds } from '../../app/open/uuidIds.ts'
import { newApp } from '../../gateway/api/app.ts'
import { addAdmission } from '../../gateway/api/http/admit.ts'
import { authenticator } from '../../gateway/api/http/authenticate.ts'
import type { PaidFaces } from '../../gateway/api/paid/paidFaces.ts'
import { paidRoutes } from '../../gateway/api/paid/paidRoute.ts'
import { admissionRoutes } from '../../gateway/api/routes/admissions.ts'
import { type Receipt, receiptSigner } from '../../gateway/audit/receipt/receipt.ts'
import { type GuardLimits, LIMITS_ON_ONE_MACHINE, openGuard } from '../../gateway/guard/openGuard.ts'
import { createBooks } from '../../gateway/ledger/books/createBooks.ts'
import { memoryJournal } from '../../gateway/ledger/books/memoryJournal.ts'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { factsAt } from '../../gateway/ledger/journal/factsAt.ts'
import { type Asset, BTC, erc20Asset, USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import { createParties, hashKey } from '../../gateway/parties/party/parties.ts'
import { createSplits } from '../../gateway/parties/party/splits.ts'
import { challengeKeys } from '../../gateway/payins/challenge/challengeKeys.ts'
import { createAdmission } from '../../gateway/payins/claim/admission.ts'
import { createAnswerDeadlines } from '../../gateway/payins/claim/answerDeadlines.ts'
import { answerIn } from '../../gateway/payins/claim/answerIn.ts'
import { createCollections } from '../../gateway/payins/claim/collections.ts'
import { createFindRequest, type PlacedFact } from '../../gateway/payins/claim/findRequest.ts'
import { createPaidRequests } from '../../gateway/payins/claim/paidRequests.ts'
import { createRequestRecords } from '../../gateway/payins/claim/requestRecords.ts'
import { createRunningClaims } from '../../gateway/payins/claim/runningClaims.ts'
import { createIntentRecords } from '../../gateway/payins/intent/intentRecords.ts'
import { offerMaker } from '../../gateway/payins/offer/makeOffers.ts'
import { createSettlementRecords } from '../../gateway/payins/settlement/settlementRecords.ts'
import { watchSettlements } from '../../gateway/payins/settlement/watch.ts'
import type { PartyId } from '../../gateway/ports/ids.ts'
import type { Block } from '../../gateway/ports/journal.ts'
import { type CountedChain, type CountedLightning, countedChain, countedLightning } from './countedRails.ts'

const OPERATOR = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const TOKEN = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
export const USDC = erc20Asset({ chainId: 31337, address: TOKEN, code: 'USDC', scale: 6, ledger: 100 })
const RATES = [
  { asset: BTC, usd: '100000' },
  { asset: USDC, usd: '1' },
]
/** What converts the bitcoin that comes in. */
const LIQUIDITY = 1_000_000_000n
/** What the customer has: a hundred dollars. */
export const CUSTOMER_UNITS = 100_000_000n

/**
 * `reads`: what was read back from the journal, by the names of what reads it. `ran`: how often the handlers of `/joke` and `/duet` ran. `has`: what an
 * account was given and still has. `duet`: the parties that share the price of `/duet` equally. `customer`: a party with a balance.
 */
export type PaidRouteWorld = Readonly<{
  app: FastifyInstance
  lightning: CountedLightning
  chain: CountedChain
  reads: string[]
  ran: () => number
  seller: PartyId
  sellerKey: string
  duetSplit: string
  customer: Readonly<{ id: PartyId; key: string }>
  /** Puts the clock forward. */
  pass: (ms: number) => void
  duet: readonly PartyId[]
  receipts: readonly Receipt[]
  has: (account: string, asset: Asset) => bigint
  close: () => Promise<void>
}>

/**
 * A gateway as far as `GET /joke` for 0.002 USD needs one, which remembers `finishedKept` requests. `limits`: of who asks without a key; `liquidity`: what
 * converts bitcoin, in millionths of a dollar.
 */
export async function openPaidRoute(o: {
  finishedKept: number
  limits?: GuardLimits
  liquidity?: bigint
  awayMax?: number
}): Promise<PaidRouteWorld> {
  let passed = 0
  const clock = { now: () => Date.now() + passed }
  const ids = uuidIds(clock)
  const blocks: Block[] = []
  const journal = memoryJournal(blocks)
  const books = createBooks({ journal, clock })
  const [lightning, chain] = [countedLightning(), countedChain({ chainId: 31337, token: TOKEN, payTo: OPERATOR, asset: USDC })]
  const receivers = [lightning, chain]
  const parties = createParties({ books, clock, ids })
  const splits = createSplits({ books, clock, ids, operator: OPERATOR })
  const assetOf = (id: string) => [USDC, BTC].find((asset) => asset.id === id) ?? USD
  const intents = createIntentRecords(books, assetOf)
  const settlements = createSettlementRecords(books, assetOf)
  const requestRecords = createRequestRecords(books, o)
  const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const signer = receiptSigner({ privateKeyPem, clock, ids })
  const issued: Receipt[] = []
  const receipts: typeof signer = { ...signer, issue: (content) => issued[issued.push(signer.issue(content)) - 1]! }
  const rates = configuredRates(RATES, clock)
  const reads: string[] = []
  const said: PlacedFact[] = []
  books.listen((fact, seq) => said.push({ ...fact, seq }))
  const blockFacts = (seq: number) => factsAt(journal, seq)
  const findRequest = createFindRequest({
    books,
    records: requestRecords,
    factsAt(seq) {
      reads.push('block of the claim')
      return blockFacts(seq)
    },
    async factsOf(receipt) {
      reads.push('facts of the receipt')
      return said.filter(({ id }) => id === receipt)
    },
  })
  const requests = createPaidRequests({ books, records: requestRecords, find: findRequest, receipts, clock, ids })
  const log = () => {}
  const collections = createCollections({ books, records: requestRecords, collectorOf: () => chain, clock, ids, log })
  const running = createRunningClaims()
  const deadlines = createAnswerDeadlines({ records: requestRecords, requests, running, clock, log })
  await books.start()
  deadlines.start()
  const context = { intents, settlements, requests: requestRecords, parties, splits, receipts, clock, bookAsset: USDC }
  const watching = watchSettlements({ books, context, receivers, ids, factsAt: blockFacts, capitalOf: async () => undefined, log })
  const { party, sellerKey, customer, duet, table } = await populate({ books, parties, splits, ids }, o.liquidity ?? LIQUIDITY)

  let ran = 0
  const app = newApp({ publicUrl: 'http://localhost' })
  const answerOf = async (seq: number, receipt: string) => {
    reads.push('block of the answer')
    return answerIn(await blockFacts(seq), receipt)
  }
  const callers = authenticator({ operators: [{ name: 'operator', keyHash: hashKey('sk_operator_of_the_test') }], parties })
  const guard = openGuard({ clock }, { limits: o.limits ?? LIMITS_ON_ONE_MACHINE, onRefused: () => {} })
  const faces: PaidFaces = {
    guard,
    ground: { clock, ids, usd: USD, bookAsset: USDC, rates },
    ledger: { books },
    parties: { parties, splits },
    payins: {
      receivers,
      makeOffers: offerMaker({ receivers, rates, clock }),
      settlements,
      findRequest,
      challengeKeys: challengeKeys({ current: Buffer.alloc(32, 7) }),
      admission: createAdmission({
        requests,
        requestRecords,
        findRequest,
        collections,
        answerOf,
        running,
        ...(o.awayMax === undefined ? {} : { awayMax: o.awayMax }),
      }),
    },
    callers,
  }
  addAdmission(app, { guard, callers })
  app.register(admissionRoutes(faces))
  paidRoutes(app, faces, { publicUrl: () => 'http://127.0.0.1:1' })
  app.get('/joke', { config: { price: parseAmount('0.002', USD), payee: party.id } }, async () => `joke ${++ran}`)
  app.get('/duet', { config: { price: parseAmount('0.002', USD), split: table.key } }, async () => `duet ${++ran}`)
  app.get('/broken', { config: { price: parseAmount('0.002', USD), payee: party.id } }, (_, reply) => reply.code(500).send('no joke'))
  return {
    app,
    lightning,
    chain,
    reads,
    ran: () => ran,
    seller: party.id,
    sellerKey,
    duetSplit: table.key,
    customer: { id: customer.party.id, key: customer.apiKey },
    pass(ms) {
      passed += ms
    },
    duet,
    receipts: issued,
    has(account, asset) {
      const { creditsPosted, debitsPosted } = books.balance(account, asset)
      return creditsPosted - debitsPosted
    },
    async close() {
      await app.close()
      collections.close()
      deadlines.close()
      await watching.close()
      await books.close()
    },
  }
}

type Rooms = Readonly<{
  books: ReturnType<typeof createBooks>
  parties: ReturnType<typeof createParties>
  splits: ReturnType<typeof createSplits>
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
