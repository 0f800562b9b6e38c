import { createBigColumn, createColumn, createTexts, hashOf } from './columns.ts'
import type { Expectation, RowKind, Side } from './rows.ts'

const NONE = -1
/** Slots of the table of names at first; at most half of them are taken. */
const SLOTS = 2_048

/** An expectation without its names, which are only looked up. */
type IndexedRow = Omit<Expectation, 'names'>

/**
 * Expectations by their place, and by what they may be called on their side. In columns of numbers and bytes, because a million objects and strings would be
 * most of the memory there is. A name that many share costs a walk over those that have it, so `look` bounds it.
 */
export function createExpectationIndex() {
  const columns = createColumns()
  const names = createNames(columns)
  return {
    add(row: Expectation): void {
      const place = columns.add(row)
      for (const name of row.names) names.add(place, name)
    },
    row: columns.row,
    plain: columns.plain,
    batchOf: columns.batchOf,
    dueDayOf: columns.dueDayOf,
    unitsOf: columns.unitsOf,
    assetOf: columns.assetOf,
    isOpen: columns.isOpen,
    close: columns.close,
    look: names.look,
    /** Places of all that are open, in the order in which they came. */
    *allOpen(): Generator<number> {
      for (let place = 0; place < columns.count(); place++) if (columns.isOpen(place)) yield place
    },
  }
}
export type ExpectationIndex = ReturnType<typeof createExpectationIndex>

type Of = Readonly<{ side: Side; kind: RowKind }>

/** Who has which name: a table of the first link of each, and each link knows the next that has the same name. */
function createNames(columns: ReturnType<typeof createColumns>) {
  const texts = createTexts()
  const [owner, next, hashes] = [createColumn(), createColumn(), createColumn()]
  /** The last link of a name that is shared, by its first, so that they stand in the order in which they came. */
  const last = new Map<number, number>()
  let slots = new Int32Array(SLOTS).fill(NONE)
  let [links, taken] = [0, 0]

  /** The slot of a name: with its first link, or free. */
  function slotOf(of: Of, name: string, hash: number): number {
    const mask = slots.length - 1
    let slot = hash & mask
    for (let link = slots[slot]!; link !== NONE; link = slots[slot]!) {
      if (hashes.get(link) === hash && columns.isOf(owner.get(link), of) && texts.get(link) === name) return slot
      slot = (slot + 1) & mask
    }
    return slot
  }

  function grow(): void {
    const before = slots
    slots = new Int32Array(before.length * 2).fill(NONE)
    const mask = slots.length - 1
    for (const link of before) {
      if (link === NONE) continue
      let slot = hashes.get(link) & mask
      while (slots[slot] !== NONE) slot = (slot + 1) & mask
      slots[slot] = link
    }
  }

  return {
    add(place: number, name: string): void {
      const of = columns.plain(place)
      const hash = hashOf(name, seedOf(of))
      const slot = slotOf(of, name, hash)
      const first = slots[slot]!
      owner.set(links, place)
      next.set(links, NONE)
      hashes.set(links, hash)
      if (first === NONE) {
        texts.add(name)
        slots[slot] = links
        taken++
        if (2 * taken > slots.length) grow()
      } else {
        // Only of the first link the text is read, and each has a number in step with its own.
        texts.add('')
        next.set(last.get(first) ?? first, links)
        last.set(first, links)
      }
      links++
    },
    /** Places of those with this name, the first `most` of them. */
    *look(of: Of, name: string, most: number): Generator<number> {
      let at = slots[slotOf(of, name, hashOf(name, seedOf(of)))]!
      for (let looked = 0; at !== NONE && looked < most; looked++) {
        yield owner.get(at)
        at = next.get(at)
      }
    },
  }
}

function seedOf({ side, kind }: Of): number {
  return (side === 'in' ? 1 : 2) + (kind === 'fee' ? 4 : 0)
}

/** What all rows of a kind have in common is kept once. */
type Sort = Readonly<Pick<Expectation, 'side' | 'kind' | 'asset'>>
/** What amounts are compared by; nothing of it is read from bytes. */
type PlainRow = Sort & Readonly<{ units: bigint }>

function createColumns() {
  /** Of each place its id and its counterparty, which is empty where it is not known. */
  const texts = createTexts()
  const units = createBigColumn()
  const [days, dueDays] = [createColumn(), createColumn()]
  /** The number of its sort; with its bits turned round once it is closed. */
  const sortOf = createColumn()
  const sorts: Sort[] = []
  const batches = new Map<number, string>()
  let count = 0

  function sortPlace({ side, kind, asset }: Sort): number {
    const found = sorts.findIndex((sort) => sort.side === side && sort.kind === kind && sort.asset === asset)
    return found === -1 ? sorts.push({ side, kind, asset }) - 1 : found
  }
  function sortAt(place: number): Sort {
    const kept = sortOf.get(place)
    return sorts[kept < 0 ? ~kept : kept]!
  }
  const dueDayOf = (place: number): number | undefined => (dueDays.get(place) === NONE ? undefined : dueDays.get(place))

  return {
    count: () => count,
    add(row: Expectation): number {
      const place = count++
      texts.add(row.id)
      texts.add(row.counterparty ?? '')
      units.set(place, row.units)
      days.set(place, row.day)
      dueDays.set(place, row.dueDay ?? NONE)
      sortOf.set(place, sortPlace(row))
      if (row.batch !== undefined) batches.set(place, row.batch)
      return place
    },
    row(place: number): IndexedRow {
      const { side, kind, asset } = sortAt(place)
      const who = texts.get(2 * place + 1)
      const own = { id: texts.get(2 * place), units: units.get(place), day: days.get(place), dueDay: dueDayOf(place) }
      return { ...own, side, kind, asset, batch: batches.get(place), counterparty: who === '' ? undefined : who }
    },
    plain(place: number): PlainRow {
      const { side, kind, asset } = sortAt(place)
      return { side, kind, asset, units: units.get(place) }
    },
    isOf(place: number, { side, kind }: Of): boolean {
      const sort = sortAt(place)
      return sort.side === side && sort.kind === kind
    },
    batchOf: (place: number): string | undefined => batches.get(place),
    dueDayOf,
    unitsOf: units.get,
    assetOf: (place: number): string => sortAt(place).asset,
    isOpen: (place: number): boolean => sortOf.get(place) >= 0,
    close: (place: number): void => (sortOf.get(place) < 0 ? undefined : sortOf.set(place, ~sortOf.get(place))),
  }
}
