import { type FactOf, factKinds } from '../ports/factKinds.ts'
import type { KeyId, PartyId, PayoutId } from '../ports/ids.ts'
import type { Metadata } from '../ports/metadata.ts'
import type { Destination } from '../ports/sender.ts'

export type OrderId = `so_${string}`
/** What a party can do with one: `ended` is for good. */
export type OrderStatus = 'active' | 'paused' | 'ended'

/** A run at each hour, or at `hour` (UTC) of each day, of a day of the week (1 is Monday), or of the month: its last one stands for a day it lacks. */
export type Schedule = Readonly<{ every: 'hour' | 'day' | 'week' | 'month'; day: number; hour: number }>

/** Units are of the asset. Without `units` all that is above `keep` is paid; with `above` only when the balance is more than that. */
export type OrderData = Readonly<{
  party: PartyId
  schedule: Schedule
  asset: string
  units?: string
  keep: string
  above?: string
  feeMax: string
  destination: Destination
  reference: string
  metadata?: Metadata
  by: string
  person?: string
  key?: KeyId
}>

/** `slot` is a period of its schedule, counted from 1970. `waits`: another person must agree first. */
type RanData = Readonly<{ slot: number; payout: PayoutId; units: string; waits?: true }>

/** Every fact that this wing writes. Each run takes the claim of its slot, so there is one of a slot at most. */
export type OrderFact =
  | FactOf<'standing_order.created', OrderId, OrderData>
  | FactOf<'standing_order.changed', OrderId, Readonly<{ status: OrderStatus; by: string }>>
  | FactOf<'standing_order.ran', OrderId, RanData>
  /** There was nothing to pay. */
  | FactOf<'standing_order.skipped', OrderId, Readonly<{ slot: number }>>
  /** The payout was refused. */
  | FactOf<'standing_order.failed', OrderId, Readonly<{ slot: number; code: string; detail: string }>>

const kinds = factKinds<OrderFact>({
  'standing_order.created': true,
  'standing_order.changed': true,
  'standing_order.ran': true,
  'standing_order.skipped': true,
  'standing_order.failed': true,
})

export const toOrderFact = kinds.write
export const readOrderFact = kinds.read
