import { generateKeyPairSync } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { configuredRates } from '../../../adapters/rates/configuredRates.ts'
import { uuidIds } from '../../../app/open/uuidIds.ts'
import { machineEngine } from '../../../test/tigerbeetle/machineEngine.ts'
import { mutedEngine } from '../../../test/tigerbeetle/mutedEngine.ts'
import { receiptSigner } from '../../audit/receipt/receipt.ts'
import { createBooks } from '../../ledger/books/createBooks.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { createDistributedBooks } from '../../ledger/distributed/createDistributedBooks.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { factsAt } from '../../ledger/journal/factsAt.ts'
import { USD } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { createParties } from '../../parties/party/parties.ts'
import { createSplits, type Payee } from '../../parties/party/splits.ts'
import type { Block } from '../../ports/journal.ts'
import type { LedgerEngine } from '../../ports/ledger.ts'
import { createFindRequest, type PlacedFact } from './findRequest.ts'
import { createPaidRequests } from './paidRequests.ts'
import { createRequestRecords } from './requestRecords.ts'

const KEPT = 3
const REQUESTS = 10
const PAYER = 'pa_payer'
const clock = { now: () => 1_800_000_000_000 }
const ids = uuidIds(clock)
const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string // A PEM is text.

let blocks: Block[]
let room: Awaited<ReturnType<typeof open>>
let payee: Payee
beforeEach(() => begin())

/** Empty books, embedded or over this engine, with a payer who has money. */
async function begin(engine?: LedgerEngine): Promise<void> {
  blocks = []
  room = await open(engine)
  const { party } = await room.parties.create({ name: 'seller' })
  payee = { kind: 'party', party: party.id, split: await room.splits.house(party.id) }
  const funding = { debit: accounts.capital('operator'), credit: accounts.party(PAYER), asset: USD, units: 1_000_000n }
  await room.books.submit({ entry: { id: ids.entry(), payment: 'funding', legs: [{ kind: 'move', ...funding }] } })
}

/** The rooms on what stands in the journal, as a start finds it. */
async function open(engine?: LedgerEngine) {
  const journal = memoryJournal(blocks)
  const books = engine ? createDistributedBooks({ journal, engine, clock }) : createBooks({ journal, clock })
  const parties = createParties({ books, clock, ids })
  const splits = createSplits({ books, clock, ids, operator: `0x${'1'.repeat(40)}` })
  const records = createRequestRecords(books, { finishedKept: KEPT })
  const said: PlacedFact[] = []
  books.listen((fact, seq) => said.push({ ...fact, seq }))
  const find = createFindRequest({
    books,
    records,
    factsAt: (seq) => factsAt(journal, seq),
    factsOf: async (receipt) => said.filter(({ id }) => id === receipt),
  })
  const receipts = receiptSigner({ privateKeyPem, clock, ids })
  const requests = createPaidRequests({
    payeeOf: splits.payeeOf,
    books,
    records,
    find,
    factsAt: (seq) => factsAt(journal, seq),
    receipts,
    clock,
    ids,
    rates: configuredRates([], clock),
    exposure: { earnedLegs: () => [] },
  })
  await books.start()
  return { books, parties, splits, records, find, requests }
}

function claim(n: number) {
  const got = money(USD, 100n)
  return room.requests.claim({
    claimKey: `book:${PAYER}:${n}`,
    fingerprint: `request ${n}`,
    payer: PAYER,
    resource: '/joke',
    settleFirst: false,
    payee,
    price: got,
    credit: got,
    funding: { rail: 'book', from: accounts.party(PAYER), got },
  })
}

async function serve(n: number, status = 200): Promise<void> {
  const { request } = await claim(n)
  await room.requests.answer(request, { status, contentType: 'text/plain', body: `answer ${n}` })
}

test('finished requests leave memory, are found again as they were, and their proof can not be used again', async () => {
  for (let n = 0; n < REQUESTS; n++) await serve(n, n === 1 ? 500 : 200)
  const inMemory = Array.from({ length: REQUESTS }, (_, n) => room.records.byClaim(`book:${PAYER}:${n}`)).filter((r) => r !== undefined)
  expect(inMemory).toHaveLength(KEPT)
  for (let n = 0; n < REQUESTS; n++) {
    const found = await room.find(`book:${PAYER}:${n}`)
    expect(found).toMatchObject({ fingerprint: `request ${n}`, state: 'answered', status: n === 1 ? 500 : 200, units: 100n })
    const [answered] = (await factsAt(memoryJournal(blocks), found!.answeredSeq)).filter(({ type }) => type === 'request.answered')
    expect(answered?.data.body).toBe(`answer ${n}`)
  }
  const again = await claim(0)
  expect(again).toMatchObject({ kind: 'standing', request: { fingerprint: 'request 0' } })
  // Nine were served, and the money of the one that failed went back.
  const { debitsPosted, creditsPosted } = room.books.balance(accounts.party(PAYER), USD)
  expect(creditsPosted - debitsPosted).toBe(1_000_000n - 900n)
})

