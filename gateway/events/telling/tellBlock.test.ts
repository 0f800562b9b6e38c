import { describe, expect, test } from 'vitest'
import { tellEvents } from '../../../app/projector/tellings.ts'
import { traffic } from '../../../test/memory/traffic.ts'
import { USD } from '../../money/asset.ts'
import type { Fact } from '../../ports/books.ts'
import type { EventSubject, ReadEvent } from '../../ports/readModel.ts'
import { EVENT_TYPES, type EventType, eventSchema } from '../catalog/catalog.ts'

const SUBMISSIONS = 1_500
const [PAYEE, PAYER, OTHER] = ['pa_payee', 'pa_payer', 'pa_other']
const USD_1 = { asset: 'USD', units: '1000000' }
const WHOLE_1 = { asset: USD, units: '1000000' }
const TO_OTHER = [
  { kind: 'iban', iban: 'x', name: 'x' },
  { kind: 'party', party: OTHER },
]
const REFUND = {
  rail: 'book',
  parties: [PAYEE],
  asset: 'USD',
  units: '50000',
  left: '0',
  way: { kind: 'link' },
  by: PAYEE,
  reason: 'never told',
}
const CHANNEL = { rail: 'evm:1', place: 'hub', cursor: '1', kind: 'deposited', channel: '0x01', ...USD_1 }

/** What the stories do not tell: refunds of a request that a party has paid, a top-up, more in a channel, and too little for an intent. */
const REST: readonly Fact[] = [
  ['request.claimed', 'rc_1', { claimKey: 'x', rail: 'book', payer: PAYER, units: '1' }],
  ['receipt.issued', 'rc_1', { payment: 'x', payee: PAYEE, state: 'settled' }],
  ['receipt.updated', 'rc_1', { receipt: 'rc_1', n: 2, state: 'refund_due', amount: { asset: 'USD', amount: '0.05' } }],
  [
    'refund.given',
    'rc_1',
    { units: '50000', left: '50000', entry: 'en_1', reason: 'only for the payee', by: PAYEE, metadata: { only: 'payee' } },
  ],
  ['receipt.updated', 'rc_1', { receipt: 'rc_1', n: 3, state: 'refunded' }],
  ['receipt.updated', 'rc_1', { receipt: 'rc_1', n: 4, state: 'failed', reason: 'reverted' }],
  ['settlement.booked', 'bank:received:1', { ...CHANNEL, kind: 'received', channel: undefined, party: OTHER, entry: 'en_2' }],
  ['settlement.booked', 'evm:1:deposited:1', { ...CHANNEL, salt: '0x02' }],
  ['settlement.booked', 'evm:1:deposited:2', CHANNEL],
  ['intent.created', 'pi_1', { amount: USD_1, credit: USD_1, payee: { kind: 'party', id: PAYEE }, metadata: {}, expiresAt: 9, offers: [] }],
  ['intent.surplus', 'pi_1', { rail: 'bank', settlementId: 'x', amount: USD_1, reason: 'paid_partial' }],
  ['intent.requoted', 'pi_1', { offers: [{ rail: 'bank' }, { rail: 'bank' }] }],
  ['key.created', 'key_1', { holder: OTHER, name: 'till', hash: 'never told', hint: 'wxyz', by: OTHER }],
  ['key.ended', 'key_1', { endsAt: 9, by: OTHER, revoked: true }],
  [
    'payout.created',
    'po_1',
    {
      source: `party:${PAYER}`,
      amount: WHOLE_1,
      destinations: TO_OTHER,
      reference: 'only for the payer',
      createdBy: 'x',
      hold: 'en_3',
      claims: [],
    },
  ],
  ['attempt.sent', 'at_1', { payout: 'po_1', rail: 'book', destination: 1, amount: WHOLE_1 }],
  ['payout.settled', 'po_1', { attempt: 'at_1', rail: 'book', fee: WHOLE_1, exceptions: [] }],
  ['refund.created', 'rf_1', { ...REFUND, request: 'rc_1', receipt: 'rc_1' }],
  ['refund.sent', 'rf_1', { request: 'rc_1', try: 'po_2', to: { kind: 'iban' } }],
  ['attempt.unknown', 'at_2', { payout: 'po_2', stuck: false, detail: 'never told' }],
  ['payout.failed', 'po_2', { code: 'attempts_failed', refusals: [] }],
  ...(['succeeded', 'failed', 'expired', 'canceled'] as const).map((outcome) => [
    'refund.ended',
    'rf_1',
    { request: 'rc_1', outcome, returned: '0', by: 'gateway' },
  ]),
].map(([type, id, data]) => whole({ type, id, at: 0, data } as Fact)) // Plain facts.

function journalOf(seed: number): Fact[][] {
  const told = traffic(seed)
  return Array.from({ length: SUBMISSIONS }, () => (told.next().value as Fact[]).map(whole)) // Without end.
}

/** The stories tell of receipts and of what was taken back only what rooms remember of it. */
function whole(fact: Fact): Fact {
  if (fact.type === 'settlement.demoted') return { ...fact, data: { asset: 'USD', units: '1', ...fact.data } }
  if (fact.type !== 'receipt.issued') return fact
  const paid = { asset: 'USD', amount: '0.1' }
  const issued = { id: fact.id, payment: 'x', resource: '/r', price: paid, paid, rail: 'book', state: 'authorised', payee: 'pa_1' }
  return { ...fact, data: { ...issued, ...fact.data } }
}

