import type { Money } from '../money/money.ts'
import type { Outcome } from '../ports/outcome.ts'
import type { RailName } from '../ports/railName.ts'
import type { Attempt } from '../ports/sender.ts'

/**
 * How the rail meets one send. `pay` and `refuse` answer; `paySilently` and `refuseSilently` do it and answer `unknown`; `payLater` pays only after
 * some lookups; `hangUnheard` never answers and did nothing; `hangPaid` pays and never answers; `throwPaid` pays and throws;
 * `lateUnheard` does nothing until the caller's patience has ended, and then pays.
 */
export type Manner =
  | 'pay'
  | 'refuse'
  | 'paySilently'
  | 'refuseSilently'
  | 'payLater'
  | 'stuck'
  | 'hangUnheard'
  | 'hangPaid'
  | 'throwPaid'
  | 'lateUnheard'

type Failed = Outcome & { kind: 'failed' }
type Payment = { attempt: Attempt; state: 'paid' | 'refused' | 'pending' | 'stuck'; asked: number; refusal?: Failed }

/** What the world outside remembers of the attempts that came to it, by their ids. */
type FakeRecords = Readonly<{
  /** Payments that left, one a payment. */
  paid: Attempt[]
  /** Meets what was not met before; one id is met once. */
  meet: (attempt: Attempt, manner: Manner) => Promise<Outcome> | Outcome
  refuse: (attempt: Attempt, refusal: Failed) => Outcome
  known: (id: string) => Outcome | undefined
  /** As `known`, and what is paid later comes nearer to it. */
  look: (id: string) => Outcome | undefined
  release: () => void
}>

const PENDING_LOOKUPS = 3
const LATE_MS = 400

export function fakeRecords({ rail, fee }: Readonly<{ rail: RailName; fee: () => Money }>): FakeRecords {
  const payments = new Map<string, Payment>()
  const paid: Attempt[] = []

  function keep(attempt: Attempt, state: Payment['state']): Payment {
    const payment = { attempt, state, asked: 0 }
    payments.set(attempt.id, payment)
    if (state === 'paid') paid.push(attempt)
    return payment
  }

  function pay(payment: Payment): void {
    payment.state = 'paid'
    paid.push(payment.attempt)
  }

  function outcomeOf({ attempt, state, refusal }: Payment): Outcome {
    if (state === 'paid') return { kind: 'settled', evidence: { rail, id: `proof-${attempt.id}`, at: 1 }, fee: fee() }
    if (state === 'refused') return refusal ?? { kind: 'failed', reason: 'rejected_by_rail', detail: 'the rail said no' }
    if (state === 'stuck') return { kind: 'unknown', checkAfterMs: 1, stuck: true }
    return { kind: 'unknown', checkAfterMs: 1 }
  }

  function known(id: string): Outcome | undefined {
    const payment = payments.get(id)
    return payment && outcomeOf(payment)
  }

  return {
    paid,
    known,
    meet: (attempt, manner) => MEETINGS[manner](attempt, { keep, known, outcomeOf }),
    refuse(attempt, refusal) {
      keep(attempt, 'refused').refusal = refusal
      return refusal
    },
    look(id) {
      const payment = payments.get(id)
      if (payment) payment.asked++
      if (payment?.state === 'pending' && payment.asked >= PENDING_LOOKUPS) pay(payment)
      return known(id)
    },
    release() {
      for (const payment of payments.values()) if (payment.state === 'stuck') pay(payment)
    },
  }
}

type World = Readonly<{
  keep: (attempt: Attempt, state: Payment['state']) => Payment
  known: (id: string) => Outcome | undefined
  outcomeOf: (payment: Payment) => Outcome
}>

const SILENT: Outcome = { kind: 'unknown', checkAfterMs: 1 }
const never = () => new Promise<Outcome>(() => {})

/** Keeps it so and says nothing of it. */
const silently =
  (state: Payment['state']) =>
  (attempt: Attempt, { keep }: World): Outcome => {
    keep(attempt, state)
    return SILENT
  }

/** Keeps it so and answers. */
const openly =
  (state: Payment['state']) =>
  (attempt: Attempt, { keep, outcomeOf }: World): Outcome =>
    outcomeOf(keep(attempt, state))

const MEETINGS: Readonly<Record<Manner, (attempt: Attempt, world: World) => Promise<Outcome> | Outcome>> = {
  pay: openly('paid'),
  refuse: openly('refused'),
  paySilently: silently('paid'),
  refuseSilently: silently('refused'),
  payLater: silently('pending'),
  stuck: openly('stuck'),
  hangUnheard: never,
  hangPaid(attempt, { keep }) {
    keep(attempt, 'paid')
    return never()
  },
  throwPaid(attempt, { keep }) {
    keep(attempt, 'paid')
    throw new Error('the connection broke')
  },
  lateUnheard: (attempt, { keep, known, outcomeOf }) =>
    new Promise((resolve) => setTimeout(() => resolve(known(attempt.id) ?? outcomeOf(keep(attempt, 'paid'))), LATE_MS)),
}