test('a request that something may still happen to stays, however many came after it, also over a restart', async () => {
  await claim(100)
  for (let n = 0; n < REQUESTS; n++) await serve(n)
  expect(room.records.byClaim(`book:${PAYER}:100`)?.state).toBe('claimed')
  room = await open()
  expect(room.records.unfinished().map(({ claimKey }) => claimKey)).toEqual([`book:${PAYER}:100`])
  expect(room.records.byClaim(`book:${PAYER}:0`)).toBeUndefined()
  expect(await room.find(`book:${PAYER}:0`)).toMatchObject({ state: 'answered', status: 200 })
})

test('work that is done again is cut off, ends and leaves memory as any other, and its money goes back once it can', async () => {
  const [key, other] = [`book:${PAYER}:100`, accounts.capital('spent')]
  const move = (debit: string, credit: string) =>
    room.books.submit({ entry: { id: ids.entry(), payment: 'spent', legs: [{ kind: 'move', debit, credit, asset: USD, units: 100n }] } })
  const seller = accounts.party(payee.kind === 'party' ? payee.party : '')
  const first = await claim(100)
  await move(seller, other)
  await room.requests.answer(first.request, { status: 500, contentType: 'text/plain', body: 'broken' })
  expect(room.records.byClaim(key)).toMatchObject({ state: 'answered', unserved: 'stays', again: 0 })
  expect(room.records.exceptions()).toHaveLength(1)
  const begun = await Promise.allSettled([1, 1].map((again) => room.requests.started(first.request, undefined, again)))
  expect(begun.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  for (let n = 0; n < REQUESTS; n++) await serve(n)
  expect([room.records.byClaim(key)?.state, room.records.exceptions()]).toEqual(['claimed', []])

  room = await open()
  const [cutOff] = room.records.unfinished()
  for (let n = 0; n < REQUESTS; n++) await move(seller, other)
  await room.requests.giveBack(cutOff!, 'interrupted')
  for (let n = 0; n < REQUESTS; n++) await serve(REQUESTS + n)
  expect(room.records.byClaim(key)).toMatchObject({ state: 'interrupted', unserved: 'stays', again: 1 })
  await room.requests.started(room.records.byClaim(key)!, undefined, 2)
  await room.requests.answer(room.records.byClaim(key)!, { status: 503, contentType: 'text/plain', body: 'broken still' })
  for (let n = 0; n < REQUESTS; n++) await serve(2 * REQUESTS + n)
  expect([room.records.byClaim(key), await room.find(key)]).toMatchObject([undefined, { unserved: 'back', again: 2, status: 503 }])
  const { debitsPosted, creditsPosted } = room.books.balance(accounts.party(PAYER), USD)
  expect(creditsPosted - debitsPosted).toBe(1_000_000n - 3_000n)
})

test('a proof that was never used finds nothing, nor does the claim of something else', async () => {
  await room.books.submit({ claims: [{ key: 'voucher:evm:1:0x01:0', fingerprint: 'f' }] })
  expect(await room.find('book:nobody:1')).toBeUndefined()
  expect(await room.find('voucher:evm:1:0x01:0')).toBeUndefined()
})

test('a payment that the books come to know after its request was refused as unknown goes back, without a restart', async () => {
  const link = mutedEngine(machineEngine(clock))
  await begin(link.engine)
  link.state = 'mute'
  await expect(claim(1)).rejects.toMatchObject({ code: 'outcome_unknown' })
  await expect(claim(1)).rejects.toMatchObject({ code: 'outcome_unknown' })
  link.state = 'whole'
  const state = () => room.records.byClaim(`book:${PAYER}:1`)?.state
  while (state() !== 'interrupted') await new Promise((resolve) => setTimeout(resolve, 5))
  const { debitsPosted, creditsPosted } = room.books.balance(accounts.party(PAYER), USD)
  expect(creditsPosted - debitsPosted).toBe(1_000_000n)
  await room.books.close()
})
