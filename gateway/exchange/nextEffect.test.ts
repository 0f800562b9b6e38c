import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BTC, USD } from '../money/asset.ts'
import { money } from '../money/money.ts'
import { toMoneyData } from '../payouts/payoutState/facts.ts'
import { evolve } from './evolve.ts'
import { type Exchange, isEnded, statusOf } from './exchange.ts'
import type { AppliedFact } from './facts.ts'
import { type ExchangeEffect, nextEffect } from './nextEffect.ts'

const MARGIN = 100
const WORST = 1_000
const DECIDE_BY = 10_000
const SEND_BY = DECIDE_BY - MARGIN - WORST
const LIMITS = { marginMs: MARGIN, graceMs: 10 }
const id = 'ex_1'
const some = toMoneyData(money(BTC, 5n))

const toPay = { payout: 'po_1', amount: toMoneyData(money(USD, 5n)), destinations: [], reference: '', worstMs: WORST } as const
const held = {
  kind: 'hold',
  hash: 'ab',
  invoice: 'ln',
  network: 'regtest',
  amount: some,
  fee: some,
  expiresAt: 500,
  holdableMs: 1,
} as const
const refundTo = [{ kind: 'iban', iban: 'X', name: 'Y' }] as const
const intent = { kind: 'intent', intent: 'pi_1', amount: some, expiresAt: 500, refundTo, refund: 'po_2' } as const
const createdWith = (pay: typeof held | typeof intent): AppliedFact => ({
  type: 'exchange.created',
  id,
  at: 0,
  data: { party: 'pa_1', createdBy: 'test', pay, toPay, claims: [] },
})
const created = createdWith(held)
const heldFact: AppliedFact = { type: 'exchange.held', id, at: 1, data: { decideBy: DECIDE_BY, excess: some, entry: 'en_1' } }
const doubted: AppliedFact = { type: 'exchange.doubted', id, at: 1, data: { decideBy: DECIDE_BY } }
const taken: AppliedFact = { type: 'exchange.taken', id, at: 1, data: { stray: false } }
const lost: AppliedFact = { type: 'exchange.lost', id, at: 1, data: { state: 'cancelled' } }
const released: AppliedFact = { type: 'exchange.released', id, at: 1, data: { reason: 'payout_failed' } }
const paid: AppliedFact = { type: 'intent.settled', id: 'pi_1', at: 1 }

const evidence = { rail: 'bank', id: 'x', at: 1 } as const
const payoutCreated = (po: 'po_1' | 'po_2'): AppliedFact => ({
  type: 'payout.created',
  id: po,
  at: 1,
  data: { source: 's', amount: some, destinations: [], reference: '', createdBy: 't', hold: 'en_2', claims: [] },
})
const way = { payout: 'po_1', decision: 'dec_1', rail: 'bank', destination: 0, amount: some, feeMax: some } as const
const sent: AppliedFact = { type: 'attempt.sent', id: 'at_1', at: 1, data: { ...way, feesComeBy: 'stream', feeHeld: false } }
const failedTry: AppliedFact = { type: 'attempt.failed', id: 'at_1', at: 1, data: { payout: 'po_1', reason: 'no_route', detail: '' } }
const settledOf = (payout: 'po_1' | 'po_2'): AppliedFact => ({
  type: 'payout.settled',
  id: payout,
  at: 1,
  data: { attempt: 'at_1', rail: 'bank', evidence, fee: some, exceptions: [] },
})
const failedOf = (payout: 'po_1' | 'po_2'): AppliedFact => ({
  type: 'payout.failed',
  id: payout,
  at: 1,
  data: { code: 'no_rail', refusals: [] },
})

const after = (...facts: AppliedFact[]): Exchange => facts.reduce<Exchange | undefined>(evolve, undefined)!
const effect = (facts: AppliedFact[], now: number, decideBy?: number) => nextEffect(after(...facts), { ...LIMITS, now, decideBy })

const begun = [created, heldFact, payoutCreated('po_1')]

