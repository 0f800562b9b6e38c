import type { Asset } from '../../money/asset.ts'
import { formatAmount, money } from '../../money/money.ts'
import type { Fact } from '../../ports/books.ts'
import type { EntryId } from '../../ports/ids.ts'

/** A settlement that the chain took back. `booked` is the entry that booked it; `declined`: that entry stands, because it could not be undone. */
export type Demoted = Readonly<{ settlement: string; booked: EntryId; outcome: 'taken_back' | 'declined'; onPot: boolean }>

/** What a person should see. `amount` in whole units of `asset`; `resolved_by` names the settlement by which it came right by itself. */
export type SettlementException = Readonly<{
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

  function raise(fact: Fact, d: Record<string, string>): void {
    const amount = d.asset === undefined ? undefined : money(assetOf(d.asset), BigInt(d.units!))
    exceptions.push({
      ...{ id: d.settlement ?? fact.id, rail: d.rail!, what: d.exception!, at: fact.at },
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
    apply(fact: Fact): void {
      const d = fact.data as Record<string, string> // Facts of settlements hold strings only.
      if (d.exception) raise(fact, d)
      if (d.instead) standAgain(d.instead, fact.id)
      if (fact.type !== 'settlement.demoted' || !d.booked || !d.movement) return
      const outcome = d.outcome === 'declined' ? 'declined' : 'taken_back'
      const demoted = { settlement: d.settlement!, booked: d.booked as EntryId, outcome, onPot: d.onPot === 'yes' } as const // Written as one.
      waiting.set(d.movement, [...(waiting.get(d.movement) ?? []), demoted])
    },
  }
}
