import { createHash, generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { configuredRates } from '../../../adapters/rates/configuredRates.ts'
import { uuidIds } from '../../../app/open/uuidIds.ts'
import { machineEngine } from '../../../test/tigerbeetle/machineEngine.ts'
import { receiptSigner } from '../../audit/receipt/receipt.ts'
import { createBooks } from '../../ledger/books/createBooks.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { createDistributedBooks } from '../../ledger/distributed/createDistributedBooks.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { factsAt } from '../../ledger/journal/factsAt.ts'
import { BTC, USD } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { createParties } from '../../parties/party/parties.ts'
import { createSplits, type Payee } from '../../parties/party/splits.ts'
import type { Block } from '../../ports/journal.ts'
import type { LedgerEngine } from '../../ports/ledger.ts'
import { challengeKeys } from '../challenge/challengeKeys.ts'
import { decodeMacaroon } from '../challenge/macaroon.ts'
import { mintPass, type PassLimit } from '../challenge/passToken.ts'
import { createCollections } from '../claim/collections.ts'
import { createFindRequest, type PlacedFact } from '../claim/findRequest.ts'
import { createPaidRequests } from '../claim/paidRequests.ts'
import { recoverRequests } from '../claim/recover.ts'
import { createRequestRecords } from '../claim/requestRecords.ts'
import { verifyPass } from '../proof/verifyPass.ts'
import { createPasses } from './passes.ts'
import { createPassRecords } from './passRecords.ts'

const NOW = 1_800_000_000_000
const clock = { now: () => NOW }
const ids = uuidIds(clock)
const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string // A PEM is text.
const PREIMAGE = '07'.repeat(32)
const HASH = createHash('sha256').update(PREIMAGE, 'hex').digest('hex')
const keys = challengeKeys({ current: Buffer.alloc(32, 7) })
const price = money(USD, 20_000n)
const route = 'ab'.repeat(32)
const amount = money(BTC, 20_000n)
const arrived = {
  id: 'lightning:received:1',
  rail: 'lightning',
  amount,
  at: NOW,
  reference: HASH,
  payer: '',
  remittance: '',
  note: '',
} as const

let blocks: Block[]
let room: Awaited<ReturnType<typeof open>>
let payee: Payee
let engine: LedgerEngine | undefined

/** Empty books, embedded or over this engine, with bitcoin that came for a pass and with what converts it. */
async function begin(on: LedgerEngine | undefined): Promise<void> {
  blocks = []
  engine = on
  room = await open()
  const { party } = await room.parties.create({ name: 'seller' })
  payee = { kind: 'party', party: party.id, split: await room.splits.house(party.id) }
  const debit = accounts.capital('operator')
  const came = { debit, credit: accounts.suspense('lightning'), ...amount }
  const liquidity = { debit, credit: accounts.fx(BTC, USD), ...money(USD, 1_000_000n) }
  const legs = [came, liquidity].map((leg) => ({ kind: 'move' as const, ...leg }))
  await room.books.submit({ entry: { id: ids.entry(), payment: 'funding', legs } })
}

/** The rooms on what stands in the journal, as a start finds it. */
async function open() {
  const journal = memoryJournal(blocks)
  const books = engine ? createDistributedBooks({ journal, engine, clock }) : createBooks({ journal, clock })
  const parties = createParties({ books, clock, ids })
  const splits = createSplits({ books, clock, ids, operator: `0x${'1'.repeat(40)}` })
  const records = createRequestRecords(books)
  const said: PlacedFact[] = []
  books.listen((fact, seq) => said.push({ ...fact, seq }))
  const at = (seq: number) => factsAt(journal, seq)
  const find = createFindRequest({ books, records, factsAt: at, factsOf: async (receipt) => said.filter(({ id }) => id === receipt) })
  const receipts = receiptSigner({ privateKeyPem, clock, ids })
  const rates = configuredRates([{ asset: BTC, usd: '100000' }], clock)
  const exposure = { earnedLegs: () => [] }
  const requests = createPaidRequests({ payeeOf: splits.payeeOf, books, records, find, factsAt: at, receipts, clock, ids, rates, exposure })
  const log = () => {}
  const collections = createCollections({ books, records, collectorOf: () => undefined, clock, ids, log })
  const assetOf = (id: string) => (id === BTC.id ? BTC : USD)
  const ground = { clock, ids, rates, usd: USD, bookAsset: USD, assets: [BTC, USD], assetOf }
  const settlements = { waitFor: async () => arrived }
  const sold = { ground, books, splits, receipts, headOf: async () => undefined, settlements, readInvoice: () => 'no invoice', log }
  const passes = createPasses({ ...sold, records: createPassRecords(books) })
  await books.start()
  const { interrupted } = await recoverRequests({ records, requests, collections })
  return { books, parties, splits, requests, passes, said, interrupted }
}

const verified = () => {
  const pass = {
    route,
    method: 'GET',
    path: '/ten',
    terms: { kind: 'uses', uses: 10, price, forMs: 1_000 },
    offeredUntil: NOW + 1_000,
    endsAt: NOW + 60_000,
  } as const
  const token = decodeMacaroon(Buffer.from(mintPass({ paymentHash: HASH, tokenId: Buffer.alloc(32, 5), amount, pass }, keys), 'base64'))!
  return verifyPass({ scheme: 'l402', token, preimage: PREIMAGE }, { keys, route, guarded: { method: 'GET', path: '/ten' }, now: NOW })
}

async function claimUse(n: number, limits: readonly PassLimit[] = []) {
  const token = verified()
  const narrowed = { proof: token.proof, pass: { ...token.pass, limits } }
  const use = await room.passes.use(narrowed, {
    payee,
    seller: 'seller',
    resource: '/ten',
    price: money(USD, 2_000n),
    metered: false,
    onBought: () => {},
  })
  if (use.kind !== 'metered') throw new Error('a pass of uses is metered')
  const { pass, credit, fund } = use
  const claim = { claimKey: `pass:${pass.id}:${n}`, fingerprint: `${n}`, payer: pass.id, resource: '/ten', settleFirst: false }
  const result = await room.requests.claim({ ...claim, payee, price: use.price, credit, funding: await fund() })
  if (result.kind !== 'claimed') throw new Error('it was new')
  return result.request
}
const serve = async (n: number) => room.requests.answer(await claimUse(n), { status: 200, contentType: 'text/plain', body: `${n}` })
const left = () => room.passes.find(`lightning:${HASH}`)!.uses

const ENGINES: readonly (readonly [string, () => LedgerEngine | undefined])[] = [
  ['embedded books', () => undefined],
  ['books over a cluster', () => machineEngine(clock)],
]

describe.each(ENGINES)('%s', (_, engineOf) => {
  test('a crash gives no use twice, and takes none that was not answered', async () => {
    await begin(engineOf())
    for (let n = 0; n < 4; n++) await serve(n)
    await claimUse(4)
    expect(left()).toBe(5n)
    // What was claimed and not answered comes back; what was answered does not.
    room = await open()
    expect([room.interrupted, left()]).toEqual([1, 6n])
    for (let n = 5; n < 11; n++) await serve(n)
    room = await open()
    expect([room.interrupted, left()]).toEqual([0, 0n])
    await expect(claimUse(11)).rejects.toMatchObject({ code: 'token_spent' })
  })

  test('a crash after the purchase leaves the whole pass, which is not bought again', async () => {
    await begin(engineOf())
    const wanted = { payee, seller: 'seller', resource: '/ten', price: money(USD, 2_000n), metered: false, onBought: () => {} }
    await room.passes.use(verified(), wanted)
    for (let start = 0; start < 3; start++) {
      room = await open()
      await Promise.all(Array.from({ length: 5 }, () => room.passes.use(verified(), wanted)))
      expect([left(), room.said.filter(({ type }) => type === 'pass.bought').length]).toEqual([10n, 1])
    }
    const { creditsPosted, debitsPosted } = room.books.balance(accounts.suspense('lightning'), BTC)
    expect(creditsPosted - debitsPosted).toBe(0n)
  })

  test('no more parts have a place than are counted, at once and after a crash, and one that has it keeps it', async () => {
    await begin(engineOf())
    await claimUse(0)
    const parts = Array.from({ length: 60 }, (_, n) => ({ id: n.toString(16).padStart(32, '0'), units: 1n }))
    const claimed = await Promise.allSettled(parts.map((part, n) => claimUse(n + 1, [part])))
    const counted = () => room.books.accounts('ceiling:pass').length
    expect(counted()).toBe(32)
    expect(claimed.filter(({ status }) => status === 'fulfilled')).toHaveLength(9)
    const narrowings = room.said.filter(({ type }) => type === 'pass.narrowed')
    expect(new Set(narrowings.map(({ data }) => data.limit)).size).toBe(32)
    // The uses that nobody answered come back, to the parts too.
    room = await open()
    const first = narrowings[0]!.data.limit
    const late = { id: 'f'.repeat(32), units: 1n }
    await expect(claimUse(100, [late])).rejects.toMatchObject({ code: 'token_spent' })
    expect(await claimUse(101, [parts.find(({ id }) => id === first)!])).toMatchObject({ state: 'claimed' })
    expect(counted()).toBe(32)
  })

  test('a payment that has bought one request buys no pass', async () => {
    await begin(engineOf())
    await room.books.submit({ claims: [{ key: `lightning:${HASH}`, fingerprint: 'a request' }], facts: [] })
    const wanted = { payee, seller: 'seller', resource: '/ten', price: money(USD, 2_000n), metered: false, onBought: () => {} }
    await expect(room.passes.use(verified(), wanted)).rejects.toMatchObject({ code: 'proof_used' })
  })
})
