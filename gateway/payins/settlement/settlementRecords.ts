import type { Asset } from '../../money/asset.ts'
import { type Money, money } from '../../money/money.ts'
import type { Books, Fact } from '../../ports/books.ts'
import type { Cursor } from '../../ports/ids.ts'
import type { RailName } from '../../ports/railName.ts'
import { createDemotedRecords } from './demotedRecords.ts'
import { createVoucherChannelRecords } from './voucherChannelRecords.ts'

/** Money that arrived and is not matched to anything yet; it stands in `suspense:<rail>`. */
export type Unmatched = Readonly<{ id: string; rail: RailName; amount: Money; at: number; reference: string; payer: string; note: string }>

export type SettlementRecords = ReturnType<typeof createSettlementRecords>

/** What the journal says arrived: the cursor of each rail, and what waits for its owner. */
export function createSettlementRecords(books: Books, assetOf: (id: string) => Asset) {
  const cursors = new Map<string, Cursor>()
  const unmatched = new Map<string, Unmatched>()
  const byReference = new Map<string, Unmatched>()
  const waiters = new Map<string, (() => void)[]>()
  /** What the hub's pot of a split received in all, per chain and split: the base of the next cumulative division. */
  const received = new Map<string, bigint>()
  const potKey = (rail: string, splitId: string) => `${rail} ${splitId.toLowerCase()}`
  const demotions = createDemotedRecords(assetOf)
  const { apply: applyToChannels, tables: ofChannels, ...channels } = createVoucherChannelRecords(books)

  const tables = { cursors, unmatched, byReference, received, ...demotions.tables, ...ofChannels }
  books.remember({ name: 'settlement.view', form: 1, tables, apply })

  function apply(fact: Fact): void {
    const d = fact.data as Record<string, string>
    applyToChannels(fact)
    if (fact.type === 'settlement.booked' || fact.type === 'settlement.demoted') {
      demotions.apply(fact)
      cursors.set(d.rail!, d.cursor!)
      if (d.potReceived) received.set(potKey(d.rail!, d.splitId!), BigInt(d.potReceived))
      if (d.suspense) {
        const { reference = '', payer = '', suspense: note } = d
        const item = {
          id: fact.id,
          rail: d.rail as RailName,
          amount: money(assetOf(d.asset!), BigInt(d.units!)),
          at: fact.at,
          reference,
          payer,
          note,
        }
        unmatched.set(fact.id, item)
        if (reference) byReference.set(reference, item)
        for (const wake of waiters.get(reference) ?? []) wake()
        waiters.delete(reference)
      }
    }
    // What was taken back is not there to be matched any more.
    if (fact.type === 'settlement.matched' || (fact.type === 'settlement.demoted' && d.outcome === 'taken_back')) {
      const item = unmatched.get(d.settlement!)
      unmatched.delete(d.settlement!)
      if (item?.reference) byReference.delete(item.reference)
    }
  }

  return {
    cursor: (rail: RailName): Cursor => cursors.get(rail) ?? '',
    potReceived: (rail: RailName, splitId: string): bigint => received.get(potKey(rail, splitId)) ?? 0n,
    unmatched: (): readonly Unmatched[] => [...unmatched.values()],
    exceptions: demotions.exceptions,
    demoted: demotions.demoted,
    channels,
    byReference: (reference: string): Unmatched | undefined => byReference.get(reference),
    /** Waits until money with this reference is booked, at most `deadlineMs`; undefined when it did not come. */
    async waitFor(reference: string, deadlineMs: number): Promise<Unmatched | undefined> {
      if (!byReference.has(reference)) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, deadlineMs)
          const wake = () => {
            clearTimeout(timer)
            resolve()
          }
          waiters.set(reference, [...(waiters.get(reference) ?? []), wake])
        })
      }
      return byReference.get(reference)
    },
  }
}
