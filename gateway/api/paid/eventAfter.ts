const [LF, CR] = [10, 13]
const NOTHING = Buffer.alloc(0)
const [ID, ID_BLANK] = [Buffer.from('id:'), Buffer.from('id: ')]
/** A line that is longer than this names no event: what follows of it is passed over. */
const LINE_BYTES_MAX = 65_536

/**
 * Where in a stream of events (the HTML Standard, section 9.2) what follows the first event of this id begins: the byte after the blank line that ends
 * it. Undefined where no event that has ended has this id. Line by line, because byte by byte costs the thread that answers 20 ms for each megabyte.
 */
export async function eventAfter(chunks: AsyncIterable<Uint8Array>, wanted: Buffer): Promise<number | undefined> {
  let [before, named, afterCr] = [0, false, false]
  let begun = NOTHING
  let endsAt: number | undefined
  for await (const { buffer, byteOffset, byteLength } of chunks) {
    const chunk = Buffer.from(buffer, byteOffset, byteLength)
    // The second half of a CR LF belongs to the line before.
    let from = afterCr && chunk[0] === LF ? 1 : 0
    if (endsAt !== undefined) return endsAt + from
    const nextEnd = lineEnds(chunk)
    for (let end = nextEnd(from); end >= 0; end = nextEnd(from)) {
      const line = begun.byteLength > 0 ? Buffer.concat([begun, chunk.subarray(from, end)]) : chunk.subarray(from, end)
      begun = NOTHING
      from = end + (chunk[end] === CR && chunk[end + 1] === LF ? 2 : 1)
      if (line.byteLength === 0 && named) endsAt = before + from
      if (endsAt !== undefined) break
      if (isIdOf(line, wanted)) named = true
    }
    afterCr = chunk.at(-1) === CR
    if (endsAt !== undefined && !(afterCr && endsAt === before + byteLength)) return endsAt
    const room = LINE_BYTES_MAX - begun.byteLength
    if (room > 0 && from < byteLength) begun = Buffer.concat([begun, chunk.subarray(from, from + room)])
    before += byteLength
  }
  return endsAt
}

/** Where the next line ends from here on, asked in order; -1 where none does. */
function lineEnds(chunk: Buffer): (from: number) => number {
  const none = chunk.byteLength
  let [lf, cr] = [-1, -1]
  return (from) => {
    if (lf < from) lf = placeOf(chunk, LF, from)
    if (cr < from) cr = placeOf(chunk, CR, from)
    const first = lf < cr ? lf : cr
    return first === none ? -1 : first
  }
}

/** The length of the chunk where there is none. */
function placeOf(chunk: Buffer, byte: number, from: number): number {
  const found = chunk.indexOf(byte, from)
  return found < 0 ? chunk.byteLength : found
}

/** The line is the field `id` with this value, one blank after the colon not counted. */
function isIdOf(line: Buffer, wanted: Buffer): boolean {
  const value = line.byteLength - wanted.byteLength
  if (value !== ID.byteLength && value !== ID_BLANK.byteLength) return false
  return line.equals(Buffer.concat([value === ID.byteLength ? ID : ID_BLANK, wanted]))
}
