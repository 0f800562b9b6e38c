import { expect } from 'vitest'
import { readBolt11 } from '../../adapters/lightning/bolt11.ts'
import { uuidIds } from '../../app/open/uuidIds.ts'
import { type FakeRail, fakeRail } from '../../gateway/conformance/fakeRail.ts'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import type { FirstDays } from '../../gateway/guard/firstDays/firstDays.ts'
import { createBooks } from '../../gateway/ledger/books/createBooks.ts'
import { memoryJournal } from '../../gateway/ledger/books/memoryJournal.ts'
import { createDistributedBooks } from '../../gateway/ledger/distributed/createDistributedBooks.ts'
import { type Asset, BTC, ETH, EUR, erc20Asset, USD } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import { invert, type Rate } from '../../gateway/money/rate.ts'
import { healthPolicy } from '../../gateway/payouts/health/policy.ts'
import { createPayouts, type Payouts } from '../../gateway/payouts/payout/payouts.ts'
import { type PayoutPolicy, payoutPolicy } from '../../gateway/payouts/payoutState/policy.ts'
import type { feeListOf, ScheduleRow } from '../../gateway/payouts/schedules/schedule.ts'
import type { Books, Leg } from '../../gateway/ports/books.ts'
import type { IdSource } from '../../gateway/ports/clock.ts'
import type { EntryId } from '../../gateway/ports/ids.ts'
import type { JournalStore } from '../../gateway/ports/journal.ts'
import type { LedgerEngine } from '../../gateway/ports/ledger.ts'
import type { Rates } from '../../gateway/ports/rates.ts'
import type { Sender } from '../../gateway/ports/sender.ts'

export const USDC: Asset = erc20Asset({ chainId: 31337, address: `0x${'11'.repeat(20)}`, code: 'USDC', scale: 6, ledger: 10 })
export const PAYEE = 'party:pa_00000000000000000000000000000001'
/** What each of the accounts below starts with. */
export const START = { usdc: 1_000_000_000n, btc: 1_000_000_000n, eur: 1_000_000_000n }

/** 100,000 USD a bitcoin makes one msat one micro-dollar; 1.10 USD a euro; 4,000 USD an ether. */
const TO_USD: readonly Rate[] = [
  { from: USD, to: USD, num: 1n, den: 1n, observedAt: 0, source: 'world' },
  { from: USDC, to: USD, num: 1n, den: 1n, observedAt: 0, source: 'world' },
  { from: BTC, to: USD, num: 1n, den: 1n, observedAt: 0, source: 'world' },
  { from: EUR, to: USD, num: 110n, den: 100n, observedAt: 0, source: 'world' },
  { from: ETH, to: USD, num: 4_000_000_000n, den: 10n ** 18n, observedAt: 0, source: 'world' },
]

export const rates: Rates = { rate: rateOf, peek: rateOf }

function rateOf(from: Asset, to: Asset): Rate {
  const direct = TO_USD.find((r) => r.from.id === from.id)
  const back = TO_USD.find((r) => r.from.id === to.id)
  if (to.id === USD.id && direct) return direct
  if (!direct || !back) throw new GatewayError('rail_unavailable', `no rate from ${from.code} to ${to.code}`)
  const second = invert(back)
  return { from, to, num: direct.num * second.num, den: direct.den * second.den, observedAt: 0, source: 'world' }
}

/** Fast enough for a test; nothing is asserted about time. */
export const quickPolicy: PayoutPolicy = {
  ...payoutPolicy,
  estimateDeadlineMs: 40,
  sendDeadlineMs: 40,
  sendHoldsLaneMs: 10,
  lookupDeadlineMs: 40,
  lookupMinMs: 1,
  lookupMaxMs: 10,
  retryMs: 5,
  healLaterMs: 20,
  health: { ...healthPolicy, restMinMs: 5, restMaxMs: 20 },
}

export type Rails = Readonly<{ lightning: FakeRail; evm: FakeRail; bank: FakeRail }>

export function makeRails(): Rails {
  return {
    lightning: fakeRail({
      rail: 'lightning',
      asset: BTC,
      serves: ['lightning_invoice', 'lightning_node'],
      feesComeBy: 'outcome',
      fee: money(BTC, 700n),
      feeMax: money(BTC, 2_000n),
      available: money(BTC, START.btc),
    }),
    evm: fakeRail({
      rail: 'evm:31337',
      asset: USDC,
      serves: ['evm_address'],
      feesComeBy: 'stream',
      fee: money(ETH, 500_000_000_000n),
      feeMax: money(ETH, 10n ** 12n),
      available: money(USDC, START.usdc),
    }),
    bank: fakeRail({
      rail: 'bank',
      asset: EUR,
      serves: ['iban'],
      feesComeBy: 'stream',
      fee: money(EUR, 200_000n),
      feeMax: money(EUR, 200_000n),
      available: money(EUR, START.eur),
    }),
  }
}

