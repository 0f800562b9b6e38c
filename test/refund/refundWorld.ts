import { expect } from 'vitest'
import { readBolt11 } from '../../adapters/lightning/bolt11.ts'
import { uuidIds } from '../../app/open/uuidIds.ts'
import { toReceiptFact } from '../../gateway/audit/receipt/facts.ts'
import { moneyText, type Receipt } from '../../gateway/audit/receipt/receipt.ts'
import { headIn } from '../../gateway/audit/receipt/receiptChain.ts'
import { reserveOf } from '../../gateway/disputes/decide.ts'
import { type Dispute, type DisputeStatus, disputeStatus } from '../../gateway/disputes/dispute.ts'
import type { Unanswered } from '../../gateway/disputes/disputeContext.ts'
import { createDisputeRecords, type DisputeRecords } from '../../gateway/disputes/disputeRecords.ts'
import { createDisputes, type Disputes } from '../../gateway/disputes/disputes.ts'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { createBooks } from '../../gateway/ledger/books/createBooks.ts'
import { memoryJournal } from '../../gateway/ledger/books/memoryJournal.ts'
import { createInTurn } from '../../gateway/ledger/process/inTurn.ts'
import { type Asset, BTC, ETH, EUR, USD } from '../../gateway/money/asset.ts'
import { type Money, money } from '../../gateway/money/money.ts'
import { challengeKeys } from '../../gateway/payins/challenge/challengeKeys.ts'
import type { Intent } from '../../gateway/payins/intent/intent.ts'
import { createStatusReader } from '../../gateway/payins/status/statusReader.ts'
import { createPayouts } from '../../gateway/payouts/payout/payouts.ts'
import type { Books, Claim, Fact, Leg } from '../../gateway/ports/books.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { EntryId, IntentId, ReceiptId } from '../../gateway/ports/ids.ts'
import type { JournalStore } from '../../gateway/ports/journal.ts'
import type { RailName } from '../../gateway/ports/railName.ts'
import { createGivenRecords, type GivenRecords } from '../../gateway/refunds/givenRecords.ts'
import { type GivenRefund, type RefundStatus, refundStatus } from '../../gateway/refunds/givenRefund.ts'
import { openRefunds, type Refunds } from '../../gateway/refunds/openRefunds.ts'
import { makeRails, quickPolicy, type Rails, rates, START, USDC } from '../payout/payoutWorld.ts'

const digits = (n: number) => n.toString(16).padStart(32, '0')
/** The last byte of an entry's id counts its legs. */
const entryOf = (n: number): EntryId => `en_${n.toString(16).repeat(32).slice(0, 32)}`
export const [ONE, TWO, PAYER] = [1, 2, 3].map((n) => `pa_${digits(n)}`) as [string, string, string] // As many as numbers.
export const PAID = 2_000_000n
export const PAYER_ACCOUNT = `0x${'5e'.repeat(20)}` as const
export const PAYER_IBAN = 'DE89370400440532013000'

/** A payment of an intent over a rail, which has brought its payees this. */
type Paid = Readonly<{ rail: RailName; asset: Asset; credit?: Asset; payees: readonly string[]; booked?: object }>
const PAYMENTS = {
  lightning: { rail: 'lightning', asset: BTC, payees: [ONE] },
  evm: { rail: 'evm:31337', asset: USDC, payees: [ONE], booked: { payer: PAYER_ACCOUNT } },
  bank: { rail: 'bank', asset: EUR, payees: [ONE], booked: { payer: 'A. Payer', payerIban: PAYER_IBAN } },
  unnamed: { rail: 'bank', asset: EUR, payees: [ONE], booked: { payer: 'A. Payer' } },
  book: { rail: 'book', asset: USDC, payees: [ONE] },
  shared: { rail: 'bank', asset: EUR, payees: [ONE, ONE, TWO], booked: { payer: 'A. Payer' } },
  // A millisatoshi is a millionth of a dollar here.
  converted: { rail: 'lightning', asset: BTC, credit: USDC, payees: [TWO] },
} as const satisfies Record<string, Paid>
export type PaymentName = keyof typeof PAYMENTS
const NAMES = Object.keys(PAYMENTS) as PaymentName[]
const placeOf = (name: PaymentName) => NAMES.indexOf(name) + 0x30

