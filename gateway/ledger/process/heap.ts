type Heap<T> = Readonly<{
  size(): number
  first(): T | undefined
  push(row: T): void
  /** Takes the first away. */
  pop(): void
  clear(): void
}>

/** A binary heap: the first by `isBefore` is at hand, and each change costs the logarithm of how many there are. */
export function createHeap<T>(isBefore: (a: T, b: T) => boolean): Heap<T> {
  const rows: T[] = []

  function swap(a: number, b: number): void {
    const row = rows[a]!
    rows[a] = rows[b]!
    rows[b] = row
  }

  function up(start: number): void {
    for (let place = start; place > 0; ) {
      const above = (place - 1) >> 1
      if (!isBefore(rows[place]!, rows[above]!)) return
      swap(place, above)
      place = above
    }
  }

  function down(): void {
    for (let place = 0; ; ) {
      const [left, right] = [2 * place + 1, 2 * place + 2]
      let first = place
      if (left < rows.length && isBefore(rows[left]!, rows[first]!)) first = left
      if (right < rows.length && isBefore(rows[right]!, rows[first]!)) first = right
      if (first === place) return
      swap(place, first)
      place = first
    }
  }

  return {
    size: () => rows.length,
    first: () => rows[0],
    push(row) {
      rows.push(row)
      up(rows.length - 1)
    },
    pop() {
      const last = rows.pop()
      if (rows.length === 0 || last === undefined) return
      rows[0] = last
      down()
    },
    clear() {
      rows.length = 0
    },
  }
}