describe('what comes next for a held payment', () => {
  test.each<[string, AppliedFact[], number, ExchangeEffect]>([
    ['an unpaid one is watched', [created], 510, { kind: 'watch' }],
    ['one that expired unpaid is let go', [created], 511, { kind: 'give', reason: 'unpaid' }],
    ['one that is held is paid out while there is time', [created, heldFact], SEND_BY, { kind: 'pay', sendBy: SEND_BY }],
    ['one that is held too late is given back', [created, heldFact], SEND_BY + 1, { kind: 'give', reason: 'too_late' }],
    ['an open payout is waited for', [...begun, sent], 2, { kind: 'guard', byMs: DECIDE_BY - MARGIN }],
    [
      'a payout that may have moved at the end of the time is doubted',
      [...begun, sent],
      DECIDE_BY - MARGIN,
      { kind: 'doubt', decideBy: DECIDE_BY },
    ],
    [
      'a payout between two tries is not: it may not be tried any more',
      [...begun, sent, failedTry],
      DECIDE_BY,
      { kind: 'guard', byMs: DECIDE_BY - MARGIN },
    ],
    ['a doubted one is taken', [...begun, sent, doubted], DECIDE_BY, { kind: 'take' }],
    ['a doubted one is taken, whatever its payout becomes', [...begun, sent, doubted, failedOf('po_1')], DECIDE_BY, { kind: 'take' }],
    ['a payout that was made is taken for, however late', [...begun, sent, settledOf('po_1')], 10 * DECIDE_BY, { kind: 'take' }],
    ['a payout that failed gives back', [...begun, failedOf('po_1')], 2, { kind: 'give', reason: 'payout_failed' }],
    ['taken and paid out is the end', [...begun, sent, settledOf('po_1'), taken], 2, { kind: 'none' }],
    ['taken in doubt and failed is credited', [...begun, sent, doubted, taken, failedOf('po_1')], 2, { kind: 'credit' }],
    ['taken in doubt and open is waited for', [...begun, sent, doubted, taken], 2, { kind: 'wait' }],
    ['lost and paid out is covered', [...begun, sent, lost, settledOf('po_1')], 2, { kind: 'cover' }],
    ['lost and open is waited for', [...begun, sent, lost], 2, { kind: 'wait' }],
    ['lost and failed is forgotten', [...begun, sent, lost, failedOf('po_1')], 2, { kind: 'forget' }],
    ['given back is the end', [...begun, failedOf('po_1'), released], 2, { kind: 'none' }],
  ])('%s', (_, facts, now, expected) => {
    expect(effect(facts, now)).toEqual(expected)
  })

  test('the earlier of the two deadlines counts', () => {
    expect(effect([...begun, sent], 2, 5_000)).toEqual({ kind: 'guard', byMs: 4_900 })
    expect(effect([...begun, sent], 2, 50_000)).toEqual({ kind: 'guard', byMs: DECIDE_BY - MARGIN })
  })
})

describe('what comes next for an intent', () => {
  const start = createdWith(intent)
  test.each<[string, AppliedFact[], ExchangeEffect]>([
    ['an unpaid one is waited for', [start], { kind: 'wait' }],
    ['a paid one is paid out', [start, paid], { kind: 'pay', sendBy: undefined }],
    ['one whose payout is open is waited for', [start, paid, payoutCreated('po_1')], { kind: 'wait' }],
    ['one whose payout failed is refunded', [start, paid, payoutCreated('po_1'), failedOf('po_1')], { kind: 'refund' }],
    ['one whose refund is open is waited for', [start, paid, failedOf('po_1'), payoutCreated('po_2')], { kind: 'wait' }],
  ])('%s', (_, facts, expected) => {
    expect(effect(facts, 2)).toEqual(expected)
  })

  test.each<[string, AppliedFact[], string]>([
    ['paid out', [start, paid, settledOf('po_1')], 'completed'],
    ['refunded', [start, paid, failedOf('po_1'), payoutCreated('po_2'), settledOf('po_2')], 'returned'],
    ['not refundable', [start, paid, failedOf('po_1'), payoutCreated('po_2'), failedOf('po_2')], 'credited'],
    ['without a place to refund to', [createdWith({ ...intent, refundTo: [] as never }), paid, failedOf('po_1')], 'credited'],
    ['never paid', [start, { type: 'intent.expired', id: 'pi_1', at: 3 }], 'expired'],
  ])('%s is the end', (_, facts, status) => {
    expect(statusOf(after(...facts))).toBe(status)
    expect(effect(facts, 2)).toEqual({ kind: 'none' })
  })
})

describe('a fact that cannot follow what stands stops the process', () => {
  test.each<[string, AppliedFact[]]>([
    ['a second creation', [created, created]],
    ['a fact before the creation', [heldFact]],
    ['a payment given back while its payout moves', [...begun, sent, released]],
    ['a payment given back though its payout was made', [...begun, sent, settledOf('po_1'), released]],
    ['a payment taken twice', [...begun, sent, settledOf('po_1'), taken, taken]],
    ['a payment taken after it was given back', [...begun, failedOf('po_1'), released, taken]],
    ['a payment given back after it was taken', [...begun, sent, doubted, taken, failedOf('po_1'), released]],
    ['a covered exchange that lost nothing', [...begun, sent, settledOf('po_1'), { type: 'exchange.covered', id, at: 1, data: {} }]],
  ])('%s', (_, facts) => {
    expect(() => after(...facts)).toThrow('invariant broken')
  })
})

/** A node and a rail, driven by chance: what they would say next. */
type World = {
  node: 'open' | 'held' | 'settled' | 'cancelled'
  payout: 'none' | 'open' | 'sent' | 'settled' | 'failed'
  decideBy: number
  now: number
}
type Chance = Readonly<{ step: 'act' | 'payer' | 'tick' | 'try' | 'settle' | 'fail' | 'endPayout' | 'node' | 'hear'; ms: number }>