export const intentOf = (name: PaymentName): IntentId => `pi_${digits(placeOf(name))}`
export const receiptOf = (name: PaymentName): ReceiptId => `rc_${digits(placeOf(name))}`

/** What outlives the gateway. */
export type Outside = Readonly<{ rails: Rails; journal: JournalStore; clock: Clock & { ahead(ms: number): void } }>

export function outside(): Outside {
  let offset = 0
  const told = new Set<() => void>()
  const clock = {
    now: () => Date.now() + offset,
    onMoved(listener: () => void) {
      told.add(listener)
      return () => void told.delete(listener)
    },
    ahead(ms: number) {
      offset += ms
      for (const listener of told) listener()
    },
  }
  return { rails: makeRails(), journal: memoryJournal(), clock }
}

type Along = (made: GivenRefund) => Readonly<{ claims: readonly Claim[]; facts: readonly Fact[] }>
type Contested = Readonly<{ units?: bigint; evidenceMs?: number }>
type Asked = Readonly<{ units?: bigint; asker?: string; to?: 'link'; along?: Along }>

export type RefundWorld = Readonly<{
  books: Books
  refunds: Refunds
  records: GivenRecords
  outside: Outside
  has: (path: string, asset: Asset) => bigint
  /** Gives back a part of a payment, or all that is left: by an operator, unless a party asks. */
  give: (name: PaymentName, o?: Asked) => Promise<GivenRefund>
  statusOf: (id: string) => RefundStatus
  disputes: Disputes
  /** Another process over the same books, which waits for no turn of the first. */
  elsewhere: Disputes
  /** Opens a dispute of a part of a payment, or of all that is left. */
  contest: (name: PaymentName, o?: Contested) => Promise<Dispute>
  disputeOf: (id: string) => DisputeStatus
  /** All that the books have said since they started, in order. */
  heard: () => readonly Fact[]
  /** The chain replaces the block of what `evm` was paid by: `taken_back` from its payee, or `declined` where the books could not. */
  takeBack: (outcome: 'taken_back' | 'declined') => Promise<void>
  /** And includes it again. */
  bringAgain: () => Promise<void>
  disputed: DisputeRecords
  close: () => Promise<void>
}>

/** `aloneMax`: above it another person has to agree, in units. */
type Settings = { journal?: JournalStore; reserve?: bigint; unanswered?: Unanswered; aloneMax?: bigint }

/** A gateway over this outside, to which all payments have come when its journal is new. */
export async function boot(
  o: Outside,
  { journal = o.journal, reserve = 0n, unanswered = 'lost', aloneMax }: Settings = {},
): Promise<RefundWorld> {
  const { rails, clock } = o
  const books = createBooks({ journal, clock })
  const ids = uuidIds(clock)
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const assetOf = (id: string) => [BTC, ETH, EUR, USD, USDC].find((asset) => asset.id === id)!
  const senders = [rails.lightning, rails.evm, rails.bank]
  const payouts = createPayouts({ readInvoice: readBolt11, books, senders, rates, clock, ids, policy: quickPolicy, usd: USD, log })
  const { factsOf, issued, heard, headOf } = heardFrom(books)
  const records = createGivenRecords(books, assetOf)
  const refunds = openRefunds(
    { clock, ids, usd: USD, bookAsset: USDC, rates, assetOf },
    {
      books,
      payouts,
      records,
      findPayment: createStatusReader({ books, assetOf, bookAsset: USDC, receiptOf: issued, factsOf }),
      challengeKeys: challengeKeys({ current: Buffer.alloc(32, 7) }),
      intents: { get: paidIntent },
      readInvoice: readBolt11,
      factsOf,
      headOf,
      reserveDayUnits: reserve,
      log,
    },
  )
  const disputed = createDisputeRecords(books, assetOf)
  const disputeParts = {
    refunds: refunds.context,
    records: disputed,
    unanswered,
    spare: (_: string, { units }: Money) => (aloneMax !== undefined && units > aloneMax ? undefined : { facts: [], done: () => {} }),
    payment: (of: string) => refunds.given.payment(of, undefined),
    inTurn: refunds.given.inTurn,
  }
  const disputes = createDisputes(disputeParts)
  const elsewhere = createDisputes({ ...disputeParts, inTurn: createInTurn() })
  const { facts } = await books.start()
  if (facts === 0) await seed(books, clock.now())
  await payouts.resume()
  refunds.given.start()
  disputes.start()
  return {
    books,
    refunds,
    records,
    disputes,
    elsewhere,
    disputed,
    contest: (name, asked = {}) => disputes.open(contestOf(name, asked)),
    disputeOf: (id) => disputeStatus(disputes.get(id)),
    heard,
    takeBack: (outcome) => submitChain(books, { type: 'settlement.demoted', outcome }),
    bringAgain: () => submitChain(books, { type: 'settlement.booked' }),
    outside: o,
    has(path, asset) {
      const { creditsPosted, debitsPosted } = books.balance(path, asset)
      return creditsPosted - debitsPosted
    },
    give: (name, asked = {}) => refunds.given.create(orderOf(name, asked)),
    statusOf: (id) => refundStatus(refunds.given.get(id)),
    async close() {
      await disputes.close()
      await refunds.given.close()
      await payouts.close()
    },
  }
}

