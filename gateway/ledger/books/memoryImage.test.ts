import { describe, expect, test } from 'vitest'
import { beginMemoryImage, emptyMemories, fillMemories, type MemoryImage, readMemoryImage, whyUnfit } from './memoryImage.ts'

/** More rows than one slice has. */
const MANY = 150

function memory(o: { name?: string; form?: number; rows?: number } = {}) {
  const { rows = MANY } = o
  const numbers = Array.from({ length: rows }, (_, i) => i)
  const tables = {
    byId: new Map<string, unknown>(numbers.map((i) => [`id${i}`, { units: BigInt(i) * 10n ** 30n, gone: undefined, list: [i, `ü${i}`] }])),
    seen: new Set(numbers.map((i) => `s${i}`)),
    order: numbers as unknown[],
    none: new Map<string, unknown>(),
  }
  const derived: number[] = []
  const derive = () => void derived.push(tables.byId.size)
  return { name: o.name ?? 'room.one', form: o.form ?? 1, tables, apply: () => undefined, derive, derived }
}

/** Writes an image and reads it, header as JSON. */
function read({ header, parts }: MemoryImage) {
  return readMemoryImage(JSON.parse(JSON.stringify(header)), reader([...parts()]))
}

function reader(parts: readonly Uint8Array[]): (bytes: number) => Uint8Array {
  const written = Buffer.concat(parts)
  let at = 0
  return (bytes) => {
    at += bytes
    return written.subarray(at - bytes, at)
  }
}

describe('an image of memories', () => {
  test('comes back as it was: bigints, undefined, order and all', () => {
    const [from, to] = [memory(), memory({ rows: 0 })]
    fillMemories([to], read(beginMemoryImage([from])))
    expect(to.tables).toStrictEqual(from.tables)
    expect([...to.tables.byId.keys()]).toEqual([...from.tables.byId.keys()])
    expect(to.derived).toEqual([MANY])
  })

  test('is of the moment when it was begun, whatever is replaced, added and removed while it is written', () => {
    const [from, as, to] = [memory(), memory(), memory({ rows: 0 })]
    const image = beginMemoryImage([from])
    from.tables.byId.set('id3', 'replaced')
    from.tables.byId.delete('id4')
    from.tables.byId.set('new', 'added')
    from.tables.seen.clear()
    from.tables.order.length = 3
    fillMemories([to], read(image))
    expect(to.tables).toStrictEqual(as.tables)
  })

  test('replaces what a memory held before', () => {
    const [from, to] = [memory({ rows: 2 }), memory({ rows: 5 })]
    fillMemories([to], read(beginMemoryImage([from])))
    expect(to.tables).toStrictEqual(from.tables)
  })

  test('fits memories that it knows in the same form, and says why it does not fit others', () => {
    const content = read(beginMemoryImage([memory(), memory({ name: 'room.gone' })]))
    expect(whyUnfit([memory()], content)).toBeUndefined()
    expect(whyUnfit([memory(), memory({ name: 'room.new' })], content)).toBe('it does not know room.new')
    expect(whyUnfit([memory({ form: 2 })], content)).toBe('its room.one is of form 1 and not 2')
    const { tables, ...rest } = memory()
    expect(whyUnfit([{ ...rest, tables: { ...tables, extra: [] } }], content)).toBe('its room.one has no such table extra')
    expect(whyUnfit([{ ...rest, tables: { byId: new Set<string>() } }], content)).toBe('its room.one has no such table byId')
  })

  test('refuses to be read with rows missing', () => {
    const { header, parts } = beginMemoryImage([memory({ rows: 3 })])
    const wrong = header.map((of) => ({ ...of, tables: of.tables.map((table) => ({ ...table, rows: table.rows === 0 ? 0 : 4 })) }))
    expect(() => readMemoryImage(wrong, reader([...parts()]))).toThrow('byId has as many rows as its header says')
  })

  test('is not needed to begin anew: emptied memories are as before their first fact', () => {
    const emptied = memory()
    emptyMemories([emptied])
    expect(emptied.tables).toStrictEqual(memory({ rows: 0 }).tables)
    expect(emptied.derived).toEqual([0])
  })
})
