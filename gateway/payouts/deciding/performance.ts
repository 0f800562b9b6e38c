import type { NanoUsd } from '../../costs/policy.ts'
import type { Books } from '../../ports/books.ts'
import type { RailKind, RailName } from '../../ports/railName.ts'
import { type PayoutFact, readFact } from '../payoutState/facts.ts'

const HOUR_MS = 3_600_000
/** A week, and a day before it. */
const HOURS_KEPT = 192

/**
 * What came of one rail in one hour of UTC, by its begin (ms): how many plans tried it first and what they were expected to cost, beside what trying the
 * cheapest fee first was; how many tries it was sent, and how many ended in that hour.
 */
type Row = Readonly<{
  hour: number
  rail: RailName | RailKind
  chosen: number
  sent: number
  settled: number
  failed: number
  /** Nano-USD, as decimal strings. */
  expected: string
  cheapestFirst: string
}>
/** How often each thing came of a rail, in all: a plan that tried it first, ways of it by their verdict in a plan, tries by what became of them. */
export type CountOfRail = Readonly<{ rail: string; of: (typeof COUNTED)[number]; count: number }>
const COUNTED = ['first', 'chosen', 'dearer', 'cut', 'impossible', 'sent', 'settled', 'failed'] as const

export type HourOfRail = Omit<Row, 'expected' | 'cheapestFirst'> & Readonly<{ expectedNano: NanoUsd; cheapestFirstNano: NanoUsd }>

/** Counts as facts come, so that nobody adds up what is stored. Make it before the books start. */
export function createPerformance(books: Pick<Books, 'remember'>) {
  const rows = new Map<string, Row>()
  /** Rails of tries that have no end. */
  const open = new Map<string, RailName>()
  const { table: totals, count, all } = createTotals()

  function change(at: number, rail: RailName | RailKind, by: (row: Row) => Partial<Row>): void {
    const hour = at - (at % HOUR_MS)
    const key = `${hour} ${rail}`
    const row = rows.get(key) ?? { hour, rail, chosen: 0, sent: 0, settled: 0, failed: 0, expected: '0', cheapestFirst: '0' }
    if (!rows.has(key)) forget(hour - HOURS_KEPT * HOUR_MS)
    rows.set(key, { ...row, ...by(row) })
  }

  /** Met once for each rail in an hour, so it reads a row as often as there are rails. */
  function forget(before: number): void {
    for (const [key, { hour }] of rows) if (hour < before) rows.delete(key)
  }

  function ended(fact: PayoutFact & { type: 'attempt.settled' | 'attempt.failed' }): void {
    const rail = open.get(fact.id)
    if (rail === undefined) return
    open.delete(fact.id)
    const name = fact.type === 'attempt.settled' ? 'settled' : 'failed'
    change(fact.at, rail, (row) => ({ [name]: row[name] + 1 }))
    count(rail, name)
  }

  function decided({ at, data }: PayoutFact & { type: 'decision.made' }): void {
    const { candidates, order, expectedNano, cheapestFirstNano = expectedNano } = data
    for (const { rail, verdict } of candidates) count(rail, verdict)
    const first = candidates[order[0] ?? -1]
    if (!first) return
    change(at, first.rail, (row) => chosen(row, BigInt(expectedNano), BigInt(cheapestFirstNano)))
    count(first.rail, 'first')
  }

  books.remember({
    name: 'payout.performance',
    form: 2,
    tables: { rows, open, totals },
    apply(given) {
      const fact = readFact(given)
      if (fact?.type === 'decision.made') decided(fact)
      else if (fact?.type === 'attempt.sent') {
        open.set(fact.id, fact.data.rail)
        change(fact.at, fact.data.rail, ({ sent }) => ({ sent: sent + 1 }))
        count(fact.data.rail, 'sent')
      } else if (fact?.type === 'attempt.settled' || fact?.type === 'attempt.failed') ended(fact)
    },
  })

  return {
    /** The rows of the last hours, this one included, the newest first. */
    hours(hours: number, now: number): HourOfRail[] {
      const since = now - (now % HOUR_MS) - (hours - 1) * HOUR_MS
      const found = [...rows.values()].filter(({ hour }) => hour >= since)
      found.sort((a, b) => b.hour - a.hour || (a.rail < b.rail ? -1 : 1))
      return found.map(({ expected, cheapestFirst, ...row }) => ({
        ...row,
        expectedNano: BigInt(expected),
        cheapestFirstNano: BigInt(cheapestFirst),
      }))
    },
    /** All that was ever counted. */
    totals: all,
  }
}

/** What hours forget: by rail and what is counted. Nothing of it goes down. */
function createTotals() {
  const table = new Map<string, number>()
  return {
    table,
    count(rail: string, of: CountOfRail['of']): void {
      const key = `${rail} ${of}`
      table.set(key, (table.get(key) ?? 0) + 1)
    },
    all: (): CountOfRail[] =>
      [...table].map(([key, count]) => {
        const [rail, of] = key.split(' ') as [string, CountOfRail['of']] // As `count` wrote it.
        return { rail, of, count }
      }),
  }
}

function chosen(row: Row, expected: NanoUsd, cheapestFirst: NanoUsd): Partial<Row> {
  return {
    chosen: row.chosen + 1,
    expected: `${BigInt(row.expected) + expected}`,
    cheapestFirst: `${BigInt(row.cheapestFirst) + cheapestFirst}`,
  }
}