function orderOf(name: PaymentName, { units, asker, to, along = () => ({ claims: [], facts: [] }) }: Asked) {
  return {
    of: intentOf(name),
    asker,
    amount: units === undefined ? undefined : moneyText(money(PAYMENTS[name].asset, units)),
    to,
    lifeMs: 3_600_000,
    reason: '',
    metadata: {},
    by: asker ?? 'operator',
    along,
  }
}

const nothing = () => ({ claims: [], facts: [] })

function contestOf(name: PaymentName, { units, evidenceMs = 3_600_000 }: Contested) {
  return {
    of: intentOf(name),
    amount: units === undefined ? undefined : moneyText(money(PAYMENTS[name].asset, units)),
    evidenceMs,
    reason: 'not_received' as const,
    note: '',
    metadata: {},
    by: 'operator',
    along: nothing,
  }
}

/** What the books say, filed as the projector files it. */
function heardFrom(books: Books) {
  const said: Fact[] = []
  books.listen((fact) => void said.push(fact))
  return {
    heard: () => said,
    factsOf: async (subject: string) => said.filter(({ id, data }) => [id, data.request, data.payment].includes(subject)),
    headOf: async (id: string) =>
      headIn(said, said.find((fact) => fact.type === 'receipt.issued' && fact.id === id)?.data.payment as string), // As it was written.
    issued: async (id: string) => said.find((fact) => fact.type === 'receipt.issued' && fact.id === id)?.data as Receipt | undefined, // As it was written.
  }
}

/** As much of an intent as is looked at. */
function paidIntent(id: string): Intent {
  const name = NAMES.find((one) => intentOf(one) === id)
  if (!name) throw new GatewayError('not_found', `There is no intent ${id}`)
  return { paid: { receipt: receiptOf(name) } } as Intent
}

/** What rails hold, liquidity, and the payments. */
async function seed(books: Books, at: number): Promise<void> {
  const move = (debit: string, credit: string, { asset, units }: Money): Leg => ({ kind: 'move', debit, credit, asset, units })
  const legs = [
    move('rail:evm:31337:wallet', 'fx:BTC/USDC', money(USDC, START.usdc)),
    move('rail:lightning:node', 'fx:BTC/USDC', money(BTC, START.btc)),
    move('rail:bank:account', 'fx:EUR/USDC', money(EUR, START.eur)),
    move('rail:evm:31337:wallet', 'fx:EUR/USDC', money(USDC, START.usdc)),
    move('fx:BTC/USDC', `party:${PAYER}`, money(USDC, PAID)),
  ]
  const facts = [{ type: 'world.seeded', id: 'world', at: 0, data: {} }]
  expect(await books.submit({ facts, entry: { id: entryOf(1), payment: 'seed', legs } })).toMatchObject({ kind: 'applied' })
  for (const name of NAMES) expect(await books.submit(paymentOf(name, at))).toMatchObject({ kind: 'applied' })
}

const FROM: Readonly<Record<string, string>> = {
  lightning: 'fx:BTC/USDC',
  'evm:31337': 'fx:BTC/USDC',
  bank: 'fx:EUR/USDC',
  book: `party:${PAYER}`,
}

