import type { RowKind, Side } from '../audit/matching/rows.ts'
import { readSettlementFact, type SettlementFact } from '../payins/settlement/facts.ts'
import { type PayoutFact, readFact as readPayoutFact } from '../payouts/payoutState/facts.ts'
import type { Books, Fact } from '../ports/books.ts'
import { accountRail, closesDays, type RailName } from '../ports/railName.ts'
import { type ReconciliationFact, readReconciliationFact } from './facts.ts'

/**
 * What a statement is to show. `under_way`: an attempt without an outcome, which the ledger holds and has not booked. `shown`: a statement has it, and its
 * outcome is not written yet. `missing`: the break that says that it is overdue. Units as a decimal string. `at` in ms, when it was begun.
 */
export type Expected = Readonly<{
  id: string
  rail: RailName
  side: Side
  kind: RowKind
  asset: string
  units: string
  at: number
  names: readonly string[]
  attempt?: string
  counterparty?: string
  state: 'under_way' | 'booked' | 'shown'
  missing?: string
}>

/** Statements that were read, of so many days before the newest: one that comes later than that is read from its day on. */
const DAYS_KEPT = 120
const DAY_MS = 86_400_000

export type ExpectedRows = ReturnType<typeof createExpected>

/** What the journal's facts say that rails which close their days must show. Make it before the books start. */
export function createExpected(books: Pick<Books, 'remember'>) {
  const expected = new Map<string, Expected>()
  /** Lines of a statement that is being read, so that a run that was cut off goes on behind them. */
  const judged = new Set<string>()
  /** Statements that were read, with their day. */
  const read = new Map<string, string>()

  function apply(fact: Fact): void {
    const settled = readSettlementFact(fact)
    if (settled) ofSettlement(expected, settled)
    const paid = readPayoutFact(fact)
    if (paid) ofPayout(expected, paid)
    const own = readReconciliationFact(fact)
    if (own) ofReconciliation({ expected, judged, read }, own)
  }

  books.remember({ name: 'reconciliation.expected', form: 2, tables: { expected, judged, read }, apply })

  return {
    /** All of a rail that a statement may still show. */
    *of(rail: RailName): Generator<Expected> {
      for (const row of expected.values()) if (row.rail === rail && row.state !== 'shown') yield row
    },
    get: (id: string): Expected | undefined => expected.get(id),
    count: (): number => expected.size,
    isJudged: (rail: RailName, movement: string): boolean => judged.has(`${rail} ${movement}`),
    isRead: (rail: RailName, statement: string): boolean => read.has(statementKey(rail, statement)),
    /** The day from which statements are looked for; '' for the beginning. */
    fromDay(rail: RailName): string {
      const days = [...read].flatMap(([key, day]) => (key.startsWith(`${rail}:`) ? [day] : []))
      return days.length === 0
        ? ''
        : dayBefore(
            days.reduce((a, b) => (a > b ? a : b)),
            DAYS_KEPT,
          )
    },
  }
}

export function statementKey(rail: RailName, statement: string): string {
  return `${rail}:${statement}`
}

function ofSettlement(expected: Map<string, Expected>, fact: SettlementFact): void {
  if (fact.type !== 'settlement.booked' || fact.data.kind === 'opening' || !closesDays(fact.data.rail)) return
  const { rail, kind, asset, units, entry, payer } = fact.data
  // Nothing moved where there is no entry.
  if (entry === undefined || (kind !== 'received' && kind !== 'spent')) return
  const side = kind === 'received' ? 'in' : 'out'
  const names = [fact.id.slice(`${rail}:${kind}:`.length)]
  const whose = payer === undefined ? {} : { counterparty: payer }
  const row = { id: fact.id, rail, side, kind: kind === 'spent' ? 'fee' : 'payment', asset, units, at: fact.at, names } as const
  expected.set(fact.id, { ...row, ...whose, state: 'booked' })
}

function ofPayout(expected: Map<string, Expected>, fact: PayoutFact): void {
  switch (fact.type) {
    case 'attempt.sent': {
      const { amount } = fact.data
      const rail = accountRail(fact.data.rail)
      if (!closesDays(rail)) return
      const row = { id: fact.id, rail, side: 'out', kind: 'payment', asset: amount.asset.id, units: amount.units, at: fact.at } as const
      expected.set(fact.id, { ...row, names: [], attempt: fact.id, state: 'under_way' })
      return
    }
    case 'attempt.settled': {
      const row = expected.get(fact.id)
      if (!row) return
      if (row.state === 'shown') expected.delete(fact.id)
      else expected.set(fact.id, { ...row, names: [fact.data.evidence.id], state: 'booked' })
      return
    }
    case 'attempt.failed':
      expected.delete(fact.id)
      return
    case 'payout.settled':
      // The money has left, and the books have nothing of it: what shows it is a break.
      if (fact.data.exceptions.includes('not_booked')) expected.delete(fact.data.attempt)
      return
    default:
  }
}

type Tables = Readonly<{ expected: Map<string, Expected>; judged: Set<string>; read: Map<string, string> }>

function ofReconciliation({ expected, judged, read }: Tables, fact: ReconciliationFact): void {
  switch (fact.type) {
    case 'reconciliation.matched':
      for (const id of fact.data.expectations) shown(expected, id)
      for (const id of fact.data.movements) judged.add(`${fact.data.rail} ${id}`)
      return
    case 'reconciliation.break_opened': {
      const { rail, kind, expectations, movements } = fact.data
      for (const id of expectations) {
        const row = expected.get(id)
        if (kind === 'missing' && row) expected.set(id, { ...row, missing: fact.id })
        else shown(expected, id)
      }
      // Of what is in no statement nobody asks again.
      if (closesDays(rail)) for (const id of movements) judged.add(`${rail} ${id}`)
      return
    }
    case 'reconciliation.statement_read': {
      const { rail, statement, day } = fact.data
      for (const id of judged) if (id.startsWith(`${rail} `)) judged.delete(id)
      read.set(statementKey(rail, statement), day)
      const oldest = dayBefore(day, 2 * DAYS_KEPT)
      for (const [key, of] of read) if (of < oldest && key.startsWith(`${rail}:`)) read.delete(key)
      return
    }
    default:
  }
}

/** A statement has it. An attempt without an outcome is kept until it has one. */
function shown(expected: Map<string, Expected>, id: string): void {
  const row = expected.get(id)
  if (row?.state === 'under_way') expected.set(id, { ...row, state: 'shown' })
  else expected.delete(id)
}

function dayBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * DAY_MS).toISOString().slice(0, 10)
}
