import { max } from '../../money/integers.ts'
import { decodeHash } from './checkpoint.ts'

/** A proof that a leaf is in a log, with the checkpoint that says so, as C2SP tlog-proof writes it: one text, checked offline. */
type TlogProof = Readonly<{ index: number; path: readonly Uint8Array[]; checkpoint: string }>

const FIRST_LINE = 'c2sp.org/tlog-proof@v1'

export function writeTlogProof({ index, path, checkpoint }: TlogProof): string {
  return [FIRST_LINE, `index ${index}`, ...path.map((hash) => Buffer.from(hash).toString('base64')), '', checkpoint].join('\n')
}

/** Reads a proof; undefined when it is none. Extra data is passed over: nothing vouches for it. */
export function readTlogProof(text: string): TlogProof | undefined {
  const end = text.indexOf('\n\n')
  const [first, ...lines] = text.slice(0, max(end, 0)).split('\n')
  if (first !== FIRST_LINE) return undefined
  if (lines[0]?.startsWith('extra ')) lines.shift()
  const index = /^index (0|[1-9][0-9]{0,15})$/.exec(lines.shift() ?? '')?.[1]
  const path = lines.map(decodeHash)
  if (index === undefined || !path.every((hash) => hash !== undefined)) return undefined
  return { index: Number.parseInt(index, 10), path, checkpoint: text.slice(end + 2) }
}
