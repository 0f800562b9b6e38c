import { invariant } from '../../errors/invariant.ts'
import { CHUNK_BYTES, CHUNK_SLOTS, type Chunk, chunkOn, INDEX_AT, KINDS_AT } from './chunk.ts'
import { hash128 } from './hashTable.ts'
import { ROW_BYTES, type Rows, rowsOn, same128 } from './words.ts'

/** Chunks that left memory, each kept as its bytes. Reading is synchronous, because the machine asks in the middle of a decision; it is rare. */
export type ChunkArchive = Readonly<{
  /** `length` bytes of a chunk from `offset`, in a buffer of their own. */
  read(chunk: number, offset: number, length: number): Uint8Array<ArrayBuffer>
}>

/** Slots read at a time. */
const SLOTS = 16

/** A copy of an archived record. */
export type Archived = Readonly<{ rows: Rows; local: number; kind: number }>

/** The transfer or burned id under this id in an archived chunk. */
export function findArchived(archive: ChunkArchive, chunk: number, id: Uint32Array, at: number): Archived | undefined {
  const home = hash128(id, at) & (CHUNK_SLOTS - 1)
  for (let first = home & ~(SLOTS - 1), begin = home & (SLOTS - 1); ; first = (first + SLOTS) & (CHUNK_SLOTS - 1), begin = 0) {
    const slots = new Uint16Array(archive.read(chunk, INDEX_AT + 2 * first, 2 * SLOTS).buffer)
    for (let i = begin; i < SLOTS; i++) {
      const local = slots[i]! - 1
      if (local < 0) return undefined
      const rows = rowsOn(archive.read(chunk, local * ROW_BYTES, ROW_BYTES).buffer)
      if (same128(rows.words, 0, id, at)) return { rows, local, kind: kindOf(archive, chunk, local) }
    }
  }
}

/** Record number `local` of an archived chunk. */
export function readArchived(archive: ChunkArchive, chunk: number, local: number): Archived {
  const rows = rowsOn(archive.read(chunk, local * ROW_BYTES, ROW_BYTES).buffer)
  return { rows, local, kind: kindOf(archive, chunk, local) }
}

function kindOf(archive: ChunkArchive, chunk: number, local: number): number {
  return archive.read(chunk, KINDS_AT + local, 1)[0]!
}

/** A copy of a whole archived chunk. */
export function readArchivedChunk(archive: ChunkArchive, chunk: number): Chunk {
  const bytes = archive.read(chunk, 0, CHUNK_BYTES)
  invariant(bytes.byteLength === CHUNK_BYTES, `chunk ${chunk} is whole`)
  return chunkOn(bytes.buffer)
}
