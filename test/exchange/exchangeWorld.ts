import { generateKeyPairSync } from 'node:crypto'
import { expect } from 'vitest'
import { readBolt11 } from '../../adapters/lightning/bolt11.ts'
import { uuidIds } from '../../app/open/uuidIds.ts'
import { receiptSigner } from '../../gateway/audit/receipt/receipt.ts'
import type { CreateExchange } from '../../gateway/exchange/createExchange.ts'
import { createExchangeRecords } from '../../gateway/exchange/exchangeRecords.ts'
import { createExchanges, type Exchanges } from '../../gateway/exchange/exchanges.ts'
import { holdSecrets } from '../../gateway/exchange/holdSecrets.ts'
import { type ExchangePolicy, exchangePolicy } from '../../gateway/exchange/policy.ts'
import { heldPaymentIn } from '../../gateway/exchange/takenBooking.ts'
import type { ExchangeView } from '../../gateway/exchange/view.ts'
import type { FirstDays } from '../../gateway/guard/firstDays/firstDays.ts'
import { createBooks } from '../../gateway/ledger/books/createBooks.ts'
import { memoryJournal } from '../../gateway/ledger/books/memoryJournal.ts'
import { factsAt } from '../../gateway/ledger/journal/factsAt.ts'
import { BTC, ETH, EUR, USD } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import { createParties } from '../../gateway/parties/party/parties.ts'
import { createSplits } from '../../gateway/parties/party/splits.ts'
import { createRequestRecords } from '../../gateway/payins/claim/requestRecords.ts'
import { createIntentRecords } from '../../gateway/payins/intent/intentRecords.ts'
import { createIntents } from '../../gateway/payins/intent/intents.ts'
import { createSettlementRecords } from '../../gateway/payins/settlement/settlementRecords.ts'
import { watchSettlements } from '../../gateway/payins/settlement/watch.ts'
import { createPayouts } from '../../gateway/payouts/payout/payouts.ts'
import type { Books, Leg } from '../../gateway/ports/books.ts'
import type { EntryId } from '../../gateway/ports/ids.ts'
import type { JournalStore } from '../../gateway/ports/journal.ts'
import { makeRails, PAYEE, posted, quickPolicy, type Rails, rates, START, to, USDC } from '../payout/payoutWorld.ts'
import { type FakeHolder, fakeHolder } from './fakeHolder.ts'

export const PARTY = 'pa_00000000000000000000000000000001'
export const AMOUNT = money(USDC, 2_500_000n)
export const HOUR_MS = 3_600_000
/** What every exchange of this world is made under. */
export const KEY = 'idem:test:exchange'

/** Fast enough for a test; nothing is asserted about time. */
export const quickExchanges: ExchangePolicy = {
  ...exchangePolicy,
  graceMs: 0,
  restMs: 0,
  watchMs: 10,
  guardMs: 5,
  retryMs: 5,
  dayFullMs: 5,
}

const receiptKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

/** What outlives the gateway: its rails, the node that holds, its journal, and the time. */
export type Outside = Readonly<{
  rails: Rails
  holder: FakeHolder
  journal: JournalStore
  clock: { now(): number; ahead(ms: number): void }
}>

export function outside(): Outside {
  let offset = 0
  const clock = {
    now: () => Date.now() + offset,
    ahead: (ms: number) => {
      offset += ms
    },
  }
  return { rails: makeRails(), holder: fakeHolder(), journal: memoryJournal(), clock }
}

export type ExchangeWorld = Readonly<{
  books: Books
  exchanges: Exchanges
  outside: Outside
  problems: string[]
  warnings: string[]
  close(): Promise<void>
}>

