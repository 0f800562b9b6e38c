import type { SubmissionRow } from '../../ledger/journal/blockData.ts'
import type { Fact, Json } from '../../ports/books.ts'
import type { PaymentChange, ReadFact } from '../../ports/readModel.ts'

type Data = Fact['data']
type Reading = (data: Data, fact: Fact) => Omit<PaymentChange, 'id' | 'changedAt'> & { id?: string }

/** What each fact says of a payment. `id` where the fact is not named by the payment itself. */
const READINGS: ReadonlyMap<string, Reading> = new Map<string, Reading>([
  [
    'intent.created',
    (d, fact) => ({
      kind: 'intent',
      status: 'open',
      createdAt: fact.at,
      asset: text(field(d.amount, 'asset')),
      units: units(field(d.amount, 'units')),
      party: text(field(d.payee, 'id')),
      metadata: d.metadata as Readonly<Record<string, string>>, // The API's schema: strings under strings.
    }),
  ],
  ['intent.settled', (d) => ({ status: 'settled', rail: text(d.rail), receipt: text(d.receipt) })],
  ['intent.canceled', () => ({ status: 'canceled' })],
  ['intent.expired', () => ({ status: 'expired' })],
  [
    'request.claimed',
    (d, fact) => ({
      kind: 'request',
      status: 'claimed',
      rail: text(d.rail),
      units: units(d.units),
      party: text(d.payer),
      key: text(d.claimKey),
      receipt: fact.id,
      createdAt: fact.at,
    }),
  ],
  ['request.answered', () => ({ status: 'answered' })],
  ['request.interrupted', () => ({ status: 'interrupted' })],
  ['request.handler_failed', () => ({ status: 'handler_failed' })],
  ['collection.failed', () => ({ status: 'not_collected' })],
  // An intent's receipt is named by `intent.settled`. A request is its receipt; the receipt knows the asset that was paid.
  [
    'receipt.issued',
    (d, fact) => (text(d.payment).startsWith('pi_') ? { id: text(d.payment) } : { id: fact.id, asset: text(field(d.paid, 'asset')) }),
  ],
  [
    'payout.created',
    (d, fact) => ({
      kind: 'payout',
      status: 'open',
      party: text(d.source).replace(/^party:/, ''),
      key: text(d.reference),
      createdAt: fact.at,
      asset: text(field(field(d.amount, 'asset'), 'id')),
      units: units(field(d.amount, 'units')),
    }),
  ],
  ['payout.settled', (d) => ({ status: 'settled', rail: text(d.rail) })],
  ['payout.failed', () => ({ status: 'failed' })],
  ['payout.parts_ended', (d) => ({ status: text(d.outcome) })],
  ['payout.returned', () => ({ status: 'returned' })],
  ['payout.part_returned', (d) => (d.outcome === 'open' ? {} : { status: text(d.outcome) })],
  [
    'exchange.created',
    (d, fact) => ({
      kind: 'exchange',
      status: 'awaiting_payment',
      party: text(d.party),
      createdAt: fact.at,
      asset: text(field(field(field(d.toPay, 'amount'), 'asset'), 'id')),
      units: units(field(field(d.toPay, 'amount'), 'units')),
    }),
  ],
  ['exchange.held', () => ({ status: 'held' })],
  // A payment that came after the end changes nothing of what was exchanged.
  ['exchange.taken', (d) => (d.stray === true ? {} : { status: 'taken' })],
  ['exchange.released', (d) => ({ status: d.reason === 'unpaid' ? 'expired' : 'returned' })],
  ['exchange.credited', () => ({ status: 'credited' })],
  ['exchange.covered', () => ({ status: 'covered' })],
])

/** What the facts of a block change in payments: one change for each payment, the later facts over the earlier. */
export function paymentChanges(submissions: readonly SubmissionRow[]): PaymentChange[] {
  const changes = new Map<string, PaymentChange>()
  for (const { facts = [] } of submissions) {
    for (const fact of facts) {
      const read = READINGS.get(fact.type)?.(fact.data, fact)
      if (!read) continue
      const id = read.id ?? fact.id
      changes.set(id, { ...changes.get(id), ...read, id, changedAt: fact.at })
    }
  }
  return [...changes.values()]
}

/** The facts of a block as rows, each filed under the payment it speaks of. */
export function factRows(seq: number, submissions: readonly SubmissionRow[]): ReadFact[] {
  const rows: ReadFact[] = []
  for (const { facts = [] } of submissions) {
    for (const fact of facts) {
      const { type, id, at, data } = fact
      rows.push({ seq, n: rows.length, subject: subjectOf(fact), type, id, at, data: factText(data) })
    }
  }
  return rows
}

/**
 * The payment that a fact speaks of: attempts and decisions name their payout, settlements their request or what they were taken back of, receipts their
 * intent.
 */
function subjectOf({ type, id, data }: Fact): string {
  const of = type.startsWith('settlement.') ? data.payment : undefined
  const named = type === 'receipt.issued' ? data.payment : (data.payout ?? data.request ?? of)
  if (typeof named !== 'string') return id
  return type !== 'receipt.issued' || named.startsWith('pi_') ? named : id
}

function factText(data: Data): string {
  if (!('body' in data)) return JSON.stringify(data)
  // In the journal, and of any length: what was answered is not copied.
  const { body: _, ...rest } = data
  return JSON.stringify(rest)
}

function field(value: Json | undefined, key: string): Json | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Data)[key] : undefined // An object of JSON has string keys.
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

function units(value: Json | undefined): bigint {
  return BigInt(text(value))
}
