import { expect, test } from 'vitest'
import type { Receipt } from '../audit/receipt/receipt.ts'
import type { Fact } from '../ports/books.ts'
import type { RailName } from '../ports/railName.ts'
import { payinLists } from './payinLists.ts'
import { paymentStatus } from './status/paymentStatus.ts'

const ID = 'rc_1'
const usd = (amount: string) => ({ asset: 'USD', amount })

function receiptOf(payment: string, rail: RailName, state: Receipt['state']): Receipt {
  const issued = {
    id: ID,
    issued_at: '2026-11-24T00:00:00.000Z',
    payment,
    resource: '/r',
    price: usd('1'),
    rail,
    paid: usd('1'),
    fee: usd('0'),
  } as const
  return { ...issued, rate: '', state, payee: 'pa_1', split: '', parts: [], entry: 'en_1' }
}

const fact = (type: string, data: object, id = ID): Fact => ({ type, id, at: 1, data: data as Fact['data'] })
const said = (state: string, more: object = {}) => fact('receipt.updated', { receipt: ID, n: 2, at: '', before: '', state, ...more })
const BOOKED = { rail: 'evm:1', cursor: '1:0', kind: 'collected', asset: 'USD', units: '1', request: ID }
const booked = fact('settlement.booked', BOOKED, `evm:1:collected:0x${'a'.repeat(64)}:0`)
const part = { amount: usd('0.5') }
const given = (left: string) => fact('refund.given', { units: '1', left, entry: 'en_2', reason: '', by: 'x', metadata: {} })

/** Payments as they go: what pays, how its receipt begins, and what was said of it, each with what was signed of it in the same commit. */
const STORIES: readonly [string, string, RailName, Receipt['state'], readonly (readonly Fact[])[]][] = [
  ['an invoice and an answer', `lightning:${'b'.repeat(64)}`, 'lightning', 'settled', [[answered('lightning:x', 200)]]],
  ['an authorization that is collected', 'evm:1:x', 'evm:1', 'authorised', [[answered('evm:1:x', 200)], [booked, said('settled')]]],
  [
    'one that is not',
    'evm:1:x',
    'evm:1',
    'authorised',
    [[answered('evm:1:x', 200)], [ended('collection.failed', 'reverted'), said('failed')]],
  ],
  ['one that is let go', 'evm:1:x', 'evm:1', 'authorised', [[unserved('evm:1:x', 'evm:1')], [ended('collection.released', 'not_served')]]],
  [
    'one that was collected first',
    'evm:1:x',
    'evm:1',
    'authorised',
    [[fact('request.started', { claimKey: 'evm:1:x', transaction: `0x${'a'.repeat(64)}` })]],
  ],
  [
    'one that its chain took back',
    'evm:1:x',
    'evm:1',
    'authorised',
    [
      [booked, said('settled')],
      [demoted(), said('held')],
    ],
  ],
  [
    'an invoice and no work',
    'lightning:x',
    'lightning',
    'settled',
    [[unserved('lightning:x', 'lightning'), said('refund_due', { reason: 'not_served' })]],
  ],
  [
    'an invoice, no work, and nothing that could go back',
    'lightning:x',
    'lightning',
    'settled',
    [[unserved('lightning:x', 'lightning', 'exceeds_credits')]],
  ],
  ['a balance and no work', 'book:x', 'book', 'settled', [[unserved('book:x', 'book'), said('refunded')]]],
  ['a promise of a balance and no work', 'book:x', 'book', 'authorised', [[unserved('book:x', 'book')]]],
  ['a voucher', 'session:x', 'evm:1', 'authorised', [[answered('session:x', 200)]]],
  ['a voucher and no work', 'session:x', 'evm:1', 'authorised', [[unserved('session:x', 'evm:1')]]],
  ['a maximum of which nothing was used', 'evm:1:x', 'evm:1', 'authorised', [[answered('evm:1:x', 200, '0')]]],
  ['an answer that says what was wrong', 'evm:1:x', 'evm:1', 'authorised', [[answered('evm:1:x', 500)]]],
  [
    'a part that its seller gave back',
    'lightning:x',
    'lightning',
    'settled',
    [[answered('lightning:x', 200)], [given('1'), said('refund_due', part)]],
  ],
  [
    'all, given back',
    'lightning:x',
    'lightning',
    'settled',
    [
      [given('1'), said('refund_due', part)],
      [given('0'), said('refund_due', part)],
    ],
  ],
  [
    'a budget that ended',
    'lightning:x',
    'lightning',
    'settled',
    [[fact('pass.ended', { request: ID, units: '1', to: 'payer', msat: '5' }, 'ps_1'), said('refund_due', part)]],
  ],
  [
    'an intent',
    'pi_1',
    'bank',
    'settled',
    [[fact('intent.settled', { rail: 'bank', settlementId: 'bank:1', amount: { asset: 'EUR', units: '1' }, receipt: ID }, 'pi_1')]],
  ],
]

function answered(claimKey: string, status: number, units?: string): Fact {
  const charge = units === undefined ? {} : { charge: { units, price: units, credit: units, taken: usd(units) } }
  return fact('request.answered', { claimKey, status, contentType: 'text/plain', ...charge })
}

function unserved(claimKey: string, rail: RailName, exception?: string): Fact {
  return fact('request.handler_failed', { claimKey, rail, ...(exception ? { exception } : {}) })
}

function ended(type: string, reason: string): Fact {
  return fact(type, { claimKey: 'evm:1:x', payer: 'x', reason, units: '1' })
}

function demoted(): Fact {
  return fact('settlement.demoted', { ...BOOKED, settlement: booked.id, movement: 'm', outcome: 'taken_back', payment: ID }, 'demoted')
}

test.each(STORIES)('the list has the status of %s at each step', (_, payment, rail, state, steps) => {
  const receipt = receiptOf(payment, rail, state)
  const recall = () => ({ parties: ['pa_1'], data: { rail } })
  const scene = { recall, partiesOf: () => [], units: () => ({ asset: 'USD', units: 1n }) }
  let listed: string | undefined
  const facts: Fact[] = []
  for (const step of [[fact('receipt.issued', receipt)], ...steps]) {
    facts.push(...step.filter(({ type }) => type !== 'receipt.issued'))
    for (const { list, id, status, only } of step.flatMap((one) => payinLists.flatMap((lister) => lister(one, scene))))
      if (list === 'payments' && id === ID && status && (only?.includes(listed ?? '') ?? true)) listed = status
    expect(listed).toBe(paymentStatus(receipt, facts, () => false).state)
  }
})
