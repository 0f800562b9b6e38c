import type { Asset } from '../money/asset.ts'
import { type Money, money } from '../money/money.ts'
import type { RailName } from '../ports/railName.ts'
import type { Receiver } from '../ports/receiver.ts'
import type { Attempt, Destination, Estimate, Sender } from '../ports/sender.ts'
import type { Statement } from '../ports/statement.ts'
import { fakeReceiver } from './fakeReceiver.ts'
import { fakeRecords, type Manner } from './fakeRecords.ts'

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

type Settings = Readonly<{
  asset: Asset
  serves: readonly Destination['kind'][]
  feesComeBy: 'outcome' | 'stream'
  fee: Money
  feeMax: Money
  available: Money
}>

/** A rail as a world sees it from outside: it remembers, whatever becomes of the gateway. */
export function fakeRail<Name extends RailName>(o: Settings & Readonly<{ rail: Name }>): FakeRail & Readonly<{ rail: Name }> {
  const records = fakeRecords({ rail: o.rail, fee: () => rail.fee })
  const receiver = fakeReceiver(o)
  const { paid } = records
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
    release: records.release,
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
    estimate: () => estimate(rail, o),
    async send(attempt) {
      rail.heard.push(attempt.id)
      const known = records.known(attempt.id)
      if (known) return known
      const wrong = rail.check(attempt.destination)
      if (wrong) return records.refuse(attempt, { kind: 'failed', reason: 'invalid_destination', detail: wrong })
      const isAbove = o.feesComeBy === 'outcome' && rail.fee.units > attempt.feeMax.units
      if (isAbove && rail.keepsLimit) return records.refuse(attempt, { kind: 'failed', reason: 'fee_above_limit' })
      return records.meet(attempt, rail.manner)
    },
    lookup: async (id) => records.look(id) ?? { kind: 'failed', reason: 'never_sent' },
  }
  return rail
}

async function estimate({ estimates, terms }: FakeRail, { fee, feeMax, available }: Settings): Promise<Estimate> {
  if (estimates === 'hang') return new Promise(() => {})
  if (estimates === 'throw') throw new Error('the rail is broken')
  if (estimates === 'refuse') return { kind: 'impossible', reason: 'no_route', detail: 'no way there' }
  return {
    kind: 'possible',
    fee,
    feeMax,
    failureFee: money(fee.asset, 0n),
    successPpm: 990_000n,
    secondsToFunds: 2n,
    secondsToFail: 5n,
    available,
    ...terms,
  }
}
