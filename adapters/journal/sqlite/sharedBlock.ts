import type { Block } from '../../../gateway/ports/journal.ts'

/** The longest block that is handed to another thread; the few that are longer are committed where they were made. */
export const SHARED_BYTES_MAX = 1024 * 1024

const HASH_BYTES = 32
/** Turn, count of rows and length of data (i32 each), 4 bytes unused, seq (u64), at (i64), hash. */
const HEADER_BYTES = 16 + 8 + 8 + HASH_BYTES
const [TURN, COUNT, LENGTH] = [0, 1, 2]
/** A turn after which nothing comes. */
const END = -1
const TURN_MAX = 0x7fff_ffff

/** Memory of two threads that holds one block: written by the one while the other waits for its turn, and read by that one until it has said so. */
export function newSharedBlock(): SharedArrayBuffer {
  return new SharedArrayBuffer(HEADER_BYTES + SHARED_BYTES_MAX)
}

/** The end of the thread that makes blocks. */
export function blockGiver(memory: SharedArrayBuffer) {
  const view = viewOf(memory)
  const { words, wide } = view
  function next(turn: number): void {
    Atomics.store(words, TURN, turn)
    Atomics.notify(words, TURN)
  }
  return {
    /** Its bytes are copied: what becomes of them here changes nothing there. */
    give({ seq, at, count, hash, data }: Block): void {
      words[COUNT] = count
      words[LENGTH] = data.byteLength
      wide[0] = BigInt(seq)
      wide[1] = at
      view.hash.set(hash)
      view.data.set(data)
      next((words[TURN]! % TURN_MAX) + 1)
    },
    end: (): void => next(END),
  }
}

/** The end of the thread that commits them: each block, or undefined at the end. Waiting stops the whole thread. */
export function blockTaker(memory: SharedArrayBuffer): () => Block | undefined {
  const { words, wide, hash, data } = viewOf(memory)
  let turn = 0
  return () => {
    Atomics.wait(words, TURN, turn)
    turn = Atomics.load(words, TURN)
    if (turn === END) return undefined
    return { seq: Number(wide[0]), at: wide[1]!, count: words[COUNT]!, hash, data: data.subarray(0, words[LENGTH]!) }
  }
}

function viewOf(memory: SharedArrayBuffer) {
  return {
    words: new Int32Array(memory, 0, 4),
    wide: new BigInt64Array(memory, 16, 2),
    hash: new Uint8Array(memory, 32, HASH_BYTES),
    data: new Uint8Array(memory, HEADER_BYTES),
  }
}
