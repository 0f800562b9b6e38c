import type { Asset } from '../money/asset.ts'
import { type Money, money } from '../money/money.ts'
import type { Outcome } from '../ports/outcome.ts'
import type { RailName } from '../ports/railName.ts'
import type { Receiver } from '../ports/receiver.ts'
import type { Attempt, Destination, Estimate, Sender } from '../ports/sender.ts'
import type { Statement } from '../ports/statement.ts'
import { fakeReceiver } from './fakeReceiver.ts'

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

type Record_ = { attempt: Attempt; state: 'paid' | 'refused' | 'pending' | 'stuck'; asked: number; refusal?: Outcome & { kind: 'failed' } }

export type FakeRail = Sender &
  Statement &
  Receiver & {
    /** Payments that left, one a payment; the same attempt id twice would show here. */
    readonly paid: Attempt[]
    /** Ids handed to `send`, in order. */
    readonly heard: string[]
    manner: Manner
    terms: Partial<Estimate & { kind: 'possible' }>
    fee: Money
    /** Whether it refuses to take more than an attempt's limit. */
    keepsLimit: boolean
    estimates: 'answer' | 'refuse' | 'hang' | 'throw'
    sent(): bigint
    /** What is stuck is paid: the payee has ended it. */
    release(): void
    /** Somebody pays an offer, by its reference, so much more than was asked; the arrival's id. */
    arrive(reference: string, more?: bigint): string
    close(): Promise<void>
  }

const PENDING_LOOKUPS = 3
const LATE_MS = 400

/** A rail as a world sees it from outside: it remembers, whatever becomes of the gateway. */
export function fakeRail<Name extends RailName>(o: {
  rail: Name
  asset: Asset
  serves: readonly Destination['kind'][]
  feesComeBy: 'outcome' | 'stream'
  fee: Money
  feeMax: Money
  available: Money
}): FakeRail & Readonly<{ rail: Name }> {
  const records = new Map<string, Record_>()
  const paid: Attempt[] = []

  function outcomeOf(record: Record_): Outcome {
    if (record.state === 'paid')
      return { kind: 'settled', evidence: { rail: o.rail, id: `proof-${record.attempt.id}`, at: 1 }, fee: rail.fee }
    if (record.state === 'refused') return record.refusal ?? { kind: 'failed', reason: 'rejected_by_rail', detail: 'the rail said no' }
    if (record.state === 'stuck') return { kind: 'unknown', checkAfterMs: 1, stuck: true }
    return { kind: 'unknown', checkAfterMs: 1 }
  }

  function keep(attempt: Attempt, state: Record_['state']): Record_ {
    const record = { attempt, state, asked: 0 }
    records.set(attempt.id, record)
    if (state === 'paid') paid.push(attempt)
    return record
  }

  function refuse(attempt: Attempt, refusal: Outcome & { kind: 'failed' }): Outcome {
    keep(attempt, 'refused').refusal = refusal
    return refusal
  }

  function meet(attempt: Attempt): Promise<Outcome> | Outcome {
    const silent: Outcome = { kind: 'unknown', checkAfterMs: 1 }
    switch (rail.manner) {
      case 'pay':
        return outcomeOf(keep(attempt, 'paid'))
      case 'refuse':
        return outcomeOf(keep(attempt, 'refused'))
      case 'paySilently':
        keep(attempt, 'paid')
        return silent
      case 'refuseSilently':
        keep(attempt, 'refused')
        return silent
      case 'payLater':
        keep(attempt, 'pending')
        return silent
      case 'stuck':
        return outcomeOf(keep(attempt, 'stuck'))
      case 'hangUnheard':
        return new Promise(() => {})
      case 'hangPaid':
        keep(attempt, 'paid')
        return new Promise(() => {})
      case 'throwPaid':
        keep(attempt, 'paid')
        throw new Error('the connection broke')
      case 'lateUnheard':
        return new Promise((resolve) => setTimeout(() => resolve(outcomeOf(records.get(attempt.id) ?? keep(attempt, 'paid'))), LATE_MS))
    }
  }

  const receiver = fakeReceiver(o)
  const rail: FakeRail & Readonly<{ rail: Name }> = {
    ...receiver,
    rail: o.rail,
    asset: o.asset,
    serves: o.serves,
    feesComeBy: o.feesComeBy,
    paid,
    heard: [],
    manner: 'pay',
    terms: {},
    fee: o.fee,
    keepsLimit: true,
    estimates: 'answer',
    sent: () => paid.reduce((sum, attempt) => sum + attempt.amount.units, 0n),
    release() {
      for (const record of records.values()) {
        if (record.state !== 'stuck') continue
        record.state = 'paid'
        paid.push(record.attempt)
      }
    },
    check(destination) {
      if (!o.serves.includes(destination.kind)) return `pays no ${destination.kind}`
      return JSON.stringify(destination).includes('malformed') ? 'is malformed' : undefined
    },
    async balances() {
      const fees = o.feesComeBy === 'outcome' ? BigInt(paid.length) * rail.fee.units : 0n
      const units = o.available.units + receiver.arrivedUnits() - rail.sent() - fees
      return [{ place: 'account', amount: money(o.asset, units), at: 1, inFlight: [] }]
    },
    async close() {},
    async estimate() {
      if (rail.estimates === 'hang') return new Promise(() => {})
      if (rail.estimates === 'throw') throw new Error('the rail is broken')
      if (rail.estimates === 'refuse') return { kind: 'impossible', reason: 'no_route', detail: 'no way there' }
      return {
        kind: 'possible',
        fee: o.fee,
        feeMax: o.feeMax,
        failureFee: money(o.fee.asset, 0n),
        successPpm: 990_000n,
        secondsToFunds: 2n,
        secondsToFail: 5n,
        available: o.available,
        ...rail.terms,
      }
    },
    async send(attempt) {
      rail.heard.push(attempt.id)
      const known = records.get(attempt.id)
      if (known) return outcomeOf(known)
      const wrong = rail.check(attempt.destination)
      if (wrong) return refuse(attempt, { kind: 'failed', reason: 'invalid_destination', detail: wrong })
      const isAbove = o.feesComeBy === 'outcome' && rail.fee.units > attempt.feeMax.units
      if (isAbove && rail.keepsLimit) return refuse(attempt, { kind: 'failed', reason: 'fee_above_limit' })
      return meet(attempt)
    },
    async lookup(id) {
      const record = records.get(id)
      if (!record) return { kind: 'failed', reason: 'never_sent' }
      record.asked++
      if (record.state === 'pending' && record.asked >= PENDING_LOOKUPS) {
        record.state = 'paid'
        paid.push(record.attempt)
      }
      return outcomeOf(record)
    },
  }
  return rail
}
