import { max } from '../../money/integers.ts'

const [LF, CR] = [10, 13]
const [ID, ID_BLANK] = [Buffer.from('id:'), Buffer.from('id: ')]
/** What a blank line begins with: the end of the line before it, and its own. */
const BLANK_LINES = ['\n\n', '\n\r', '\r\r']

/**
 * Where in a stream of events (the HTML Standard, section 9.2) what follows the first event of this id begins: the byte after the blank line that ends
 * it. Undefined where no event that has ended has this id. Only what is looked for is looked at: line by line it costs the thread that answers ten times as
 * much.
 */
export async function eventAfter(chunks: AsyncIterable<Uint8Array>, wanted: Buffer): Promise<number | undefined> {
  const lines = [ID, ID_BLANK].map((begin) => Buffer.concat([begin, wanted]))
  /** With the byte before it and the one behind it. */
  const lineBytes = ID_BLANK.byteLength + wanted.byteLength + 2
  let [text, at, isNamed] = [Buffer.alloc(0), 0, false]
  let endsAt: number | undefined
  for await (const chunk of chunks) {
    text = Buffer.concat([text, chunk])
    if (!isNamed) {
      const id = firstOf(lines.map((line) => placeOfLine(text, line, at === 0)))
      const passed = id ?? max(text.byteLength - lineBytes, 0)
      isNamed = id !== undefined
      text = text.subarray(passed)
      at += passed
    }
    if (!isNamed) continue
    const blank = firstOf(BLANK_LINES.map((line) => text.indexOf(line)))
    const passed = blank ?? max(text.byteLength - 1, 0)
    text = text.subarray(passed)
    at += passed
    if (blank === undefined) continue
    // The second half of a CR LF may be in the next chunk, and belongs to the line before it.
    endsAt = at + (text[1] === CR && text[2] === LF ? 3 : 2)
    if (text[1] === LF || text.byteLength > 2) return endsAt
  }
  return endsAt
}

/** Where a line ends that is this one; -1 where none is. `begins`: the text is the beginning of all. */
function placeOfLine(text: Buffer, line: Buffer, begins: boolean): number {
  for (let place = text.indexOf(line); place >= 0; place = text.indexOf(line, place + 1)) {
    const [before, end] = [text[place - 1], place + line.byteLength]
    const isBegun = place === 0 ? begins : before === LF || before === CR
    if (isBegun && (text[end] === LF || text[end] === CR)) return end
  }
  return -1
}

/** The first of these places; undefined where none is one. */
function firstOf(places: readonly number[]): number | undefined {
  return places.filter((place) => place >= 0).sort((a, b) => a - b)[0]
}
