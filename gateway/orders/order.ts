import { hash } from 'node:crypto'
import type { Hand } from '../approvals/approval.ts'
import { invariant } from '../errors/invariant.ts'
import type { Asset } from '../money/asset.ts'
import { max } from '../money/integers.ts'
import { type Money, money } from '../money/money.ts'
import type { PartyId, PayoutId } from '../ports/ids.ts'
import { type Metadata, saidMetadata } from '../ports/metadata.ts'
import type { Destination } from '../ports/sender.ts'
import type { OrderData, OrderFact, OrderId, OrderStatus, Schedule } from './facts.ts'
import { slotAt, slotStart } from './schedule.ts'

/** How its last run came out; of a payout, that it was made or asked for. */
type LastRun = Readonly<{ slot: number; at: number; payout?: PayoutId; code?: string }>

/** What is paid of a balance: `fixed`, or all that is above `keep`; with `above` only when there is more than that. The fee is at most `feeMax` besides. */
export type Terms = Readonly<{ fixed: Money | undefined; keep: Money; above: Money | undefined; feeMax: Money }>

/** `firstSlot`: the first that it runs in; the slot in which it was made or resumed is over. */
export type StandingOrder = Readonly<{
  id: OrderId
  party: PartyId
  status: OrderStatus
  schedule: Schedule
  terms: Terms
  destination: Destination
  reference: string
  metadata?: Metadata
  hand: Hand
  firstSlot: number
  last: LastRun | undefined
  createdAt: number
}>

/** The order as a fact makes it. */
export function evolve(order: StandingOrder | undefined, fact: OrderFact, assetOf: (id: string) => Asset): StandingOrder {
  if (fact.type === 'standing_order.created') return orderOf(fact, assetOf)
  invariant(order, `${fact.id} was made before ${fact.type}`)
  const { at } = fact
  switch (fact.type) {
    case 'standing_order.changed': {
      const { status } = fact.data
      if (order.status === 'ended') return order
      return status === 'active'
        ? { ...order, status, firstSlot: max(order.firstSlot, slotAt(order.schedule, at) + 1) }
        : { ...order, status }
    }
    case 'standing_order.ran':
      return { ...order, last: { slot: fact.data.slot, at, payout: fact.data.payout } }
    case 'standing_order.skipped':
      return { ...order, last: { slot: fact.data.slot, at } }
    case 'standing_order.failed':
      return { ...order, last: { slot: fact.data.slot, at, code: fact.data.code } }
  }
}

function orderOf({ id, at, data }: Extract<OrderFact, { type: 'standing_order.created' }>, assetOf: (id: string) => Asset): StandingOrder {
  const { party, schedule, destination, reference, metadata, by, person, key } = data
  const hand = { by, person, key }
  const firstSlot = slotAt(schedule, at) + 1
  const terms = termsOf(data, assetOf(data.asset))
  const about = { reference, ...saidMetadata(metadata) }
  return { id, party, status: 'active', schedule, terms, destination, ...about, hand, firstSlot, last: undefined, createdAt: at }
}

function termsOf({ units, keep, above, feeMax }: OrderData, asset: Asset): Terms {
  const of = (text: string) => money(asset, BigInt(text))
  return {
    fixed: units === undefined ? undefined : of(units),
    keep: of(keep),
    above: above === undefined ? undefined : of(above),
    feeMax: of(feeMax),
  }
}

/** What a run pays of so many units that are free: nothing, an amount, or what the balance is too small for. */
type Due = Readonly<{ kind: 'nothing' }> | Readonly<{ kind: 'pay' | 'short'; amount: Money }>

export function dueOf({ fixed, keep, above, feeMax }: Terms, free: bigint): Due {
  if (above !== undefined && free <= above.units) return { kind: 'nothing' }
  const most = money(keep.asset, free - keep.units - feeMax.units)
  if (fixed === undefined) return most.units > 0n ? { kind: 'pay', amount: most } : { kind: 'nothing' }
  return { kind: fixed.units <= most.units ? 'pay' : 'short', amount: fixed }
}

/** What is taken once: the run of a slot. */
export function slotClaim(id: OrderId, slot: number): string {
  return `standing_order:${id}:${slot}`
}

/** The payout of a slot has one name, whoever makes it and however often: its time is the slot's, the rest follows from order and slot. */
export function payoutOfSlot({ id, schedule }: Pick<StandingOrder, 'id' | 'schedule'>, slot: number): PayoutId {
  const time = slotStart(schedule, slot).toString(16).padStart(12, '0')
  return `po_${time}7${hash('sha256', slotClaim(id, slot), 'hex').slice(0, 19)}`
}
