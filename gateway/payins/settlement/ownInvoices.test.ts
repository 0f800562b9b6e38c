import { generateKeyPairSync } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { uuidIds } from '../../../app/open/uuidIds.ts'
import { anyInvoice } from '../../../test/lnurl/makeInvoice.ts'
import { rates } from '../../../test/payout/payoutWorld.ts'
import { machineEngine } from '../../../test/tigerbeetle/machineEngine.ts'
import { mutedEngine } from '../../../test/tigerbeetle/mutedEngine.ts'
import { receiptSigner } from '../../audit/receipt/receipt.ts'
import { fakeRail } from '../../conformance/fakeRail.ts'
import { createBooks } from '../../ledger/books/createBooks.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { createDistributedBooks } from '../../ledger/distributed/createDistributedBooks.ts'
import { type Asset, BTC, erc20Asset, USD } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { createParties } from '../../parties/party/parties.ts'
import { createSplits } from '../../parties/party/splits.ts'
import type { LedgerEngine } from '../../ports/ledger.ts'
import type { Attempt, Destination } from '../../ports/sender.ts'
import { createRequestRecords } from '../claim/requestRecords.ts'
import { createIntentRecords } from '../intent/intentRecords.ts'
import { createIntents } from '../intent/intents.ts'
import { collectingByBook } from '../offer/collectingCosts.ts'
import { move } from './legs.ts'
import { payOwnInvoices } from './ownInvoices.ts'
import { createSettlementRecords } from './settlementRecords.ts'

const USDC = erc20Asset({ chainId: 31337, address: `0x${'11'.repeat(20)}`, code: 'USDC', scale: 6, ledger: 10 })
const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const HASHES = { intent: 'a1'.repeat(32), party: 'b2'.repeat(32), stranger: 'c3'.repeat(32) }
const MSAT = 2_000_000n
const options = { signal: new AbortController().signal }

async function open(engine?: LedgerEngine) {
  let now = 1_800_000_000_000
  const clock = { now: () => now }
  const journal = memoryJournal()
  const books = engine ? createDistributedBooks({ journal, engine, clock }) : createBooks({ journal, clock })
  const ids = uuidIds(clock)
  const assetOf = (id: string): Asset => [BTC, USD, USDC].find((a) => a.id === id)!
  const parties = createParties({ books, clock, ids })
  const splits = createSplits({ books, clock, ids, operator: `0x${'0e'.repeat(20)}` })
  const [intentRecords, settlements, requests] = [
    createIntentRecords(books, assetOf),
    createSettlementRecords(books, assetOf),
    createRequestRecords(books),
  ]
  const invoice = (hash: string) => `lnbcrt20u1${hash}`
  const wire = { kind: 'bolt11', invoice: invoice(HASHES.intent), paymentHash: HASHES.intent, network: 'regtest' } as const
  const terms = { rail: 'lightning', amount: money(BTC, MSAT), expiresAt: now + 900_000, reference: HASHES.intent, wire } as const
  const usd = money(USD, 2_000_000n)
  const priced = {
    terms,
    value: usd,
    payerFee: money(USD, 0n),
    fullPrice: usd,
    railCost: money(USD, 0n),
    collecting: collectingByBook(usd, USD),
  }
  const makeOffers = async () => ({ offers: [priced], refusals: [] })
  const intents = createIntents({
    books,
    records: intentRecords,
    makeOffers,
    rates,
    clock,
    ids,
    usd: USD,
    bookAsset: USDC,
    splits,
    log: () => undefined,
  })
  await books.start()
  const { party } = await parties.create({ name: 'payee' })
  const capital = [
    move('rail:lightning:node', 'party:pa_payer', money(BTC, 10n * MSAT)),
    move('rail:evm:31337:wallet', 'fx:BTC/USDC', money(USDC, 9_000_000n)),
  ]
  await books.submit({ entry: { id: ids.entry(), payment: 'capital', legs: capital } })
  const payee = { kind: 'party', party: party.id, split: await splits.house(party.id) } as const
  const { intent } = await intents.create({ amount: usd, payee, metadata: {}, expiresInS: 900, description: '' })
  const receipts = receiptSigner({ privateKeyPem: key, clock, ids })
  const invoices = { partyOf: (hash: string) => (hash === HASHES.party ? party.id : undefined) }
  const context = { intents: intentRecords, settlements, requests, parties, splits, receipts, clock, bookAsset: USDC, invoices }
  const node = fakeRail({
    rail: 'lightning',
    asset: BTC,
    serves: ['lightning_invoice'],
    feesComeBy: 'outcome',
    fee: money(BTC, 1n),
    feeMax: money(BTC, 2n),
    available: money(BTC, MSAT),
  })
  const sender = payOwnInvoices(node, {
    books,
    ids,
    clock,
    context,
    readInvoice: (text) => {
      const paymentHash = text.toLowerCase().slice(-64)
      return anyInvoice({ paymentHash, payeeNodeId: '02', amountMsat: MSAT, expiresAt: 1_800_000_900_000 })
    },
    partyInvoice: (hash) => (hash === HASHES.party ? invoice(hash) : undefined),
  })
  let n = 0
  const attempt = (text: string): Attempt => ({
    id: `at_${n++}`,
    amount: money(BTC, MSAT),
    feeMax: money(BTC, 2n),
    reference: '',
    destination: { kind: 'lightning_invoice', invoice: text },
  })
  const credit = (asset: Asset) => books.balance(`party:${party.id}`, asset).creditsPosted
  const ahead = (ms: number) => {
    now += ms
  }
  return { books, intents, intent, intentRecords, node, sender, attempt, invoice, credit, ahead }
}

