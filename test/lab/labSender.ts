import { type Money, money } from '../../gateway/money/money.ts'
import { daysOf } from '../../gateway/payouts/calendar/schemes.ts'
import type { AttemptId } from '../../gateway/ports/ids.ts'
import type { Outcome } from '../../gateway/ports/outcome.ts'
import type { Attempt, Estimate, Sender } from '../../gateway/ports/sender.ts'
import type { RailBalance } from '../../gateway/ports/statement.ts'
import { USDC } from '../payout/payoutWorld.ts'
import type { LabRail, Truth } from './labRails.ts'

const SECOND_MS = 1_000
const HOUR_MS = 3_600_000
const UNITS_PER_USD = 1_000_000n
const PPM = 1_000_000
/** What a rail answers within so long it answers to the call that sends. */
const CALL_MS = 20_000
/** When what was denied is paid. */
const DENIED_MS = 900_000
/** What each rail's account holds at first. */
export const HOLDS = 10n ** 15n

/** A try as its rail has it: what becomes of it, and when. `n` is the payment's number. */
export type Order = Readonly<{
  n: number
  place: number
  sentAt: number
  endsAt: number
  paid: boolean
  manner: 'honest' | 'silent' | 'denies' | 'twice'
  amount: Money
  fee: Money
}>
export type LabSender = Readonly<{
  sender: Sender
  balances(): Promise<readonly RailBalance[]> /** What moved beyond what it said. */
  unsaid(): bigint
}>

/** A rail of the laboratory on virtual time. `heard` is told of each order, once. */
export function createLabSender(
  known: LabRail,
  o: Readonly<{ place: number; at: string; truth: Truth; now: () => number; heard: (order: Order) => void }>,
): LabSender {
  const { place, truth, now } = o
  const orders = new Map<AttemptId, Order>()
  let moved = 0n
  let unsaid = 0n
  const fundsMs = fundsAfter(known)

  function receive({ id, amount, reference }: Attempt): Order {
    const before = orders.get(id)
    if (before) return before
    const n = Number(reference)
    const manner = mannerOf(known, truth.luck(n, place, 'lies'))
    const paid = manner === 'denies' || manner === 'twice' || truth.luck(n, place, 'paid') < truth.chance(place)
    const takesMs = manner === 'denies' ? DENIED_MS : paid ? fundsMs(now()) : known.secondsToFail * SECOND_MS
    const fee = feeOf(known, amount)
    const order: Order = { n, place, sentAt: now(), endsAt: now() + takesMs, paid, manner, amount, fee }
    orders.set(id, order)
    const once = amount.units + fee.units
    if (paid) moved += manner === 'twice' ? 2n * once : once
    if (manner === 'denies' || manner === 'twice') unsaid += once
    o.heard(order)
    return order
  }

  function word(id: AttemptId, { endsAt, paid, manner, fee }: Order): Outcome {
    const isOver = now() >= endsAt
    if (manner === 'denies' || (isOver && !paid)) return { kind: 'failed', reason: known.says }
    if (isOver) return { kind: 'settled', evidence: { rail: known.rail, id: `proof of ${id}`, at: now() }, fee }
    return { kind: 'unknown', checkAfterMs: endsAt - now(), ...(manner === 'silent' && { silent: true as const }) }
  }

  return {
    unsaid: () => unsaid,
    balances: async () => [{ place: o.at, amount: money(USDC, HOLDS - moved), at: now(), inFlight: [] }],
    sender: {
      rail: known.rail,
      asset: USDC,
      serves: [known.destination.kind],
      feesComeBy: 'outcome',
      check: () => undefined,
      async estimate({ amount }): Promise<Estimate> {
        const upTo = money(USDC, BigInt(known.maxUsd) * UNITS_PER_USD)
        if (amount.units > upTo.units) return { kind: 'impossible', reason: 'insufficient_liquidity', detail: 'more than it takes', upTo }
        const fee = feeOf(known, amount)
        return {
          kind: 'possible',
          fee,
          feeMax: fee,
          failureFee: money(USDC, 0n),
          successPpm: BigInt(Math.round(known.say * PPM)), // not money: a chance
          secondsToFunds: BigInt(Math.ceil(fundsMs(now()) / SECOND_MS)), // not money: a time
          secondsToFail: BigInt(known.secondsToFail),
          available: money(USDC, HOLDS - moved),
        }
      },
      async send(attempt, { acknowledged }) {
        const order = receive(attempt)
        if (order.manner === 'silent') return { kind: 'unknown', checkAfterMs: SECOND_MS, silent: true }
        acknowledged?.()
        const waitMs = order.endsAt - now()
        if (order.manner !== 'denies' && waitMs <= CALL_MS) await new Promise<void>((resolve) => void setTimeout(resolve, waitMs))
        return word(attempt.id, order)
      },
      async lookup(id) {
        const order = orders.get(id)
        return order ? word(id, order) : { kind: 'failed', reason: 'never_sent' }
      },
    },
  }
}

export function feeOf({ feeUnits, feePpm }: LabRail, { units }: Money): Money {
  return money(USDC, feeUnits + (units * feePpm) / BigInt(PPM))
}

function mannerOf({ lies }: LabRail, luck: number): Order['manner'] {
  const at = luck * PPM
  if (at < lies.silentPpm) return 'silent'
  if (at < lies.silentPpm + lies.deniesPpm) return 'denies'
  return at < lies.silentPpm + lies.deniesPpm + lies.twicePpm ? 'twice' : 'honest'
}

/** How long what is sent now takes until it is good funds (ms). A calendar is asked once for each hour. */
export function fundsAfter({ scheme, secondsToFunds }: Pick<LabRail, 'scheme' | 'secondsToFunds'>): (now: number) => number {
  if (!scheme) return () => secondsToFunds * SECOND_MS
  const days = daysOf(scheme)
  const there = new Map<number, number>()
  return (now) => {
    const hour = Math.floor(now / HOUR_MS)
    const at = there.get(hour) ?? days.goodFundsAt((hour + 1) * HOUR_MS)
    there.set(hour, at)
    return at - now
  }
}
