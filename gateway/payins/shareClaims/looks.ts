import { isGatewayError } from '../../errors/gatewayError.ts'
import { createDueIndex } from '../../ledger/process/dueIndex.ts'
import { max } from '../../money/integers.ts'
import type { AttemptId } from '../../ports/ids.ts'
import { type LookParts, lookAtRow, type ROW_STATES, type Seen, SOON_MS } from './lookAtRow.ts'
import { dueAt, sinceOf } from './nextStep.ts'
import type { OwedRow } from './rowRecords.ts'

/** Rows looked at in a round; those behind them have their turn in the next. */
const LOOK_MAX = 500
/** So long chain and ledger may differ, because one of them hears of a block first, and a transaction may be under way. */
const PATIENCE_MS = 3_600_000

type RowState = Readonly<{ state: (typeof ROW_STATES)[number]; since: number | undefined }>

/** What the last look at a row has found. `since`: from when on each look has found so. `nextAt`: not before is it looked at again. */
type Found = Pick<Seen, 'verdict' | 'detail'> & Readonly<{ rail: string; since: number; nextAt: number }>
type Problem = Readonly<{ rail: string; what: string; detail: string }>

/** `wake`: takes up what was begun. */
type Parts = LookParts & Readonly<{ wake: (id: AttemptId) => void; log: (line: string) => void }>

/** Looks at the rows whose time has come. Which these are an index says: nobody looks at all rows, nor at all splits. */
export function createLooks(o: Parts) {
  const due = createDueIndex()
  const found = new Map<string, Found>()

  function place(key: string): void {
    const row = o.records.row(key)
    if (!row || row.open) found.delete(key)
    due.set(key, row && !row.open ? max(dueAt(row), found.get(key)?.nextAt ?? 0) : undefined)
    if (row?.open) o.wake(row.open)
  }

  function note(key: string, { rail }: OwedRow, { verdict, detail, againMs }: Seen): void {
    const [before, now] = [found.get(key), o.clock.now()]
    found.set(key, { rail, verdict, detail, since: before?.verdict === verdict ? before.since : now, nextAt: now + againMs })
    // What was begun or paid meanwhile has its own time.
    place(key)
  }

  /** A chain that does not answer, or a rate that is too old: there is a look after this one. */
  async function tried(key: string, row: OwedRow): Promise<boolean> {
    try {
      note(key, row, await lookAtRow(o, row))
      return true
    } catch (error) {
      if (!isGatewayError(error)) throw error
      o.log(`${row.rail}: ${error.shortMessage}; what is owed to payees in the books is looked at later`)
      due.set(key, o.clock.now() + SOON_MS)
      return false
    }
  }

  return {
    /** Looks at what is due now. */
    async round(): Promise<void> {
      const silent = new Set<string>()
      for (const key of due.take(o.clock.now(), LOOK_MAX)) {
        const row = o.records.row(key)
        if (row && silent.has(row.rail)) due.set(key, o.clock.now() + SOON_MS)
        else if (row && !(await tried(key, row))) silent.add(row.rail)
      }
    },
    start(): void {
      for (const key of o.records.keys()) place(key)
      for (const { id } of o.records.open()) o.wake(id)
      o.records.onChange(place)
    },
    /** How it stands with a split on a chain, and since when (ms) the oldest of it waits. */
    stateOf(rail: string, splitId: string): RowState {
      const row = o.records.rowOf(rail, splitId)
      if (!row) return { state: 'nothing', since: undefined }
      const last = found.get(o.records.keyOf(row))
      const state = last && (last.verdict !== 'differs' || isOld(o, last.since)) ? last.verdict : 'gathering'
      return { state: row.open ? 'under_way' : state, since: sinceOf(row) }
    },
    problems: (): Problem[] => problemsOf(o, found.values()),
  }
}

function isOld({ clock }: Pick<Parts, 'clock'>, since: number): boolean {
  return clock.now() - since >= PATIENCE_MS
}

const OF_VERDICT = {
  differs: 'what a split owes to payees in the books differs',
  foreign: 'what a split owes to payees in the books would be paid to an account that is not ours',
} as const

/** One for each chain and kind, however many splits it is of. */
function problemsOf(o: Parts, found: Iterable<Found>): Problem[] {
  const all = [...found].flatMap(({ rail, verdict, detail, since }) => {
    if (verdict !== 'foreign' && !(verdict === 'differs' && isOld(o, since))) return []
    return [{ rail, what: OF_VERDICT[verdict], detail }]
  })
  const open = o.records.open().filter(({ begunAt }) => isOld(o, begunAt))
  const stuck = open.map(({ rail, id, step, splitId }) => ({
    rail,
    what: 'a transaction for payees in the books has no outcome yet',
    detail: `${step} ${id} of ${splitId}`,
  }))
  const groups = Map.groupBy([...all, ...stuck], ({ rail, what }) => `${rail} ${what}`)
  return [...groups.values()].map((group) => {
    const [first] = group
    return {
      rail: first!.rail,
      what: first!.what,
      detail: group.length === 1 ? first!.detail : `${group.length} of them; the first: ${first!.detail}`,
    }
  })
}
