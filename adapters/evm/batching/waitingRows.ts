import type { BatchRow, RowKind } from './batchRow.ts'

/** So near its end it goes before everything else. */
const ENDING_MS = 30_000

/** The rows that wait for company, each once. */
export function createWaitingRows() {
  const rows: Readonly<Record<RowKind, Map<string, BatchRow>>> = { transfer: new Map(), receive: new Map() }

  return {
    has: (id: string): boolean => rows.transfer.has(id) || rows.receive.has(id),
    count: (kind: RowKind): number => rows[kind].size,
    add: (row: BatchRow): void => void rows[row.kind].set(row.id, row),
    /** Somebody waits for it now. */
    press(id: string): void {
      for (const ofKind of [rows.transfer, rows.receive]) {
        const row = ofKind.get(id)
        if (row && !row.urgent) ofKind.set(id, { ...row, urgent: true })
      }
    },
    /** How long the one that came first has waited; 0 where none does. */
    ageMs(kind: RowKind, now: number): number {
      const first = rows[kind].values().next().value
      return first ? now - first.since : 0
    },
    isPressed(kind: RowKind, now: number): boolean {
      return [...rows[kind].values()].some((row) => isPressing(row, now))
    },
    /**
     * Takes those that go together next, at most `most`: what ends soon first, the nearest end before the others, then what somebody waits for, then
     * in the order in which they came. Their companies are limited alike.
     */
    take(kind: RowKind, most: number, now: number): readonly BatchRow[] {
      const first = inOrder(rows[kind], now)[0]
      if (!first) return []
      const company = inOrder(rows[kind], now).filter(({ rowsMax }) => rowsMax === first.rowsMax)
      const taken = company.slice(0, Math.min(most, first.rowsMax))
      for (const { id } of taken) rows[kind].delete(id)
      return taken
    },
  }
}

function isEnding({ endsAt }: BatchRow, now: number): boolean {
  return endsAt - now < ENDING_MS
}

function isPressing(row: BatchRow, now: number): boolean {
  return row.urgent || isEnding(row, now)
}

/** A map keeps the order in which rows came, and sorting is stable. */
function inOrder(rows: ReadonlyMap<string, BatchRow>, now: number): BatchRow[] {
  const rank = (row: BatchRow) => (isEnding(row, now) ? 0 : row.urgent ? 1 : 2)
  return [...rows.values()].sort((a, b) => rank(a) - rank(b) || (isEnding(a, now) ? a.endsAt - b.endsAt : 0))
}
