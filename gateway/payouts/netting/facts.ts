import type { Fact, Json } from '../../ports/books.ts'
import type { EntryId, NetId, PayoutId } from '../../ports/ids.ts'
import type { Destination } from '../../ports/sender.ts'
import { type MoneyData, type PayoutFact, readFact as readPayoutFact } from '../payout/facts.ts'
import type { CloseReason } from './net.ts'

type Shaped<T extends string, I extends string, D> = Readonly<{ type: T; id: I; at: number; data: D }>

/** Every fact that this room writes. A member is named by its own payout id, the rest by the net. Bounds are the member's own. */
export type NetFact =
  | Shaped<
      'netting.joined',
      PayoutId,
      Readonly<{
        net: NetId
        destination: Destination
        source: string
        amount: MoneyData
        reference: string
        createdBy: string
        hold: EntryId
        unitsMax: string
        countMax: number
        closeBy: number
        claims: readonly string[]
      }>
    >
  | Shaped<'netting.closed', NetId, Readonly<{ pays: PayoutId; reason: CloseReason; aloneNano?: string; togetherNano?: string }>>
  /** What the payment did not take is back with the members: all of it when it failed. */
  | Shaped<'netting.ended', NetId, Readonly<{ outcome: 'settled' | 'failed' }>>

const TYPES: ReadonlySet<string> = new Set<NetFact['type']>(['netting.joined', 'netting.closed', 'netting.ended'])

export type AppliedFact = NetFact | PayoutFact

export function toFact(fact: NetFact): Fact {
  const data: { readonly [key: string]: Json } = fact.data
  return { type: fact.type, id: fact.id, at: fact.at, data }
}

/** The fact when a net learns from it. */
export function readFact(fact: Fact): AppliedFact | undefined {
  // Only `toFact` writes these types, and the journal's hash chain vouches for what it wrote.
  return TYPES.has(fact.type) ? (fact as unknown as NetFact) : readPayoutFact(fact)
}
