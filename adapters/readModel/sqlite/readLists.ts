import type { ListedIds, ListFilter, ListName, ListReads } from '../../../gateway/ports/readLists.ts'
import { readUnits } from './cells.ts'
import { atOrBefore, either, isAfter, justBefore, type Place, type Stream, streamOf } from './facetStreams.ts'
import { facets, octaveOf } from './facets.ts'
import type { Query } from './readEvents.ts'

/** Looks into the file that one page may cost; then it ends where it is, and the next one goes on. */
const LOOKS_MAX = 512
/** Amounts have at most 128 bits. */
const OCTAVE_MAX = 128
const NEWEST = atOrBefore(Number.MAX_SAFE_INTEGER)

type Row = Readonly<{ list: ListName; id: string; place: Place; asset: string; units: bigint }>
type Index = ReturnType<typeof openIndex>

/** How lists are read: the facets that are asked for are walked together, newest first, and what stands in all of them is on the page. */
export function createListReads(query: Query): ListReads {
  const index = openIndex(query)
  return {
    listed(list, filter, { limit, after }) {
      const start = startOf(index, { list, filter, after })
      return start && pageOf(index, { list, filter, limit, start })
    },
    found(reference, party, limit) {
      const own = index.named(reference).filter(({ list, place }) => party === undefined || index.holds(facets.party(list, party), place))
      const others = index.places(facets.reference(party ?? '', reference), NEWEST, limit).map(index.rowAt)
      return [...own, ...others].slice(0, limit).map(({ list, id }) => ({ list, id }))
    },
  }
}

function openIndex(query: Query) {
  const places = query(
    'SELECT created_at, n FROM listed_by WHERE facet = ? AND (created_at, n) <= (?, ?) ORDER BY created_at DESC, n DESC LIMIT ?',
  )
  const standing = query('SELECT 1 FROM listed_by WHERE facet = ? AND created_at = ? AND n = ?')
  const columns = 'SELECT n, list, id, created_at, asset, units FROM listed'
  const byNumber = query(`${columns} WHERE n = ?`)
  const byId = query(`${columns} WHERE id = ?`)
  return {
    places: (facet: string, from: Place, count: number) => places(facet, from.at, from.n, count).map(toPlace),
    holds: (facet: string, { at, n }: Place) => standing(facet, at, n).length > 0,
    rowAt: ({ n }: Place) => toRow(byNumber(n)[0]!),
    named: (id: string) => byId(id).map(toRow),
  }
}

/** Where a page begins; undefined when `after` is no place in this list. */
function startOf(index: Index, o: Readonly<{ list: ListName; filter: ListFilter; after: string | undefined }>): Place | undefined {
  const { list, filter, after } = o
  const latest = filter.createdBefore === undefined ? NEWEST : atOrBefore(filter.createdBefore - 1)
  if (after === undefined) return latest
  const row = index.named(after).find((one) => one.list === list)
  if (!row || (filter.party !== undefined && !index.holds(facets.party(list, filter.party), row.place))) return undefined
  const next = justBefore(row.place)
  return isAfter(next, latest) ? latest : next
}

/** The page ends at a place of the first stream: a party's own list, where it is a party's, so that no other's id is told. */
function pageOf(index: Index, o: Readonly<{ list: ListName; filter: ListFilter; limit: number; start: Place }>): ListedIds {
  const { list, filter, limit } = o
  let looksLeft = LOOKS_MAX
  const read = (facet: string, from: Place, count: number) => {
    looksLeft -= 1
    return index.places(facet, from, count)
  }
  const [first, ...others] = askedOf(list, filter).map((any) => either(any.map((facet) => streamOf(facet, read))))
  const ids: string[] = []
  let place = o.start
  let seen: Place | undefined
  while (looksLeft > 0) {
    const found = first!(place)
    const common = found && found.at >= (filter.createdFrom ?? 0) ? newestOfAll(others, found) : undefined
    if (!found || !common) return { ids, next: undefined }
    const row = common === found ? index.rowAt(found) : undefined
    looksLeft -= row ? 1 : 0
    const isWanted = row !== undefined && fits(row, filter)
    if (isWanted && ids.length === limit) break
    if (isWanted) ids.push(row.id)
    seen = found
    place = row ? justBefore(found) : common
  }
  return { ids, next: seen && index.rowAt(seen).id }
}

/** This place where it stands in all streams, else the earliest of theirs: nothing between the two does. Undefined at the end of one. */
function newestOfAll(streams: readonly Stream[], place: Place): Place | undefined {
  let earliest = place
  for (const stream of streams) {
    const other = stream(place)
    if (!other) return undefined
    if (isAfter(earliest, other)) earliest = other
  }
  return earliest
}

/** What is on a page stands in one facet at least of each of these. */
function askedOf(list: ListName, { party, status, rail, amount, metadata, reference }: ListFilter): string[][] {
  const asked = [
    ...(party === undefined ? [] : [[facets.party(list, party)]]),
    ...(reference === undefined ? [] : [[facets.reference(party ?? '', reference)]]),
    ...(metadata === undefined ? [] : [[facets.metadata(list, metadata.key, metadata.value)]]),
    ...(status === undefined ? [] : [[facets.status(list, status)]]),
    ...(rail === undefined ? [] : [[facets.rail(list, rail)]]),
    ...(amount === undefined ? [] : [octavesOf(amount).map((octave) => facets.amount(list, amount.asset, octave))]),
  ]
  // A reference is one over all lists, so the list itself is asked for beside it.
  return asked.length === 0 || (reference !== undefined && party === undefined) ? [[facets.all(list)], ...asked] : asked
}

function octavesOf({ least = 0n, most }: NonNullable<ListFilter['amount']>): number[] {
  const [from, until] = [octaveOf(least), most === undefined ? OCTAVE_MAX : octaveOf(most)]
  return Array.from({ length: until < from ? 0 : until - from + 1 }, (_, i) => from + i)
}

/** An octave is wider than what was asked for at both ends. */
function fits({ asset, units }: Row, { amount }: ListFilter): boolean {
  if (amount === undefined) return true
  return asset === amount.asset && units >= (amount.least ?? 0n) && (amount.most === undefined || units <= amount.most)
}

function toPlace(row: Record<string, unknown>): Place {
  return { at: Number(row.created_at), n: Number(row.n) }
}

function toRow(row: Record<string, unknown>): Row {
  // STRICT columns; `list` is one that the writer was given.
  return { list: row.list as ListName, id: row.id as string, place: toPlace(row), asset: row.asset as string, units: readUnits(row.units) }
}
