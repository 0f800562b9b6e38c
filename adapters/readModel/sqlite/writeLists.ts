import type { DatabaseSync } from 'node:sqlite'
import type { Metadata } from '../../../gateway/ports/metadata.ts'
import type { ListedChange, ListName } from '../../../gateway/ports/readLists.ts'
import { readUnits, unitsCell } from './cells.ts'
import { facets, metadataFacets, octaveOf, railsOf } from './facets.ts'

/** A resource as its row says it. */
type Row = Readonly<{
  n: number
  list: ListName
  createdAt: number
  status: string
  rail: string
  asset: string
  units: bigint
  parties: readonly string[]
  metadata: Metadata
}>

/** Writes what is listed, inside a transaction of the caller's. Rows are numbered in the order of the journal. */
export function createListWriter(db: DatabaseSync): (changes: readonly ListedChange[]) => void {
  const insert = db.prepare('INSERT INTO listed VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const update = db.prepare('UPDATE listed SET status = ?, rail = ?, asset = ?, units = ?, metadata = ? WHERE n = ?')
  const byId = db.prepare('SELECT * FROM listed WHERE id = ? AND list = ?')
  byId.setReadBigInts(true)
  const add = db.prepare('INSERT OR IGNORE INTO listed_by VALUES (?, ?, ?)')
  const remove = db.prepare('DELETE FROM listed_by WHERE facet = ? AND created_at = ? AND n = ?')
  let count = db.prepare('SELECT coalesce(max(n), 0) AS n FROM listed').get()!.n as number // STRICT column.

  function find({ id, list }: ListedChange): Row | undefined {
    const row = byId.get(id, list)
    return row && toRow(list, row)
  }

  function begin(change: ListedChange, { at, parties }: NonNullable<ListedChange['begins']>): void {
    count += 1
    const { list, id, metadata = {} } = change
    const row = changed(
      { n: count, list, createdAt: at, status: '', rail: '', asset: '', units: 0n, parties: [...new Set(parties)], metadata },
      change,
    )
    const { status, rail, asset, units } = row
    insert.run(count, list, id, at, status, rail, asset, unitsCell(units), JSON.stringify(row.parties), JSON.stringify(metadata))
    for (const facet of [facets.all(list), ...row.parties.map((party) => facets.party(list, party)), ...changingFacets(row)])
      add.run(facet, at, count)
    refer(row, change)
  }

  function alter(before: Row, change: ListedChange): void {
    const after = changed(before, change)
    const { n, createdAt, status, rail, asset, units, metadata } = after
    const [gone, come] = [new Set(changingFacets(before)), new Set(changingFacets(after))]
    for (const facet of gone) if (!come.has(facet)) remove.run(facet, createdAt, n)
    for (const facet of come) if (!gone.has(facet)) add.run(facet, createdAt, n)
    update.run(status, rail, asset, unitsCell(units), JSON.stringify(metadata), n)
    refer(after, change)
  }

  function refer({ n, createdAt, parties }: Row, { references = [] }: ListedChange): void {
    for (const reference of references) {
      if (reference === '') continue
      for (const party of ['', ...parties]) add.run(facets.reference(party, reference), createdAt, n)
    }
  }

  return (changes) => {
    for (const change of changes) {
      const row = find(change)
      // What was made once stays what it is.
      if (row) alter(row, change)
      else if (change.begins) begin(change, change.begins)
    }
  }
}

function toRow(list: ListName, row: Record<string, unknown>): Row {
  // STRICT columns, read with bigints.
  const { status, rail, asset, parties, metadata } = row as Record<string, string>
  return {
    n: Number(row.n),
    list,
    createdAt: Number(row.created_at),
    status: status!,
    rail: rail!,
    asset: asset!,
    units: readUnits(row.units),
    parties: JSON.parse(parties!),
    metadata: JSON.parse(metadata!),
  }
}

function changed(row: Row, { status, only, rail, amount, metadata }: ListedChange): Row {
  return {
    ...row,
    status: status !== undefined && (only?.includes(row.status) ?? true) ? status : row.status,
    rail: rail ?? row.rail,
    asset: amount?.asset ?? row.asset,
    units: amount?.units ?? row.units,
    metadata: metadata ?? row.metadata,
  }
}

/** What it is found by that may change. */
function changingFacets({ list, status, rail, asset, units, metadata }: Row): string[] {
  return [
    ...(status === '' ? [] : [facets.status(list, status)]),
    ...railsOf(rail).map((name) => facets.rail(list, name)),
    ...(asset === '' ? [] : [facets.amount(list, asset, octaveOf(units))]),
    ...metadataFacets(list, metadata),
  ]
}
