import { beforeEach, expect, test } from 'vitest'
import { configuredRates } from '../../../adapters/rates/configuredRates.ts'
import { openFirstDays } from '../../../app/open/firstDaysOf.ts'
import { uuidIds } from '../../../app/open/uuidIds.ts'
import { createBooks } from '../../ledger/books/createBooks.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { BTC, EUR, USD } from '../../money/asset.ts'
import { parseAmount } from '../../money/money.ts'
import { createParties } from '../../parties/party/parties.ts'
import { createSplits } from '../../parties/party/splits.ts'
import type { Block } from '../../ports/journal.ts'
import type { OfferRequest, Receiver } from '../../ports/receiver.ts'
import { offerMaker } from '../offer/makeOffers.ts'
import { toIntentFact } from './facts.ts'
import type { Intent } from './intent.ts'
import { createdData, unitsData } from './intentData.ts'
import { createIntentRecords } from './intentRecords.ts'
import { createIntents } from './intents.ts'
import { viewOfferDecision } from './offerDecisionView.ts'

const DAY_MS = 86_400_000
const DAY_S = 86_400
let now: number
let blocks: Block[]
let made: { rail: string; request: OfferRequest }[]
let isDown: boolean
let btcUsd: string
const clock = { now: () => now }

function receiver(rail: 'lightning' | 'bank'): Receiver {
  return {
    rail,
    asset: rail === 'bank' ? EUR : BTC,
    async offer(request) {
      if (isDown) throw new Error('the node is away')
      made.push({ rail, request })
      const { amount, expiresAt } = request
      const n = `${made.length}`.padStart(64, '0')
      const wire =
        rail === 'bank'
          ? { kind: 'bank' as const, iban: 'DE93999999990000000001', name: 'Yard', remittance: `RF${n}` }
          : { kind: 'bolt11' as const, invoice: `lnbcrt${n}`, paymentHash: n, network: 'regtest' as const }
      return { rail, amount, expiresAt, reference: n, wire }
    },
    settlements: () => {
      throw new Error('nobody asks for these here')
    },
  }
}

beforeEach(() => {
  now = 1_800_000_000_000
  blocks = []
  made = []
  isDown = false
  btcUsd = '100000'
})

async function open({ isLive = false } = {}) {
  const books = createBooks({ journal: memoryJournal(blocks), clock })
  const ids = uuidIds(clock)
  const rates = {
    rate: (...of: Parameters<ReturnType<typeof configuredRates>['rate']>) =>
      configuredRates(
        [
          { asset: BTC, usd: btcUsd },
          { asset: EUR, usd: '1.25' },
        ],
        clock,
      ).rate(...of),
  }
  const parties = createParties({ books, clock, ids })
  const splits = createSplits({ books, clock, ids, operator: `0x${'1'.repeat(40)}` })
  const assetOf = (id: string) => [BTC, EUR, USD].find((asset) => asset.id === id)!
  const records = createIntentRecords(books, assetOf)
  const makeOffers = offerMaker({ receivers: [receiver('lightning'), receiver('bank')], rates, clock, bookAsset: EUR })
  const days = { days: 7, paymentUsd: '150', dayUsd: '250' }
  const firstDays = openFirstDays(
    { network: isLive ? 'mainnet' : 'local', firstDays: days },
    { clock, rates, usd: USD, assetOf },
    { books },
  )
  const common = { books, records, makeOffers, firstDays, rates, clock, ids, usd: USD, bookAsset: EUR, splits }
  const intents = createIntents({ ...common, log: () => undefined })
  await books.start()
  const create = async (expiresInS: number, dollars = '100') => {
    const { party } = await parties.create({ name: 'seller' })
    const payee = { kind: 'party' as const, party: party.id, split: await splits.house(party.id) }
    return (await intents.create({ amount: parseAmount(dollars, USD), payee, metadata: {}, expiresInS, description: '' })).intent
  }
  return { books, records, intents, create }
}

test('an invoice among people: its bank’s terms stay, the others are made anew each day, when somebody looks', async () => {
  const { intents, records, create } = await open()
  const intent = await create(30 * DAY_S)
  const ends = (rail: string) => intents.get(intent.id).offers.find((offer) => offer.rail === rail)!.expiresAt
  expect([ends('lightning'), ends('bank')]).toEqual([now + DAY_MS, now + 30 * DAY_MS])
  const first = intent.offers.find(({ rail }) => rail === 'lightning')!
  const changes: number[] = []
  const stop = intents.watch(intent.id, ({ requotes }) => changes.push(requotes))

  now += DAY_MS
  btcUsd = '200000'
  const looks = await Promise.all([intents.look(intent.id), intents.look(intent.id), intents.look(intent.id)])
  const fresh = looks[0]!.offers.find(({ rail }) => rail === 'lightning')!
  expect(fresh.amount.units * 2n).toBe(first.amount.units)
  expect([made.length, changes, ends('lightning')]).toEqual([3, [1], now + DAY_MS])
  expect(looks[0]!.offers.find(({ rail }) => rail === 'bank')).toEqual(intent.offers.find(({ rail }) => rail === 'bank'))

  // The rail may still tell of a payment of the old one, which came before its end.
  for (const { reference, amount } of [first, fresh])
    expect(records.byReference('lightning', reference)).toMatchObject({ intent: { id: intent.id }, offer: { amount } })
  stop()
})

