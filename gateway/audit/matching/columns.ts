/** So many places are made at first; a column doubles as it fills. */
const PLACES = 1_024
/** Texts lie in blocks of so many bytes; one that is longer has its own. */
const BLOCK_BITS = 20
const BLOCK_BYTES = 2 ** BLOCK_BITS
/** Before each text is its length in bytes. */
const LENGTH_BYTES = 4
const INT64_MAX = 2n ** 63n - 1n

/** A column of 32-bit integers that grows. */
export function createColumn() {
  let column = new Int32Array(PLACES)
  return {
    get: (place: number): number => column[place]!,
    set(place: number, value: number): void {
      if (place >= column.length) {
        const larger = new Int32Array(column.length * 2)
        larger.set(column)
        column = larger
      }
      column[place] = value
    },
  }
}

/** A column of integers, of which few are beyond 64 bits. */
export function createBigColumn() {
  let column = new BigInt64Array(PLACES)
  const beyond = new Map<number, bigint>()
  return {
    get: (place: number): bigint => beyond.get(place) ?? column[place]!,
    set(place: number, value: bigint): void {
      if (place >= column.length) {
        const larger = new BigInt64Array(column.length * 2)
        larger.set(column)
        column = larger
      }
      if (value > INT64_MAX || value < -INT64_MAX) beyond.set(place, value)
      else column[place] = value
    },
  }
}

/** Texts as bytes (UTF-8) beside each other, outside the heap: as strings they would be most of the memory there is. Each has a number. */
export function createTexts() {
  const blocks: Buffer[] = []
  /** The block's number in blocks of bytes, and where in it: 2 GiB of texts. */
  const at = createColumn()
  let [count, used] = [0, BLOCK_BYTES]
  return {
    add(text: string): number {
      const bytes = Buffer.byteLength(text)
      if (used + LENGTH_BYTES + bytes > (blocks.at(-1)?.length ?? 0)) {
        blocks.push(Buffer.allocUnsafe(bytes + LENGTH_BYTES > BLOCK_BYTES ? bytes + LENGTH_BYTES : BLOCK_BYTES))
        used = 0
      }
      const block = blocks.at(-1)!
      block.writeUInt32LE(bytes, used)
      block.write(text, used + LENGTH_BYTES)
      at.set(count, (blocks.length - 1) * BLOCK_BYTES + used)
      used += LENGTH_BYTES + bytes
      return count++
    },
    get(number: number): string {
      const start = at.get(number) & (BLOCK_BYTES - 1)
      const block = blocks[at.get(number) >>> BLOCK_BITS]!
      return block.toString('utf8', start + LENGTH_BYTES, start + LENGTH_BYTES + block.readUInt32LE(start))
    },
  }
}

/** What a text comes to in 32 bits: FNV-1a over its code units. */
export function hashOf(text: string, seed: number): number {
  let hash = 0x811c9dc5 ^ seed
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) // not money: a hash
  return hash ^ (hash >>> 15)
}
