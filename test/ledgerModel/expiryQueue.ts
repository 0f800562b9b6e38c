import type { Transfer } from '../../gateway/ports/ledger.ts'

/** Nanoseconds in the whole seconds that a timeout counts. */
const NS_PER_SECOND = 1_000_000_000n

/** When a pending transfer with a timeout expires, in ns. */
export function expiresAt(transfer: Transfer): bigint {
  return transfer.timestamp + BigInt(transfer.timeout) * NS_PER_SECOND
}

/** Pending transfers with a timeout, the first to expire first, ties by age. May still hold resolved or undone ones: the taker looks. */
export type ExpiryQueue = Readonly<{
  push(transfer: Transfer): void
  /** Removes and returns the next one that expires at or before `nowNs`. */
  takeDue(nowNs: bigint): Transfer | undefined
  hasDue(nowNs: bigint): boolean
}>

type Item = Readonly<{ at: bigint; transfer: Transfer }>

function before(a: Item, b: Item): boolean {
  return a.at < b.at || (a.at === b.at && a.transfer.timestamp < b.transfer.timestamp)
}

/** An empty queue: a binary heap. */
export function createExpiryQueue(): ExpiryQueue {
  const heap: Item[] = []

  function siftUp(index: number): void {
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!before(heap[index]!, heap[parent]!)) return
      swap(index, parent)
      index = parent
    }
  }

  function siftDown(): void {
    let index = 0
    for (;;) {
      const left = 2 * index + 1
      const right = left + 1
      let first = index
      if (left < heap.length && before(heap[left]!, heap[first]!)) first = left
      if (right < heap.length && before(heap[right]!, heap[first]!)) first = right
      if (first === index) return
      swap(index, first)
      index = first
    }
  }

  function swap(a: number, b: number): void {
    const item = heap[a]!
    heap[a] = heap[b]!
    heap[b] = item
  }

  return {
    push(transfer) {
      heap.push({ at: expiresAt(transfer), transfer })
      siftUp(heap.length - 1)
    },
    takeDue(nowNs) {
      const first = heap[0]
      if (!first || first.at > nowNs) return undefined
      const last = heap.pop()!
      if (heap.length > 0) {
        heap[0] = last
        siftDown()
      }
      return first.transfer
    },
    hasDue: (nowNs) => heap.length > 0 && heap[0]!.at <= nowNs,
  }
}