/** What the service does about an effect, on the model. Answers the facts that it writes. */
function perform(x: Exchange, w: World, e: ExchangeEffect): AppliedFact[] {
  switch (e.kind) {
    case 'watch':
      if (w.node === 'cancelled') return [{ ...released, data: { reason: 'unpaid' } } as AppliedFact]
      if (w.node !== 'held') return []
      if (w.now > w.decideBy - MARGIN - WORST) {
        w.node = 'cancelled'
        return [{ ...released, data: { reason: 'too_late' } } as AppliedFact]
      }
      return [{ type: 'exchange.held', id, at: w.now, data: { decideBy: w.decideBy, excess: some, entry: 'en_1' } }]
    case 'guard':
      return w.node === 'cancelled' ? [lost] : []
    case 'give':
      if (w.node === 'settled') return []
      w.node = 'cancelled'
      return [{ ...released, data: { reason: e.reason } } as AppliedFact]
    case 'take':
      if (w.node === 'held') w.node = 'settled'
      return w.node === 'cancelled' ? [lost] : []
    case 'doubt':
      return [{ type: 'exchange.doubted', id, at: w.now, data: { decideBy: e.decideBy } }]
    case 'pay':
      w.payout = 'open'
      return [payoutCreated('po_1')]
    case 'credit':
      return [{ type: 'exchange.credited', id, at: w.now, data: {} }]
    case 'cover':
      return [{ type: 'exchange.covered', id, at: w.now, data: {} }]
    case 'forget':
      return [released]
    default:
      expect(x.id).toBe(id)
      return []
  }
}

/** What the outside does. The node gives back at its deadline; a payout is tried until `sendBy`, fails then, and an open try ends as it will. */
function happen(x: Exchange, w: World, { step, ms }: Chance): AppliedFact[] {
  const sendBy = (x.held?.decideBy ?? 0) - MARGIN - WORST
  if (step === 'tick') w.now += ms
  if (step === 'payer' && w.node === 'open' && w.now <= 500) Object.assign(w, { node: 'held', decideBy: w.now + ms * 20 })
  if (step === 'node' && w.node === 'held' && w.now > w.decideBy) w.node = 'cancelled'
  if (step === 'try' && w.payout === 'open' && w.now <= sendBy) {
    w.payout = 'sent'
    return [sent]
  }
  if (step === 'settle' && w.payout === 'sent') {
    w.payout = 'settled'
    return [settledOf('po_1')]
  }
  if (step === 'fail' && w.payout === 'sent') {
    w.payout = 'open'
    return [failedTry]
  }
  if (step === 'endPayout' && w.payout === 'open') {
    w.payout = 'failed'
    return [failedOf('po_1')]
  }
  return step === 'hear' && w.node === 'settled' && !x.paid ? [taken] : []
}

const chance = fc.record({
  step: fc.constantFrom('act', 'act', 'act', 'payer', 'tick', 'try', 'settle', 'fail', 'endPayout', 'node', 'hear'),
  ms: fc.integer({ min: 1, max: 1_500 }),
})

test('whatever comes, a payment is never given back by us while its payout has moved or may have, and everything has an end', () => {
  fc.assert(
    fc.property(fc.array(chance, { maxLength: 60 }), (chances) => {
      const w: World = { node: 'open', payout: 'none', decideBy: 0, now: 0 }
      let x = after(created)
      const play = (c: Chance) => {
        const nodeBefore = w.node
        const facts = c.step === 'act' ? perform(x, w, nextEffect(x, { ...LIMITS, now: w.now })) : happen(x, w, c)
        if (c.step === 'act' && nodeBefore === 'held' && w.node === 'cancelled') expect(['none', 'open', 'failed']).toContain(w.payout)
        if (c.step === 'act' && nodeBefore === 'held' && w.node === 'cancelled' && w.payout === 'open')
          expect.unreachable('it may still be tried')
        for (const fact of facts) x = evolve(x, fact)
      }
      for (const c of chances) play(c)
      // The outside comes to rest: the payer is late, open tries fail, the payout ends, and the rail tells what it took.
      const rest = ['fail', 'endPayout', 'hear'] as const
      for (let i = 0; i < 12 && !isEnded(x); i++) {
        play({ step: 'tick', ms: 20_000 })
        for (const step of rest) play({ step, ms: 1 })
        play({ step: 'act', ms: 1 })
      }
      expect(isEnded(x)).toBe(true)
      const moved = w.payout === 'settled'
      const { node } = w
      // Both or neither, or one of the two exceptions by its name.
      if (x.exceptions.includes('payment_lost')) expect(node).toBe('cancelled')
      else if (x.exceptions.includes('payout_failed_after')) expect([node, moved]).toEqual(['settled', false])
      else expect(node === 'settled').toBe(moved)
      expect(x.covered).toBe(x.lost && moved)
    }),
    { numRuns: 2_000 },
  )
})