/** A gateway over this outside, its books funded when the journal is new. */
export async function boot(
  o: Outside,
  journal: JournalStore = o.journal,
  {
    secret = 'a secret of this world',
    policy = {},
    firstDays: limited,
  }: { secret?: string; policy?: Partial<ExchangePolicy>; firstDays?: (books: Books) => FirstDays } = {},
): Promise<ExchangeWorld> {
  const { rails, holder, clock } = o
  const problems: string[] = []
  const warnings: string[] = []
  const note = (_: object, text: string) => void problems.push(text)
  const log = { info: () => {}, warn: (_: object, text: string) => void warnings.push(text), error: note }
  const books = createBooks({ journal, clock })
  const ids = uuidIds(clock)
  const assetOf = (id: string) => [BTC, ETH, EUR, USD, USDC].find((a) => a.id === id)!
  const parties = createParties({ books, clock, ids })
  const splits = createSplits({ books, clock, ids, operator: `0x${'0e'.repeat(20)}` })
  const [intentRecords, settlements, requests] = [
    createIntentRecords(books, assetOf),
    createSettlementRecords(books, assetOf),
    createRequestRecords(books),
  ]
  const firstDays = limited ? { firstDays: limited(books) } : {}
  const receipts = receiptSigner({ privateKeyPem: receiptKey, clock, ids })
  const makeOffers = async () => ({ offers: [], refusals: [] })
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
    ...firstDays,
    log: () => undefined,
  })
  const senders = [rails.lightning, rails.evm, rails.bank]
  const payouts = createPayouts({
    readInvoice: readBolt11,
    books,
    senders,
    rates,
    clock,
    ids,
    policy: quickPolicy,
    usd: USD,
    log,
    ...firstDays,
  })
  const records = createExchangeRecords(books)
  const exchanges = createExchanges({
    books,
    holds: holder,
    payouts,
    intents,
    splits,
    rates,
    clock,
    ids,
    usd: USD,
    bookAsset: USDC,
    records,
    log,
    secrets: holdSecrets({ current: Buffer.from(secret) }),
    policy: { ...quickExchanges, ...policy },
  })
  const { facts } = await books.start()
  if (facts === 0) await seed(books, clock.now())
  const context = {
    intents: intentRecords,
    settlements,
    requests,
    parties,
    splits,
    receipts,
    clock,
    bookAsset: USDC,
    heldPayment: heldPaymentIn(records),
  }
  const watching = watchSettlements({
    books,
    context,
    receivers: [holder.receiver],
    ids,
    log: (line) => problems.push(line),
    factsAt: (seq) => factsAt(journal, seq),
    capitalOf: async () => undefined,
  })
  await payouts.resume()
  exchanges.start()
  const close = async () => {
    await exchanges.close()
    await payouts.close()
    await watching.close()
  }
  return { books, exchanges, outside: o, problems, warnings, close }
}

/** Balances of the party and liquidity for the pairs, each backed by its rail. */
async function seed(books: Books, at: number): Promise<void> {
  const legs: Leg[] = [
    { kind: 'move', debit: 'rail:evm:31337:wallet', credit: PAYEE, asset: USDC, units: START.usdc / 2n },
    { kind: 'move', debit: 'rail:evm:31337:wallet', credit: 'fx:BTC/USDC', asset: USDC, units: START.usdc / 2n },
    { kind: 'move', debit: 'rail:lightning:node', credit: 'fx:BTC/USDC', asset: BTC, units: START.btc },
  ]
  const id: EntryId = `en_${'1'.repeat(32)}`
  const created = { type: 'party.created', id: PARTY, at, data: { name: 'party', keyHash: 'x' } }
  expect(await books.submit({ facts: [created], entry: { id, payment: 'seed', legs } })).toMatchObject({ kind: 'applied' })
}

export function command(more: Partial<CreateExchange> = {}): CreateExchange {
  return {
    party: PARTY,
    createdBy: 'test',
    from: { kind: 'hold' },
    amount: AMOUNT,
    destinations: [to.evm],
    reference: 'order 9',
    description: 'an exchange',
    expiresInS: 600,
    along: () => ({ claims: [{ key: KEY, fingerprint: 'x' }], facts: [] }),
    ...more,
  }
}

export function hashOf(view: ExchangeView): string {
  if (view.pay.kind !== 'held_invoice') throw new Error('this exchange has no held invoice')
  return view.pay.paymentHash
}

export const ENDS = ['completed', 'returned', 'credited', 'expired']

/** Waits until an exchange has its end. */
export async function ended({ exchanges }: ExchangeWorld, id: string): Promise<ExchangeView> {
  return until(() => {
    const view = exchanges.get(id)
    return ENDS.includes(view.status) ? view : undefined
  }, `the end of ${id}`)
}

export async function until<T>(ask: () => T | undefined | false, what: string): Promise<T> {
  const end = Date.now() + 20_000
  for (;;) {
    const found = ask()
    if (found !== undefined && found !== false) return found
    if (Date.now() > end) throw new Error(`${what} did not come`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/**
 * What must hold once every exchange has its end: nothing is held, in transit or left with an exchange, the sums are right, and each rail's account is what
 * it began with, plus what its node says that it took, less what the rail says that it paid and the fees that it named.
 */
export async function expectBalanced({ books, outside: { rails, holder } }: ExchangeWorld): Promise<void> {
  const verified = await books.verify()
  expect(verified.broken).toBeUndefined()
  for (const sum of verified.sums) expect(sum.debits).toBe(sum.credits)
  for (const a of books.accounts('')) expect([a.path, a.debitsPending, a.creditsPending]).toEqual([a.path, 0n, 0n])
  for (const path of ['transit', 'exchange']) {
    for (const a of books.accounts(path)) expect([a.path, a.debitsPosted]).toEqual([a.path, a.creditsPosted])
  }
  const taken = holder.settlements.reduce((sum, s) => sum + s.amount.units, 0n)
  const fees = BigInt(rails.lightning.paid.length) * rails.lightning.fee.units
  expect(posted(books, 'rail:lightning:node', BTC)).toBe(START.btc + taken - rails.lightning.sent() - fees)
  expect(posted(books, 'rail:evm:31337:wallet', USDC)).toBe(START.usdc - rails.evm.sent())
  expect(holder.holds().filter((h) => h.state === 'held')).toEqual([])
}
