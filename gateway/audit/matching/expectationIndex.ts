import type { Expectation, RowKind, Side } from './rows.ts'

const NONE = -1
/** So many places are made at first; the columns double as they fill. */
const PLACES = 1_024

/** An expectation without its names, which are only looked up. */
type IndexedRow = Omit<Expectation, 'names'>

/**
 * Expectations by their place, and by what they may be called on their side. In columns, because a million objects would be most of the memory there is.
 * A name that many share costs a walk over those that have it, so `look` bounds it.
 */
export function createExpectationIndex() {
  const columns = createColumns()
  const names: Record<Side, Record<RowKind, Map<string, number>>> = {
    in: { payment: new Map(), fee: new Map() },
    out: { payment: new Map(), fee: new Map() },
  }
  /** Each use of a name is a link: whose it is, and the next that has the same name. */
  const owner = createColumn()
  const next = createColumn()
  let links = 0
  /** The last link of a name that is shared, by its first, so that they stand in the order in which they came. */
  const last = new Map<number, number>()

  return {
    add(row: Expectation): void {
      const place = columns.add(row)
      const map = names[row.side][row.kind]
      for (const name of row.names) {
        owner.set(links, place)
        next.set(links, NONE)
        const first = map.get(name)
        if (first === undefined) map.set(name, links)
        else {
          next.set(last.get(first) ?? first, links)
          last.set(first, links)
        }
        links++
      }
    },
    row: columns.row,
    unitsOf: columns.unitsOf,
    assetOf: columns.assetOf,
    isOpen: columns.isOpen,
    close: columns.close,
    /** Places of those with this name, the first `most` of them. */
    *look(of: Readonly<{ side: Side; kind: RowKind }>, name: string, most: number): Generator<number> {
      let at = names[of.side][of.kind].get(name) ?? NONE
      for (let looked = 0; at !== NONE && looked < most; looked++) {
        yield owner.get(at)
        at = next.get(at)
      }
    },
    /** Places of all that are open, in the order in which they came. */
    *allOpen(): Generator<number> {
      for (let place = 0; place < columns.count(); place++) if (columns.isOpen(place)) yield place
    },
  }
}

export type ExpectationIndex = ReturnType<typeof createExpectationIndex>

/** What all rows of a kind have in common is kept once. */
type Sort = Readonly<Pick<Expectation, 'side' | 'kind' | 'asset'>>

function createColumns() {
  const ids: string[] = []
  const units: bigint[] = []
  const [days, dueDays, sortOf, closed] = [createColumn(), createColumn(), createColumn(), createColumn()]
  const sorts: Sort[] = []
  const batches = new Map<number, string>()
  const counterparties: (string | undefined)[] = []

  function sortPlace({ side, kind, asset }: Sort): number {
    const found = sorts.findIndex((sort) => sort.side === side && sort.kind === kind && sort.asset === asset)
    return found === -1 ? sorts.push({ side, kind, asset }) - 1 : found
  }

  return {
    count: () => ids.length,
    add(row: Expectation): number {
      const place = ids.push(row.id) - 1
      units.push(row.units)
      days.set(place, row.day)
      dueDays.set(place, row.dueDay ?? NONE)
      sortOf.set(place, sortPlace(row))
      closed.set(place, 0)
      if (row.batch !== undefined) batches.set(place, row.batch)
      counterparties.push(row.counterparty)
      return place
    },
    row(place: number): IndexedRow {
      const { side, kind, asset } = sorts[sortOf.get(place)]!
      const due = dueDays.get(place)
      const own = { id: ids[place]!, units: units[place]!, day: days.get(place), dueDay: due === NONE ? undefined : due }
      return { ...own, side, kind, asset, batch: batches.get(place), counterparty: counterparties[place] }
    },
    unitsOf: (place: number): bigint => units[place]!,
    assetOf: (place: number): string => sorts[sortOf.get(place)]!.asset,
    isOpen: (place: number): boolean => closed.get(place) === 0,
    close: (place: number): void => closed.set(place, 1),
  }
}

/** A column of 32-bit integers that grows. */
function createColumn() {
  let column = new Int32Array(PLACES)
  return {
    get: (place: number): number => column[place]!,
    set(place: number, value: number): void {
      if (place >= column.length) {
        const larger = new Int32Array(column.length * 2)
        larger.set(column)
        column = larger
      }
      column[place] = value
    },
  }
}
