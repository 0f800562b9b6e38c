import type { ChainHead } from '../../audit/receipt/receiptUpdate.ts'
import type { Asset } from '../../money/asset.ts'
import { formatAmount, money } from '../../money/money.ts'
import type { EntryId } from '../../ports/ids.ts'
import type { BookedFact, DemotedFact } from './facts.ts'

/** A settlement that the chain took back. `booked` is the entry that booked it; `declined`: that entry stands, because it could not be undone. */
type Demoted = Readonly<{ settlement: string; booked: EntryId; outcome: 'taken_back' | 'declined'; onPot: boolean; head?: ChainHead }>

/** What a person should see. `amount` in whole units of `asset`; `resolved_by` names the settlement by which it came right by itself. */
type SettlementException = Readonly<{
  id: string
  rail: string
  what: string
  at: number
  amount?: string
  asset?: string
  resolved_by?: string
}>

/** Exceptions of settlements, and which demoted ones are not on the chain again; from the facts that it is shown. */
export function createDemotedRecords(assetOf: (id: string) => Asset) {
  const exceptions: SettlementException[] = []
  /** By movement, the oldest first: equal movements can stand in for each other. */
  const waiting = new Map<string, Demoted[]>()

  function raise(fact: BookedFact | DemotedFact, what: string): void {
    const { rail, asset, units } = fact.data
    const amount = asset === undefined ? undefined : money(assetOf(asset), BigInt(units))
    const id = fact.type === 'settlement.demoted' ? fact.data.settlement : fact.id
    exceptions.push({
      id,
      rail,
      what,
      at: fact.at,
      ...(amount ? { amount: formatAmount(amount), asset: amount.asset.code } : {}),
    })
  }

  function standAgain(settlement: string, by: string): void {
    for (const [movement, all] of waiting) {
      const rest = all.filter((demoted) => demoted.settlement !== settlement)
      if (rest.length === all.length) continue
      if (rest.length > 0) waiting.set(movement, rest)
      else waiting.delete(movement)
    }
    const open = exceptions.findLastIndex((e) => e.id === settlement && e.resolved_by === undefined)
    if (open >= 0) exceptions[open] = { ...exceptions[open]!, resolved_by: by }
  }

  return {
    tables: { exceptions, waiting },
    exceptions: (): readonly SettlementException[] => exceptions,
    /** One that waits to be included again. */
    demoted: (movement: string): Demoted | undefined => waiting.get(movement)?.[0],
    apply(fact: BookedFact | DemotedFact): void {
      if (fact.data.exception) raise(fact, fact.data.exception)
      if (fact.type === 'settlement.booked') {
        if (fact.data.instead) standAgain(fact.data.instead, fact.id)
        return
      }
      const { settlement, movement, booked, onPot, head } = fact.data
      if (!booked || !movement) return
      const outcome = fact.data.outcome === 'declined' ? 'declined' : 'taken_back'
      const demoted: Demoted = { settlement, booked, outcome, onPot: onPot === 'yes', ...(head ? { head } : {}) }
      waiting.set(movement, [...(waiting.get(movement) ?? []), demoted])
    },
  }
}
