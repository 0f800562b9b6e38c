import type { Cell } from './cell.ts'

type OwnRow = Readonly<{ payee: string; cell: Cell }>

/** Cells of rails, assets, countries and amounts; the one longest unused leaves. */
const CELLS_MAX = 4_000
/** Parties with payees of their own, and payees of one party: nobody's payees push out another's. */
const OWNERS_MAX = 1_000
const OWN_MAX = 32

/** All cells: those that parties share, by their keys, and each party's own of its payees. */
export function createCells() {
  const shared = new Map<string, Cell>()
  const own = new Map<string, readonly OwnRow[]>()

  return {
    tables: { shared, own },
    get: (key: string): Cell => shared.get(key) ?? [],
    put(key: string, cell: Cell): void {
      putNewest(shared, key, cell, CELLS_MAX)
    },
    ofPayee: (owner: string, payee: string | undefined): Cell | undefined =>
      payee === undefined ? undefined : own.get(owner)?.find((row) => row.payee === payee)?.cell,
    putPayee(owner: string, payee: string, cell: Cell): void {
      const others = (own.get(owner) ?? []).filter((row) => row.payee !== payee)
      putNewest(own, owner, [...others.slice(1 - OWN_MAX), { payee, cell }], OWNERS_MAX)
    },
  }
}

/** A map keeps the order in which keys came, so the first is the one that was longest not put. */
function putNewest<T>(map: Map<string, T>, key: string, value: T, most: number): void {
  map.delete(key)
  map.set(key, value)
  if (map.size > most) map.delete(map.keys().next().value!)
}
