import { decodeBlock } from '../../ledger/journal/blockData.ts'
import type { Block } from '../../ports/journal.ts'

/** Longest line that is read back: a block of the largest size with its content, in base64. */
const LINE_MAX = 256 * 1024 * 1024

/**
 * A block as a line of JSON. `hash` and `data` (base64) are what the chain covers: they alone are read back. `content` says the same for people, when it
 * is asked for; 128-bit numbers are decimal strings.
 */
export function journalLine(block: Block, withContent: boolean): string {
  const { seq, at, count, hash, data } = block
  const line = { seq, at: at.toString(), count, hash: Buffer.from(hash).toString('hex'), data: Buffer.from(data).toString('base64') }
  return `${JSON.stringify(withContent ? { ...line, content: contentOf(data) } : line, decimal)}\n`
}

function contentOf(data: Uint8Array) {
  const { accounts, submissions, records } = decodeBlock(data)
  return { accounts, submissions, records }
}

/** The blocks of an export. Throws at a line that is none, naming it. */
export async function* readJournalLines(lines: AsyncIterable<string>): AsyncGenerator<Block> {
  let n = 0
  for await (const line of lines) {
    n += 1
    if (line === '') continue
    yield readLine(line, n)
  }
}

function readLine(line: string, n: number): Block {
  const wrong = new Error(`line ${n} is not a block of an exported journal`)
  if (line.length > LINE_MAX) throw wrong
  let row: Readonly<Record<string, unknown>>
  try {
    row = JSON.parse(line)
  } catch {
    throw wrong
  }
  const { seq, at, count, hash, data } = row ?? {}
  if (!isCount(seq) || !isCount(count) || typeof at !== 'string' || typeof hash !== 'string' || typeof data !== 'string') throw wrong
  if (!/^[0-9]{1,19}$/.test(at) || !/^[0-9a-f]{64}$/.test(hash)) throw wrong
  return { seq, at: BigInt(at), count, hash: Buffer.from(hash, 'hex'), data: Buffer.from(data, 'base64') }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function decimal(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}
