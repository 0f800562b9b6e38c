import type { ErrorCode } from '../errors/catalog.ts'
import { GatewayError, isGatewayError } from '../errors/gatewayError.ts'
import { accounts } from '../ledger/journal/accounts.ts'
import { drive } from '../ledger/process/drive.ts'
import { submitUntilKnown } from '../ledger/process/submit.ts'
import { createUnderWay } from '../ledger/process/underWay.ts'
import { compare, type Money, showMoney } from '../money/money.ts'
import type { Unmatched } from '../payins/settlement/unmatched.ts'
import { REFUSED_FOR_GOOD } from '../payouts/payout/createPayout.ts'
import type { Claim, Fact } from '../ports/books.ts'
import type { Destination } from '../ports/sender.ts'
import { type Action, type Deed, type Grounds, isOpen } from './action.ts'
import { bookAction, endOf } from './bookAction.ts'
import { checkAdjustment } from './checkAdjustment.ts'
import type { SuspenseContext } from './context.ts'
import { toSuspenseFact } from './facts.ts'
import { needsSecond, requireAgreed } from './secondPerson.ts'
import { type Suggestion, suggest } from './suggestions.ts'
import { type ActionView, viewAction } from './view.ts'

/** Steps that wait for a second person at once. */
const WAITING_MAX = 1_000
/** Under this name each that is being asked for is counted. */
const ALL = 'all'
const WIDTH = 8
const RETRY_MS = 1_000
const STEPS_MAX = 4
/** What a payout is refused with for good. */
const REFUSALS: readonly ErrorCode[] = [...REFUSED_FOR_GOOD, 'insufficient_balance']

/** What becomes durable in the same submission, such as the answer that is kept for a repeat. */
type Along = (made: ActionView) => Readonly<{ claims: readonly Claim[]; facts: readonly Fact[] }>
type Hand = Readonly<{ by: string; along: Along }>

export type Suspense = Readonly<{
  /** What waits, with whose it may be. */
  list(): readonly Readonly<{ item: Unmatched; suggestions: readonly Suggestion[] }>[]
  /** What is left of an item. Throws `not_found`. */
  item(id: string): Unmatched
  /** What an attempt was sent with that its rail will not end. Throws `not_found` and `attempt_not_stuck`. */
  attemptAmount(payout: string, attempt: string): Money
  /** Done at once, or, above what one operator does alone, when another agrees. */
  ask(deed: Deed, amount: Money, grounds: Grounds, hand: Hand): Promise<void>
  /** A second operator agrees: it is booked as things stand now. */
  approve(id: string, hand: Hand): Promise<void>
  cancel(id: string, hand: Hand): Promise<void>
  get(id: string): ActionView
  /** Refuses with `not_found` or `forbidden` to pay what is left of a refund to destinations that nobody agreed on. */
  requireAgreed(id: string, destinations: readonly Destination[]): void
  /** What waits for a second operator. */
  waiting(): ActionView[]
  /** After the payouts have been taken up: makes the payout of each refund that has none. */
  start(): void
  close(): Promise<void>
}>

/** The operator's hands. Its records must have been made before the books started. */
export function createSuspense(c: SuspenseContext & Readonly<{ onFatal: (error: unknown) => void }>): Suspense {
  const { records, settlements, clock } = c
  const [refunds, alone, asking] = [driveRefunds(c), bookingAlone(c), createUnderWay()]

  function known(id: string): Action {
    const action = records.get(id)
    if (!action) throw new GatewayError('not_found', `Nothing was done by hand under ${id.slice(0, 60)}`)
    return action
  }

  function stillWaiting(id: string): Action {
    const action = known(id)
    if (action.status !== 'waiting') throw new GatewayError('suspense_changed', `${action.id} is ${action.status} already`)
    return action
  }

  function item(id: string): Unmatched {
    const found = settlements.waiting(id)
    if (!found) throw new GatewayError('not_found', `Nothing waits in suspense under ${id.slice(0, 120)}`)
    return found
  }

  return {
    list() {
      const items = settlements.unmatched()
      const whose = suggest(c, items)
      return items.map((one) => ({ item: one, suggestions: whose.get(one.id) ?? [] }))
    },
    item,
    attemptAmount: (payout, attempt) => c.payouts.byHand.stuckAmount(payout, attempt),
    async ask(deed, amount, grounds, { by, along }) {
      check(c, deed, { amount, grounds }, item)
      const id = c.ids.suspenseAction()
      const second = needsSecond(c, { deed, amount, by }, alone.underWay())
      if (second && records.openCount() + asking.of(ALL) >= WAITING_MAX)
        throw new GatewayError('too_busy', `${WAITING_MAX} steps wait for a second operator`)
      const status = second ? 'waiting' : 'booked'
      const action: Action = { id, deed, amount, grounds, by, approvedBy: undefined, at: clock.now(), status, payment: 'none' }
      const asked = askedFact(action)
      const with_ = along(viewAction(action))
      if (second) await asking.during([ALL], () => submitUntilKnown(c.books, { claims: with_.claims, facts: [asked, ...with_.facts] }))
      else await alone.book(action, [asked], with_)
      refunds.wake(id)
    },
    async approve(id, { by, along }) {
      const action = stillWaiting(id)
      if (action.by === by) throw new GatewayError('forbidden', `${by} has asked for it, so another operator must approve it`)
      const done = viewAction({ ...action, status: 'booked', approvedBy: by })
      await bookAction(c, action, { by, asked: [], along: along(done) })
      refunds.wake(id)
    },
    async cancel(id, { by, along }) {
      const action = stillWaiting(id)
      const { claims, facts } = along(viewAction({ ...action, status: 'canceled' }))
      const canceled = toSuspenseFact({ type: 'suspense.canceled', id: action.id, at: clock.now(), data: { by } })
      const ends = { key: endOf(action), fingerprint: 'canceled' }
      const outcome = await submitUntilKnown(c.books, { claims: [ends, ...claims], facts: [canceled, ...facts] })
      if (outcome.kind === 'conflict') throw new GatewayError('suspense_changed', `${action.id} was approved or cancelled meanwhile`)
    },
    get: (id) => viewAction(known(id)),
    requireAgreed: (id, destinations) => requireAgreed(known(id), destinations),
    waiting: () =>
      records
        .open()
        .filter(({ status }) => status === 'waiting')
        .map(viewAction),
    start: () => void refunds.resume(),
    close: refunds.close,
  }
}

