const [LF, CR, COLON, SPACE] = [10, 13, 58, 32]
/** A line that is longer than this names no event: what follows of it is passed over. */
const LINE_BYTES_MAX = 65_536

/**
 * Where in a stream of events (the HTML Standard, section 9.2) what follows the first event of this id begins: the byte after the blank line that ends
 * it. Undefined where no event that has ended has this id.
 */
export async function eventAfter(chunks: AsyncIterable<Uint8Array>, wanted: Buffer): Promise<number | undefined> {
  let [at, named, endsAt, afterCr] = [0, false, -1, false]
  let line: number[] = []
  for await (const chunk of chunks) {
    for (const byte of chunk) {
      at++
      // The second half of a CR LF belongs to the line before.
      if (byte === LF && afterCr) {
        afterCr = false
        if (endsAt >= 0) return at
        continue
      }
      if (endsAt >= 0) return endsAt
      afterCr = byte === CR
      if (byte !== LF && byte !== CR) {
        if (line.length <= LINE_BYTES_MAX) line.push(byte)
        continue
      }
      if (line.length === 0 && named) endsAt = at
      else if (isIdOf(line, wanted)) named = true
      // Without a CR before it, a line feed ends the line alone.
      if (endsAt >= 0 && byte === LF) return endsAt
      line = []
    }
  }
  return endsAt >= 0 ? endsAt : undefined
}

/** The line is the field `id` with this value, one blank after the colon not counted. */
function isIdOf(line: readonly number[], wanted: Buffer): boolean {
  const [i = 105, d = 100] = [...Buffer.from('id')]
  if (line[0] !== i || line[1] !== d || line[2] !== COLON) return false
  return Buffer.from(line.slice(line[3] === SPACE ? 4 : 3)).equals(wanted)
}
