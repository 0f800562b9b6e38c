import { type Cell, lastUsed } from './cell.ts'

type OwnRow = Readonly<{ payee: string; cell: Cell }>

/** Cells of rails, assets, countries and amounts; the one longest unused leaves. */
const CELLS_MAX = 4_000
/** Parties with payees of their own, and payees of one party: nobody's payees push out another's. */
const OWNERS_MAX = 1_000
const OWN_MAX = 32
const LEAVE_TOGETHER = 8

/** All cells: those that parties share, by their keys, and each party's own of its payees. */
export function createCells() {
  const shared = new Map<string, Cell>()
  const own = new Map<string, readonly OwnRow[]>()

  return {
    tables: { shared, own },
    get: (key: string): Cell => shared.get(key) ?? [],
    put(key: string, cell: Cell): void {
      shared.set(key, cell)
      makeRoom(shared, CELLS_MAX, lastUsed)
    },
    ofPayee: (owner: string, payee: string | undefined): Cell | undefined =>
      payee === undefined ? undefined : own.get(owner)?.find((row) => row.payee === payee)?.cell,
    putPayee(owner: string, payee: string, cell: Cell): void {
      const others = (own.get(owner) ?? []).filter((row) => row.payee !== payee)
      own.set(owner, [...others.slice(1 - OWN_MAX), { payee, cell }])
      makeRoom(own, OWNERS_MAX, lastOfOwn)
    },
  }
}

/**
 * What was put last longest ago leaves, an eighth of all at a time, so that who fills a map pays for a look at all of it only then. A map in the order in which
 * rows were put would tell that at once, and cost more: a key that leaves and comes back each time makes it grow anew, and what has died is collected late.
 */
function makeRoom<T>(map: Map<string, T>, most: number, lastOf: (value: T) => number): void {
  if (map.size <= most) return
  const rows = [...map].map(([key, value]) => ({ key, last: lastOf(value) })).sort((a, b) => a.last - b.last)
  for (const { key } of rows.slice(0, most / LEAVE_TOGETHER)) map.delete(key)
}

function lastOfOwn(rows: readonly OwnRow[]): number {
  return lastUsed(rows.at(-1)!.cell)
}