/** Books what one operator does alone, and knows what is being booked, so that many at once are weighed together. */
function bookingAlone(c: SuspenseContext) {
  const underWay = new Map<string, Action>()
  return {
    underWay: () => underWay.values(),
    async book(action: Action, asked: readonly Fact[], along: ReturnType<Along>): Promise<void> {
      underWay.set(action.id, action)
      try {
        await bookAction(c, action, { by: action.by, asked, along })
      } finally {
        underWay.delete(action.id)
      }
    },
  }
}

function driveRefunds(c: SuspenseContext & Readonly<{ onFatal: (error: unknown) => void }>) {
  return drive<Action, { kind: 'none' | 'pay' }>({
    name: 'refund',
    records: c.records,
    next: (action) => ({ kind: action.status === 'booked' && isOpen(action) ? 'pay' : 'none' }),
    steps: { none: () => 'wait', pay: (action) => payRefund(c, action) },
    width: WIDTH,
    retryMs: RETRY_MS,
    stepsMax: STEPS_MAX,
    log: c.log,
    clock: c.clock,
    onFatal: c.onFatal,
  })
}

function askedFact({ id, at, deed, amount, by, grounds }: Action): Fact {
  const { reason, evidence } = grounds
  const data = { deed, asset: amount.asset.id, units: amount.units.toString(), by, reason, evidence }
  return toSuspenseFact({ type: 'suspense.asked', id, at, data })
}

/** Refuses before anything is written what could never be booked. */
function check(c: SuspenseContext, deed: Deed, { amount, grounds }: { amount: Money; grounds: Grounds }, item: Suspense['item']): void {
  if (amount.units <= 0n) throw new GatewayError('invalid_amount', `${showMoney(amount)} cannot be moved`)
  if (deed.what === 'adjust') {
    checkAdjustment(c, { debit: deed.debit, credit: deed.credit, asset: amount.asset })
    return
  }
  if (deed.what === 'end_attempt') {
    c.payouts.byHand.checkRuling(deed.payout, deed.attempt, { outcome: deed.outcome, evidence: grounds.evidence.text })
    return
  }
  const left = item(deed.item).amount
  if (compare(amount, left) > 0) throw new GatewayError('invalid_amount', `${deed.item} has ${showMoney(left)} left`)
  if (deed.what === 'assign' && deed.to.startsWith('pa_')) c.parties.get(deed.to)
  if (deed.what === 'assign' && deed.to.startsWith('pi_')) c.intents.get(deed.to)
  if (deed.what === 'refund') {
    const { destinations, reference } = deed
    c.payouts.check({ source: accounts.surplus('sa_new'), amount, destinations, reference, createdBy: 'suspense' })
  }
}

/** The payout has its id since the refund was asked for, so it is made once however often this runs. */
async function payRefund(c: SuspenseContext, { id, deed, amount, by }: Action): Promise<'wait'> {
  if (deed.what !== 'refund') return 'wait'
  const { payout, destinations, reference } = deed
  try {
    await c.payouts.create({ id: payout, source: accounts.surplus(id), amount, destinations, reference, createdBy: by })
  } catch (error) {
    if (!isGatewayError(error) || !REFUSALS.includes(error.code)) throw error
    c.log.warn({ refund: id, payout, code: error.code, detail: error.shortMessage }, 'the payout of a refund is refused')
    const refused = toSuspenseFact({ type: 'suspense.refused', id, at: c.clock.now(), data: { detail: error.shortMessage } })
    await submitUntilKnown(c.books, { claims: [{ key: `suspense:${id}:refused`, fingerprint: 'refused' }], facts: [refused] })
  }
  return 'wait'
}