test('a restart knows the fresh offers and the earlier ones', async () => {
  const before = await open()
  const intent = await before.create(3 * DAY_S)
  now += DAY_MS
  const looked = await before.intents.look(intent.id)
  await before.books.close()
  const after = await open()
  expect(after.intents.get(intent.id)).toEqual(looked)
  expect(looked.requotes).toBe(1)
})

test('while no rail makes an offer nothing is written, and none is asked for each look', async () => {
  const { books, intents, create } = await open()
  const intent = await create(3 * DAY_S)
  now += DAY_MS
  const head = books.head().seq
  isDown = true
  for (let i = 0; i < 10; i++) expect((await intents.look(intent.id)).requotes).toBe(0)
  isDown = false
  expect([(await intents.look(intent.id)).requotes, books.head().seq]).toEqual([0, head])
  now += 60_000
  expect((await intents.look(intent.id)).requotes).toBe(1)
})

test('what is over, or not old enough, stays as it is', async () => {
  const { intents, create } = await open()
  const [short, long, canceled] = [await create(900), await create(3 * DAY_S), await create(3 * DAY_S)]
  await intents.cancel(canceled.id)
  now += DAY_MS - 1
  expect((await intents.look(long.id)).requotes).toBe(0)
  now += 1
  for (const { id } of [short, canceled]) expect((await intents.look(id)).requotes).toBe(0)
  now += 2 * DAY_MS
  expect((await intents.look(long.id)).requotes).toBe(0)
})

test('why it offers what it does is known after a restart, also once it has ended, and then beside what came', async () => {
  const before = await open()
  const intent = await before.create(3 * DAY_S)
  const { decision } = intent
  expect(viewOfferDecision(intent)).toMatchObject({ paymentIntentId: intent.id, order: [2, 0, 1] })
  expect(intent.offers.map(({ rail }) => rail)).toEqual(['book', 'bank', 'lightning'])
  expect(decision!.candidates.map((one) => one.rail)).toEqual(['bank', 'lightning', 'book'])
  const lightning = intent.offers.find(({ rail }) => rail === 'lightning')!
  const paid = { rail: 'lightning' as const, settlementId: 's', amount: unitsData(lightning.amount), receipt: 'rc_1' }
  const settled = toIntentFact({ type: 'intent.settled', id: intent.id, at: now + 5_000, data: paid })
  expect((await before.books.submit({ facts: [settled] })).kind).toBe('applied')
  now += DAY_MS
  await before.books.close()

  const after = await open()
  const known = after.intents.ofDecision(decision!.id)
  expect(known?.decision).toEqual(decision)
  expect(viewOfferDecision(known!)).toMatchObject({
    candidates: [
      { rail: 'bank', rank: 2 },
      { rail: 'lightning', rank: 3 },
      { rail: 'book', rank: 1 },
    ],
    // 0.001 BTC at the rate of the offer.
    realised: { rail: 'lightning', rank: 3, receivedUsd: '100' },
  })
  expect(after.intents.ofDecision(intent.id)).toBeUndefined()
})

test('an intent of before, whose offers say no whole cost, is read, and what is made anew finds its place', async () => {
  const { records, books, intents, create } = await open()
  const intent = await create(3 * DAY_S)
  const { decision: _, ...data } = createdData(intent)
  const offers = data.offers.map(({ wholeNano: __, ...offer }) => ({ ...offer, reference: `old ${offer.reference}` }))
  const id = 'pi_old'
  await books.submit({ facts: [toIntentFact({ type: 'intent.created', id, at: now, data: { ...data, offers } })] })
  expect(viewOfferDecision(records.get(id)!)).toBeUndefined()
  now += DAY_MS
  expect((await intents.look(id)).offers.map(({ rail }) => rail)).toEqual(['book', 'bank', 'lightning'])
})

test('in the first days with real money an intent is bounded, and a day by what was paid and not by what was asked for, also after a restart', async () => {
  const before = await open({ isLive: true })
  const refused = { code: 'too_many_open', meta: { of: 'first_days' } }
  await expect(before.create(DAY_S, '150.01')).rejects.toMatchObject(refused)
  // Whatever becomes of them: nobody has paid.
  for (let n = 0; n < 9; n++) await before.create(900, '150')
  await before.intents.cancel((await before.create(DAY_S, '150')).id)
  await pay(before, await before.create(DAY_S, '150'))
  await before.books.close()
  const after = await open({ isLive: true })
  const head = after.books.head().seq
  await expect(after.create(DAY_S, '100.01')).rejects.toMatchObject(refused)
  // The seller and its table, and nothing else.
  expect(after.books.head().seq).toBe(head + 2)
  await pay(after, await after.create(DAY_S, '100'))
  await expect(after.create(DAY_S, '0.01')).rejects.toMatchObject(refused)
  now += DAY_MS
  await after.create(DAY_S, '150')
  now += 7 * DAY_MS
  await after.create(DAY_S, '1000')
})

/** It is paid over Lightning, as its offer says. */
async function pay({ books }: Awaited<ReturnType<typeof open>>, { id, offers }: Intent): Promise<void> {
  const { amount } = offers.find(({ rail }) => rail === 'lightning')!
  const data = { rail: 'lightning' as const, settlementId: id, amount: unitsData(amount), receipt: 'rc_1' }
  await books.submit({ facts: [toIntentFact({ type: 'intent.settled', id, at: now, data })] })
}
