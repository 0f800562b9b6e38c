import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import type { Block } from '../../../gateway/ports/journal.ts'

/** What vouches for the books outside of them: the last checkpoints of the audit log. */
type KeptNote = Readonly<{ name: string; note: string; publicKeyPem: string }>

/**
 * What a backup is made of, in this order: `about`; `block`s of the journal; each file as `file`, `bytes` and `fileEnd`, in which a file that begins again
 * takes the place of what was there of it; the `block`s of meanwhile; `end`. Times in ms. A hash is SHA-256 in hex.
 */
export type Frame =
  | Readonly<{ kind: 'about'; begunAt: number }>
  | Readonly<{ kind: 'block'; block: Block }>
  | Readonly<{ kind: 'file'; name: string }>
  | Readonly<{ kind: 'bytes'; bytes: Uint8Array }>
  | Readonly<{ kind: 'fileEnd'; sha256: string }>
  | Readonly<{ kind: 'end'; madeAt: number; seq: number; hash: string; notes: readonly KeptNote[] }>

const KINDS = ['about', 'block', 'file', 'bytes', 'fileEnd', 'end'] as const
/** Kind and length. */
const HEAD_BYTES = 5
/** Seq, time, count and hash before a block's data. */
const BLOCK_BYTES = 8 + 8 + 4 + 32

/** One frame as bytes. */
export function writeFrame(frame: Frame): Uint8Array {
  const content = contentOf(frame)
  const head = Buffer.alloc(HEAD_BYTES)
  head.writeUInt8(KINDS.indexOf(frame.kind), 0)
  head.writeUInt32BE(content.length, 1)
  return Buffer.concat([head, content])
}

/** The frames in a stream of bytes that are ours: they were sealed. Throws `backup_unreadable` when they are of another version, or end too soon. */
export async function* readFrames(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  let held: Uint8Array[] = []
  let length = 0
  let wanted = HEAD_BYTES
  for await (const piece of pieces) {
    held.push(piece)
    length += piece.length
    if (length < wanted) continue
    const all = Buffer.concat(held)
    let at = 0
    for (wanted = wantedAt(all, at); all.length - at >= wanted; wanted = wantedAt(all, at)) {
      yield frameOf(all.readUInt8(at), all.subarray(at + HEAD_BYTES, at + wanted))
      at += wanted
    }
    held = [all.subarray(at)]
    length = all.length - at
  }
  if (length > 0) throw new GatewayError('backup_unreadable', 'The backup ends in the middle of what it holds')
}

/** Bytes of the frame that begins there; of its head, while that is not all there. */
function wantedAt(all: Buffer, at: number): number {
  return all.length - at < HEAD_BYTES ? HEAD_BYTES : HEAD_BYTES + all.readUInt32BE(at + 1)
}

function contentOf(frame: Frame): Uint8Array {
  if (frame.kind === 'bytes') return frame.bytes
  if (frame.kind !== 'block') return Buffer.from(JSON.stringify(frame))
  const { seq, at, count, hash, data } = frame.block
  const head = Buffer.alloc(BLOCK_BYTES)
  head.writeBigUInt64BE(BigInt(seq), 0)
  head.writeBigInt64BE(at, 8)
  head.writeUInt32BE(count, 16)
  head.set(hash, 20)
  return Buffer.concat([head, data])
}

function frameOf(kind: number, content: Buffer): Frame {
  switch (KINDS[kind]) {
    case 'bytes':
      return { kind: 'bytes', bytes: content }
    case 'block': {
      const [seq, at, count] = [Number(content.readBigUInt64BE(0)), content.readBigInt64BE(8), content.readUInt32BE(16)] // not money: a position
      return { kind: 'block', block: { seq, at, count, hash: content.subarray(20, BLOCK_BYTES), data: content.subarray(BLOCK_BYTES) } }
    }
    case undefined:
      throw new GatewayError('backup_unreadable', `The backup holds what this version does not know (${kind})`)
    default:
      return JSON.parse(content.toString()) as Frame // As `writeFrame` wrote it: what is sealed is ours.
  }
}