/** An intent that was paid and settled, with its receipt. Payees get equal parts in the asset that came. */
function paymentOf(name: PaymentName, at: number) {
  const { rail, asset, credit = asset, payees, booked }: Paid = PAYMENTS[name]
  const entry = entryOf(placeOf(name))
  const paid = money(asset, PAID)
  const parts = payees.map((to, i) => ({ to, units: PAID / BigInt(payees.length) + (i === 0 ? PAID % BigInt(payees.length) : 0n) }))
  const text = moneyText(paid)
  const settlement = `${rail}:received:${name}`
  const receipt: Receipt = {
    id: receiptOf(name),
    issued_at: new Date(at).toISOString(),
    payment: intentOf(name),
    resource: 'a book',
    price: text,
    rail,
    paid: text,
    fee: moneyText(money(asset, 0n)),
    rate: `${text.amount} ${text.asset} = ${moneyText(money(credit, PAID)).amount} ${credit.id}`,
    state: 'settled',
    payee: name === 'shared' ? `sp_${digits(9)}` : ONE,
    split: `0x${'0'.repeat(64)}`,
    parts: parts.map(({ to, units }) => ({ to, amount: moneyText(money(credit, units)).amount })),
    entry,
  }
  const amount = { asset: asset.id, units: `${PAID}` }
  const facts: Fact[] = [
    { type: 'intent.settled', id: intentOf(name), at, data: { rail, settlementId: settlement, amount, receipt: receipt.id } },
    toReceiptFact({ type: 'receipt.issued', id: receipt.id, at, data: receipt }),
  ]
  if (booked)
    facts.push({ type: 'settlement.booked', id: settlement, at, data: { kind: 'received', rail, ...amount, ...booked } as Fact['data'] })
  const legs = parts.map(({ to, units }): Leg => ({ kind: 'move', debit: FROM[rail]!, credit: `party:${to}`, asset: credit, units }))
  return { facts, entry: { id: entry, payment: intentOf(name), legs } }
}

type ChainNews = Readonly<{ type: 'settlement.demoted' | 'settlement.booked'; outcome?: string }>

/** What the chain says of the payment `evm`, with the entry that undoes it or books it anew. */
async function submitChain(books: Books, { type, outcome }: ChainNews): Promise<void> {
  const undo = type === 'settlement.demoted'
  const { rail, asset, booked } = PAYMENTS.evm
  const [payment, party, from] = [intentOf('evm'), `party:${ONE}`, FROM[rail]!]
  const moved = { kind: 'move' as const, debit: undo ? party : from, credit: undo ? from : party, asset, units: PAID }
  const seen = { kind: 'received', rail, cursor: '', asset: asset.id, units: `${PAID}`, payment }
  const data = { ...seen, ...(outcome ? { outcome } : booked) } as Fact['data']
  const entry = { id: entryOf(undo ? 0xa : 0xb), payment, legs: [moved] }
  const fact: Fact = { type, id: `${rail}:${type}`, at: 0, data }
  expect(await books.submit({ facts: [fact], ...(outcome === 'declined' ? {} : { entry }) })).toMatchObject({ kind: 'applied' })
}

/** What must hold whatever became of refunds: the chain and the sums are right, and none has more than it may. */
export async function expectSound({ books, records, disputed }: RefundWorld): Promise<void> {
  const verified = await books.verify()
  expect(verified.broken).toBeUndefined()
  for (const sum of verified.sums) expect(sum.debits).toBe(sum.credits)
  for (const { path, debitsPosted, creditsPosted } of books.accounts('ceiling:refunds'))
    expect([path, creditsPosted <= debitsPosted]).toEqual([path, true])
  for (const refund of records.list({ limit: 100, after: undefined })) {
    const waits = books.balance(`surplus:${refund.id}`, refund.amount.asset)
    if (refund.end) expect([refund.id, waits.creditsPosted - waits.debitsPosted, waits.debitsPending]).toEqual([refund.id, 0n, 0n])
  }
  for (const dispute of disputed.list({ limit: 100, after: undefined })) {
    const { asset, units } = reserveOf(dispute)
    const { creditsPosted, debitsPosted } = books.balance(`dispute:${dispute.id}`, asset)
    expect([dispute.id, creditsPosted - debitsPosted]).toEqual([dispute.id, dispute.end ? 0n : units])
  }
}
