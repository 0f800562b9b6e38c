import { CHUNK_RECORDS } from '../rows/chunk.ts'
import { PENDING, releaseChunk } from '../rows/recordLog.ts'
import { releaseShelfChunk, UNITS_PER_CHUNK } from '../shelf/shelf.ts'
import type { BookState } from './bookState.ts'

/** Chunks that are looked at again whenever one more is full: holds resolve, so an old one may be free by now. */
const LOOK_AT_MAX = 64

/**
 * For a replay that only wants balances: lets go of all records but those of chunks with an open hold, so that memory does not grow with the journal.
 * Returns what has to be called after each block. Nothing else may be looked up in such books.
 */
export function forgetSettled(state: BookState): () => void {
  const { log } = state.machine.state
  const { shelf } = state
  // What is gone reads as zeros: an index without entries.
  const nothing = { read: (_chunk: number, _offset: number, length: number) => new Uint8Array(length) }
  log.archive = nothing
  shelf.archive = nothing
  let lookedAt = 0
  let shelfChunks = 0
  let kept: number[] = []

  function hasOpenHold(n: number): boolean {
    return log.statuses[n]?.includes(PENDING.pending) ?? false
  }

  return () => {
    const full = (log.count - (log.count % CHUNK_RECORDS)) / CHUNK_RECORDS
    if (lookedAt < full) {
      while (lookedAt < full) kept.push(lookedAt++)
      const [looked, rest] = [kept.slice(0, LOOK_AT_MAX), kept.slice(LOOK_AT_MAX)]
      const held = looked.filter(hasOpenHold)
      for (const n of looked) if (!held.includes(n)) releaseChunk(log, n)
      kept = [...rest, ...held]
    }
    for (; (shelfChunks + 1) * UNITS_PER_CHUNK <= shelf.end; shelfChunks++) releaseShelfChunk(shelf, shelfChunks)
  }
}