export const to = {
  node: { kind: 'lightning_node', nodeId: `02${'ab'.repeat(32)}` },
  evm: { kind: 'evm_address', address: `0x${'22'.repeat(20)}` },
  iban: { kind: 'iban', iban: 'DE89370400440532013000', name: 'A payee' },
  party: { kind: 'party', party: 'pa_00000000000000000000000000000002' },
} as const

export type World = Readonly<{ books: Books; payouts: Payouts; rails: Rails; journal: JournalStore; warnings: string[] }>

/** A gateway over these rails and this journal; both outlive it. `seed` funds it when the journal is new. */
export async function boot(
  o: {
    rails?: Rails
    journal?: JournalStore
    policy?: Partial<PayoutPolicy>
    clock?: { now(): number }
    /** A ledger engine that is a server; without one the books are embedded. */
    engine?: LedgerEngine
    prepare?: (books: Books) => void
    /** What a gateway's first days allow, made of the books. */
    firstDays?: (books: Books) => FirstDays
    schedules?: readonly ScheduleRow[]
    feeListOf?: ReturnType<typeof feeListOf>
    /** In place of the rails themselves. */
    senders?: readonly Sender[]
    ids?: IdSource
    onFatal?: (error: unknown) => void
    /** What the market says; `rates` when absent. */
    market?: Rates
  } = {},
): Promise<World> {
  const { rails = makeRails(), journal = memoryJournal(), clock = { now: () => Date.now() } } = o
  const warnings: string[] = []
  const note = (_: object, text: string) => void warnings.push(text)
  const books = o.engine ? createDistributedBooks({ journal, clock, engine: o.engine }) : createBooks({ journal, clock })
  const payouts = createPayouts({
    readInvoice: readBolt11,
    books,
    senders: o.senders ?? [rails.lightning, rails.evm, rails.bank],
    rates: o.market ?? rates,
    clock,
    ids: o.ids ?? uuidIds(clock),
    policy: { ...quickPolicy, ...o.policy },
    usd: USD,
    ...(o.firstDays ? { firstDays: o.firstDays(books) } : {}),
    ...(o.schedules ? { schedules: o.schedules } : {}),
    ...(o.feeListOf ? { feeListOf: o.feeListOf } : {}),
    ...(o.onFatal ? { onFatal: o.onFatal } : {}),
    log: { info: () => {}, warn: note, error: note },
  })
  o.prepare?.(books)
  const { facts } = await books.start()
  if (facts === 0) await seed(books)
  return { books, payouts, rails, journal, warnings }
}

/** The payee's balances, each backed by its rail, and liquidity for the pairs. */
async function seed(books: Books): Promise<void> {
  const move = (debit: string, credit: string, asset: Asset, units: bigint): Leg => ({ kind: 'move', debit, credit, asset, units })
  const legs = [
    move('rail:evm:31337:wallet', PAYEE, USDC, START.usdc),
    move('rail:lightning:node', 'fx:BTC/USDC', BTC, START.btc / 2n),
    move('rail:lightning:node', PAYEE, BTC, START.btc / 2n),
    move('rail:bank:account', 'fx:EUR/USDC', EUR, START.eur / 2n),
    move('rail:bank:account', PAYEE, EUR, START.eur / 2n),
  ]
  const id: EntryId = `en_${'1'.repeat(32)}`
  const facts = [{ type: 'world.seeded', id: 'world', at: 0, data: {} }]
  expect(await books.submit({ facts, entry: { id, payment: 'seed', legs } })).toMatchObject({ kind: 'applied' })
}

export function posted(books: Books, path: string, asset: Asset): bigint {
  const { debitsPosted, creditsPosted } = books.balance(path, asset)
  return path.startsWith('rail:') || path.startsWith('fee:') ? debitsPosted - creditsPosted : creditsPosted - debitsPosted
}

/**
 * What must hold when every payout has its end: the chain and the sums are right, nothing is still held, nothing is in transit, and each rail's
 * account is what it started with less what the rail itself says that it paid, and the fees that it named.
 */
export async function expectBalanced({ books, rails, payouts }: World): Promise<void> {
  const verified = await books.verify()
  expect(verified.broken).toBeUndefined()
  for (const sum of verified.sums) expect(sum.debits).toBe(sum.credits)
  for (const account of books.accounts(''))
    expect([account.path, account.debitsPending, account.creditsPending]).toEqual([account.path, 0n, 0n])
  for (const { path, debitsPosted, creditsPosted } of books.accounts('transit')) expect([path, debitsPosted]).toEqual([path, creditsPosted])
  const lightningFees = BigInt(rails.lightning.paid.length) * rails.lightning.fee.units
  expect(posted(books, 'rail:lightning:node', BTC)).toBe(START.btc - rails.lightning.sent() - lightningFees)
  expect(posted(books, 'fee:paid:lightning', BTC)).toBe(lightningFees)
  expect(posted(books, 'rail:evm:31337:wallet', USDC)).toBe(START.usdc - rails.evm.sent())
  expect(posted(books, 'rail:bank:account', EUR)).toBe(START.eur - rails.bank.sent())
  expect(payouts.inFlight()).toEqual([])
}
