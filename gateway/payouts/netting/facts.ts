import type { Fact } from '../../ports/books.ts'
import { type FactOf, factKinds } from '../../ports/factKinds.ts'
import type { EntryId, NetId, PayoutId } from '../../ports/ids.ts'
import type { Metadata } from '../../ports/metadata.ts'
import type { Destination } from '../../ports/sender.ts'
import { type MoneyData, type PayoutFact, readFact as readPayoutFact } from '../payoutState/facts.ts'
import type { CloseReason } from './net.ts'

/** Every fact that this room writes. A member is named by its own payout id, the rest by the net. Bounds are the member's own. */
export type NetFact =
  | FactOf<
      'netting.joined',
      PayoutId,
      Readonly<{
        net: NetId
        destination: Destination
        source: string
        amount: MoneyData
        reference: string
        metadata?: Metadata
        createdBy: string
        hold: EntryId
        unitsMax: string
        countMax: number
        closeBy: number
        claims: readonly string[]
      }>
    >
  | FactOf<'netting.closed', NetId, Readonly<{ pays: PayoutId; reason: CloseReason; aloneNano?: string; togetherNano?: string }>>
  /** What the payment did not take is back with the members: all of it when it failed. */
  | FactOf<'netting.ended', NetId, Readonly<{ outcome: 'settled' | 'failed' }>>

const kinds = factKinds<NetFact>({ 'netting.joined': true, 'netting.closed': true, 'netting.ended': true })

/** What a net learns from: its own facts, and those of its payment. */
export type AppliedFact = NetFact | PayoutFact

export const toFact = kinds.write
/** The fact as this room wrote it; undefined for another room's. */
export const readNetFact = kinds.read

/** The fact when a net may learn from it. */
export function readFact(fact: Fact): AppliedFact | undefined {
  return readNetFact(fact) ?? readPayoutFact(fact)
}