/** The events of a journal whose submissions stand in blocks of this size. */
function eventsOf(journal: readonly Fact[][], size: number): ReadEvent[] {
  const subjects = new Map<string, EventSubject>()
  const behind = { subject: (id: string) => subjects.get(id), asset: (id: string) => ({ id, code: id, scale: 6, ledger: 9 }) }
  const events: ReadEvent[] = []
  for (let n = 0; n < journal.length; n += size) {
    const rows = journal.slice(n, n + size).map((facts) => ({ facts }))
    const told = tellEvents(n / size + 1, rows, behind)
    for (const { id, parties, data } of told.subjects) subjects.set(id, { parties, data })
    events.push(...told.events)
  }
  return events
}

describe('events of facts of all kinds', () => {
  const events = [...[1, 2, 3, 4].flatMap((seed) => eventsOf(journalOf(seed), 4)), ...eventsOf([[...REST]], 1)]

  test('are each as the catalog says', () => {
    const schemas = new Map(EVENT_TYPES.map((type) => [type, eventSchema(type)]))
    const wrong = events.flatMap(({ type, body }) => {
      const read = schemas.get(type as EventType)!.safeParse(JSON.parse(body)) // A type of the catalog.
      return read.success ? [] : [`${type}: ${read.error.message}`]
    })
    expect([...new Set(wrong)]).toEqual([])
  })

  test('are of every type of the catalog', () => {
    const told = new Set(events.map(({ type }) => type))
    expect(EVENT_TYPES.filter((type) => !told.has(type))).toEqual([])
  })

  test('carry nothing that opens or pays anything', () => {
    const text = events.map(({ body }) => body).join('\n')
    for (const secret of ['keyHash', 'signature', 'claimKey', 'proof', 'preimage', 'invoice', 'destinations', 'iban', 'authorization'])
      expect(text).not.toContain(`"${secret}"`)
  })

  test('come in the order of the journal, each id once', () => {
    const ids = eventsOf(journalOf(1), 4).map(({ id }) => id)
    expect(ids).toEqual([...new Set(ids)].sort())
  })
})

test('an event is of its payee and payer, says what both may know, and is nobody else’s', () => {
  const events = eventsOf([[...REST]], 1)
  const of = (party: string) => events.filter(({ parties }) => parties.includes(party)).map(({ type }) => type)
  const payment = ['payment.settled', 'payment.refund_due', 'refund.created', 'payment.refunded', 'payment.failed']
  const back = ['created', 'sent', 'unknown', 'needs_claim', 'succeeded', 'failed', 'expired', 'canceled'].map((word) => `refund.${word}`)
  expect(of(PAYER)).toEqual([...payment, 'payout.created', 'payout.sent', 'payout.settled', ...back])
  expect(of(PAYEE)).toEqual([...payment, 'payment_intent.created', 'payment_intent.partial', 'payment_intent.requoted', ...back])
  expect(of(OTHER)).toEqual(['deposit.received', 'key.created', 'key.ended', 'deposit.received'])
  const others = events.filter(({ parties }) => parties.includes(OTHER)).map(({ body }) => body)
  expect(others.join()).not.toMatch(/only for the payer|pa_payer/)
  expect(JSON.parse(others.at(-1)!).data).toEqual({ id: 'po_1', party: OTHER, rail: 'book', amount: { asset: 'USD', amount: '1' } })
  expect(events.map(({ body }) => body).join()).not.toMatch(/only for the payee|"only"|never told/)
  expect(JSON.parse(events[1]!.body)).toEqual({
    id: 'evt_00000000000100000200',
    object: 'event',
    type: 'payment.refund_due',
    version: 1,
    created_at: '1970-01-01T00:00:00.000Z',
    subject: 'rc_1',
    data: {
      id: 'rc_1',
      payment_intent: null,
      rail: 'book',
      price: { asset: 'USD', amount: '0.1' },
      paid: { asset: 'USD', amount: '0.1' },
      resource: '/r',
      reason: null,
      transaction: null,
      charged: null,
      part: { asset: 'USD', amount: '0.05' },
    },
  })
})

test('a payment that a dispute or a refund leaves settled is told settled once, and again only when it has come again', () => {
  const words = [
    ['settled', 'disputed'],
    ['settled', 'dispute_won'],
    ['refund_due', 'given_back'],
    ['settled', 'refund_canceled'],
    ['settled', 'refund_expired'],
    ['settled', 'refund_failed'],
    ['held', 'reorganised'],
    ['held', 'dispute_won'],
    ['settled', undefined],
  ].map(([state, reason], i) => ({ type: 'receipt.updated', id: 'rc_1', at: 0, data: { receipt: 'rc_1', n: i + 2, state, reason } }))
  const journal = [...REST.slice(0, 2), ...words].map((fact) => [fact as Fact]) // Plain facts.
  const told = [
    ['000000000002', 'payment.settled', null],
    ['000000000005', 'payment.refund_due', 'given_back'],
    ['000000000009', 'payment.held', 'reorganised'],
    ['00000000000a', 'payment.held', 'dispute_won'],
    ['00000000000b', 'payment.settled', null],
  ].map(([block, type, reason]) => [`evt_${block}00000000`, type, reason])
  expect(eventsOf(journal, 1).map(({ id, type, body }) => [id, type, JSON.parse(body).data.reason])).toEqual(told)
})

test('the same journal gives the same events, whatever was read before', () => {
  const journal = journalOf(7)
  expect(eventsOf(journal, 3)).toEqual(eventsOf(journal, 3))
  const bodies = (size: number) => eventsOf(journal, size).map(({ type, subject, parties }) => ({ type, subject, parties }))
  expect(bodies(1)).toEqual(bodies(50))
})