let room: Awaited<ReturnType<typeof open>>
beforeEach(async () => {
  room = await open()
})

const to = (invoice: string): Destination => ({ kind: 'lightning_invoice', invoice })

describe('an invoice of this gateway', () => {
  test('that the books do not know to be paid is looked up as unknown until they do, and never as not sent', async () => {
    const link = mutedEngine(machineEngine({ now: () => 1_800_000_000_000 }))
    const here = await open(link.engine)
    const attempt = here.attempt(here.invoice(HASHES.intent))
    link.state = 'mute'
    expect((await here.sender.send(attempt, options)).kind).toBe('unknown')
    expect((await here.sender.lookup(attempt.id)).kind).toBe('unknown')
    expect((await here.sender.send(attempt, options)).kind).toBe('unknown')
    link.state = 'whole'
    const known = async () => {
      for (;;) {
        const outcome = await here.sender.lookup(attempt.id)
        if (outcome.kind !== 'unknown') return outcome
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    }
    expect(await known()).toMatchObject({ kind: 'settled', evidence: { rail: 'book' } })
    expect([here.credit(USDC), here.node.heard]).toEqual([2_000_000n, []])
    await here.books.close()
  })

  test('over an intent settles it in the books, and the node hears nothing', async () => {
    const attempt = room.attempt(room.invoice(HASHES.intent))
    const outcome = await room.sender.send(attempt, options)
    expect(outcome).toMatchObject({ kind: 'settled', evidence: { rail: 'book' }, fee: { units: 0n } })
    expect(room.intentRecords.get(room.intent.id)).toMatchObject({ status: 'settled', surplus: [] })
    expect(room.credit(USDC)).toBe(2_000_000n)
    expect(room.node.heard).toEqual([])
    // The same attempt is the same payment, also when it is only looked up.
    expect(await room.sender.send(attempt, options)).toMatchObject({ kind: 'settled' })
    expect(await room.sender.lookup(attempt.id)).toMatchObject({ kind: 'settled' })
    expect(room.credit(USDC)).toBe(2_000_000n)
  })

  test('of a party is credited in bitcoin, as it would be from outside', async () => {
    expect(await room.sender.send(room.attempt(room.invoice(HASHES.party).toUpperCase()), options)).toMatchObject({ kind: 'settled' })
    expect(room.credit(BTC)).toBe(MSAT)
  })

  test.each(['intent', 'party'] as const)('is paid here once (%s)', async (kind) => {
    const text = room.invoice(HASHES[kind])
    await room.sender.send(room.attempt(text), options)
    expect(await room.sender.send(room.attempt(text), options)).toMatchObject({ kind: 'failed', reason: 'already_used' })
    expect(await room.sender.estimate({ amount: money(BTC, MSAT), destination: to(text) })).toMatchObject({ kind: 'impossible' })
  })

  test('that somebody outside has paid is not paid again', async () => {
    await room.books.submit({ claims: [{ key: `settlement:lightning:received:${HASHES.party}`, fingerprint: 'x' }] })
    const sent = await room.sender.send(room.attempt(room.invoice(HASHES.party)), options)
    expect(sent).toMatchObject({ kind: 'failed', reason: 'already_used' })
  })

  test('whose intent is cancelled or whose time is over is not paid', async () => {
    await room.intents.cancel(room.intent.id)
    const cancelled = await room.sender.send(room.attempt(room.invoice(HASHES.intent)), options)
    expect(cancelled).toMatchObject({ kind: 'failed', reason: 'expired' })
    room.ahead(900_001)
    const late = await room.sender.send(room.attempt(room.invoice(HASHES.party)), options)
    expect(late).toMatchObject({ kind: 'failed', reason: 'expired' })
    expect([room.credit(USDC), room.credit(BTC)]).toEqual([0n, 0n])
  })

  test('is free, at once and certain to the router', async () => {
    expect(await room.sender.estimate({ amount: money(BTC, MSAT), destination: to(room.invoice(HASHES.party)) })).toMatchObject({
      kind: 'possible',
      fee: { units: 0n },
      feeMax: { units: 0n },
      successPpm: 1_000_000n,
      secondsToFunds: 0n,
    })
  })
})

describe('any other invoice goes to the node', () => {
  test.each([
    ['of a stranger', `lnbcrt20u1${HASHES.stranger}`],
    ['over the hash of ours, and another amount', `lnbcrt1u1${HASHES.intent}`],
  ])('%s', async (_, text) => {
    const attempt = room.attempt(text)
    expect(await room.sender.send(attempt, options)).toMatchObject({ kind: 'settled', evidence: { rail: 'lightning' } })
    expect(room.node.heard).toEqual([attempt.id])
    expect(await room.sender.lookup('at_none')).toMatchObject({ kind: 'failed', reason: 'never_sent' })
  })
})
