const INTEGER_MAX = 2n ** 63n - 1n
const LOW_64 = 0xffff_ffff_ffff_ffffn

/** Units as a cell: INTEGER while they fit, else decimal TEXT. */
export function unitsCell(units: bigint): bigint | string {
  return units <= INTEGER_MAX ? units : units.toString()
}

/** The units of a cell, read with bigints. */
export function readUnits(cell: unknown): bigint {
  return typeof cell === 'bigint' ? cell : BigInt(cell as string) // A cell that `unitsCell` wrote.
}

/** A 128-bit id as 16 bytes, big-endian. */
export function idCell(id: bigint): Uint8Array {
  const bytes = new Uint8Array(16)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, id >> 64n)
  view.setBigUint64(8, id & LOW_64)
  return bytes
}

export function readId(cell: unknown): bigint {
  const bytes = cell as Uint8Array // A cell that `idCell` wrote.
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return (view.getBigUint64(0) << 64n) | view.getBigUint64(8)
}
