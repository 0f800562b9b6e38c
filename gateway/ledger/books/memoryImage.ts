import { deserialize, serialize } from 'node:v8'
import { invariant } from '../../errors/invariant.ts'
import type { Memory, MemoryTable } from '../../ports/books.ts'

/** Rows that are serialized at a time, and bytes that are handed over at a time: the commits wait for no more than that. */
const SLICE_ROWS = 64
const PART_BYTES = 128 * 1024

const LENGTH_BYTES = 4

type TableHeader = Readonly<{ name: string; columns: number; rows: number }>
/** What an image holds of one memory, as JSON; the rows follow as bytes, table by table. */
export type MemoryHeader = Readonly<{ name: string; form: number; tables: readonly TableHeader[] }>

/** A picture of all memories at one moment, of which the rows are written later. */
export type MemoryImage = Readonly<{ header: readonly MemoryHeader[]; parts(): Generator<Uint8Array> }>

/** Begins an image between two facts. It holds on to the rows as they are now: a memory replaces values and never changes them. */
export function beginMemoryImage(memories: readonly Memory[]): MemoryImage {
  const images = memories.map(({ name, form, tables }) => ({
    name,
    form,
    tables: Object.entries(tables).map(([table, rows]) => ({ name: table, columns: columnsOf(rows) })),
  }))
  return {
    header: images.map(({ tables, ...memory }) => ({
      ...memory,
      tables: tables.map(({ name, columns }) => ({ name, columns: columns.length, rows: columns[0]!.length })),
    })),
    parts: () => inParts(images.flatMap(({ tables }) => tables.map(({ columns }) => columns))),
  }
}

/** What an image held, read back: the columns of each table by memory and table. */
export type MemoryContent = ReadonlyMap<string, Readonly<{ form: number; tables: ReadonlyMap<string, readonly unknown[][]> }>>

/** Reads the rows of an image; `take` reads so many bytes of what `parts` yielded. Throws when another program wrote them. */
export function readMemoryImage(header: readonly MemoryHeader[], take: (bytes: number) => Uint8Array): MemoryContent {
  const next = () => take(Buffer.from(take(LENGTH_BYTES)).readUInt32LE())
  return new Map(header.map(({ name, form, tables }) => [name, { form, tables: new Map(tables.map((table) => readTable(table, next))) }]))
}

function readTable({ name, columns, rows }: TableHeader, next: () => Uint8Array): [string, unknown[][]] {
  const read = Array.from({ length: columns }, (): unknown[] => [])
  for (let from = 0; from < rows; from += SLICE_ROWS) {
    const slices = deserialize(next()) as unknown[][] // As `slicesOf` wrote them.
    for (const [i, column] of read.entries()) for (const value of slices[i]!) column.push(value)
  }
  invariant(
    read.every((column) => column.length === rows),
    `the table ${name} has as many rows as its header says`,
  )
  return [name, read]
}

/** Why these memories cannot be filled from the image, all of them; undefined when they can. */
export function whyUnfit(memories: readonly Memory[], content: MemoryContent): string | undefined {
  for (const { name, form, tables } of memories) {
    const known = content.get(name)
    if (!known) return `it does not know ${name}`
    if (known.form !== form) return `its ${name} is of form ${known.form} and not ${form}`
    for (const [table, rows] of Object.entries(tables))
      if (known.tables.get(table)?.length !== columnsOf(rows).length) return `its ${name} has no such table ${table}`
  }
  return undefined
}

/** Fills memories from an image that fits them. */
export function fillMemories(memories: readonly Memory[], content: MemoryContent): void {
  for (const { name, tables } of memories)
    for (const [table, rows] of Object.entries(tables)) fill(rows, content.get(name)!.tables.get(table)!)
  for (const memory of memories) memory.derive?.()
}

/** Makes memories as they were before their first fact. */
export function emptyMemories(memories: readonly Memory[]): void {
  for (const { tables } of memories) for (const rows of Object.values(tables)) empty(rows)
  for (const memory of memories) memory.derive?.()
}

function columnsOf(table: MemoryTable): unknown[][] {
  if (Array.isArray(table)) return [table.slice()]
  return table instanceof Map ? [[...table.keys()], [...table.values()]] : [[...table]]
}

/** Tables one after the other, each slice of rows with its length before it; the reader knows from the header how many there are. */
function* inParts(tables: readonly (readonly unknown[][])[]): Generator<Uint8Array> {
  let part: Uint8Array[] = []
  let bytes = 0
  for (const slice of slicesOf(tables)) {
    const length = Buffer.alloc(LENGTH_BYTES)
    length.writeUInt32LE(slice.byteLength)
    part.push(length, slice)
    bytes += slice.byteLength
    if (bytes < PART_BYTES) continue
    yield Buffer.concat(part)
    part = []
    bytes = 0
  }
  yield Buffer.concat(part)
}

function* slicesOf(tables: readonly (readonly unknown[][])[]): Generator<Uint8Array> {
  for (const columns of tables)
    for (let from = 0; from < columns[0]!.length; from += SLICE_ROWS) yield serialize(columns.map((c) => c.slice(from, from + SLICE_ROWS)))
}

function fill(table: MemoryTable, [keys, values]: readonly unknown[][]): void {
  empty(table)
  // The keys of maps and the members of sets were strings when they were written.
  if (Array.isArray(table)) for (const row of keys!) table.push(row)
  else if (table instanceof Map) for (const [i, key] of keys!.entries()) table.set(key as string, values![i])
  else for (const key of keys!) table.add(key as string)
}

function empty(table: MemoryTable): void {
  if (Array.isArray(table)) table.length = 0
  else table.clear()
}
