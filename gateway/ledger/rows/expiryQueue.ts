import { floorDivCount } from '../../money/integers.ts'

/**
 * Pending transfers with a timeout by the time at which they expire, the first one first, ties by age. Each is named by its place in the record log.
 * It may still hold resolved or undone ones: the taker looks.
 */
export type ExpiryQueue = {
  /** A binary heap of four words each: high and low word of the time in ns, of the place. */
  heap: Uint32Array
  size: number
  /** Nothing is due before this time, in ns. */
  notBefore: bigint
}

export const ITEM = 4
const HALF = 2 ** 32

export function newExpiryQueue(): ExpiryQueue {
  return { heap: new Uint32Array(ITEM * 16), size: 0, notBefore: 0n }
}

export function pushExpiry(queue: ExpiryQueue, at: bigint, place: number): void {
  if (ITEM * queue.size === queue.heap.length) {
    const wider = new Uint32Array(2 * queue.heap.length)
    wider.set(queue.heap)
    queue.heap = wider
  }
  const words = ITEM * queue.size
  queue.heap[words] = high(at)
  queue.heap[words + 1] = low(at)
  queue.heap[words + 2] = floorDivCount(place, HALF)
  // The word keeps the low 32 bits.
  queue.heap[words + 3] = place
  queue.size += 1
  siftUp(queue, queue.size - 1)
}

/** True when something expires at or before `nowNs`. */
export function hasDue(queue: ExpiryQueue, nowNs: bigint): boolean {
  return queue.size > 0 && timeOf(queue, 0) <= nowNs && queue.notBefore <= nowNs
}

/** Removes what expires first; the queue is not empty. */
export function takeFirst(queue: ExpiryQueue): Readonly<{ at: bigint; place: number }> {
  const first = { at: timeOf(queue, 0), place: placeOf(queue.heap, 0) }
  queue.size -= 1
  if (queue.size > 0) {
    const last = ITEM * queue.size
    queue.heap.copyWithin(0, last, last + ITEM)
    siftDown(queue)
  }
  return first
}

/** Puts back what was taken and could not be read; nothing is due `until` then. */
export function postpone(queue: ExpiryQueue, { at, place, until }: Readonly<{ at: bigint; place: number; until: bigint }>): void {
  pushExpiry(queue, at, place)
  queue.notBefore = until
}

/** Keeps only what `open` says may still be pending. */
export function pruneExpiries(queue: ExpiryQueue, open: (place: number) => boolean): void {
  const old = queue.heap.slice(0, ITEM * queue.size)
  queue.size = 0
  for (let i = 0; i < old.length; i += ITEM) {
    const at = (BigInt(old[i]!) << 32n) | BigInt(old[i + 1]!)
    const place = placeOf(old, i)
    if (open(place)) pushExpiry(queue, at, place)
  }
}

function timeOf(queue: ExpiryQueue, item: number): bigint {
  return (BigInt(queue.heap[ITEM * item]!) << 32n) | BigInt(queue.heap[ITEM * item + 1]!)
}

function high(at: bigint): number {
  return Number(at >> 32n) // not money: half of a time
}

function low(at: bigint): number {
  return Number(at & 0xffff_ffffn) // not money: half of a time
}

function placeOf(heap: Uint32Array, words: number): number {
  return heap[words + 2]! * HALF + heap[words + 3]!
}

function before(queue: ExpiryQueue, a: number, b: number): boolean {
  for (let word = 0; word < ITEM; word++) {
    const left = queue.heap[ITEM * a + word]!
    const right = queue.heap[ITEM * b + word]!
    if (left !== right) return left < right
  }
  return false
}

function swap(queue: ExpiryQueue, a: number, b: number): void {
  for (let word = 0; word < ITEM; word++) {
    const kept = queue.heap[ITEM * a + word]!
    queue.heap[ITEM * a + word] = queue.heap[ITEM * b + word]!
    queue.heap[ITEM * b + word] = kept
  }
}

function siftUp(queue: ExpiryQueue, item: number): void {
  while (item > 0) {
    const parent = (item - 1) >> 1
    if (!before(queue, item, parent)) return
    swap(queue, item, parent)
    item = parent
  }
}

function siftDown(queue: ExpiryQueue): void {
  for (let item = 0; ; ) {
    const left = 2 * item + 1
    const right = left + 1
    let first = item
    if (left < queue.size && before(queue, left, first)) first = left
    if (right < queue.size && before(queue, right, first)) first = right
    if (first === item) return
    swap(queue, item, first)
    item = first
  }
}
