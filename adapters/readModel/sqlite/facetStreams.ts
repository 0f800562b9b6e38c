/** Where a resource stands in every list: by its time (ms), then by its number. */
export type Place = Readonly<{ at: number; n: number }>

/** Places of a facet at this one or before it, the newest first, so many. */
type Reader = (facet: string, from: Place, count: number) => Place[]

/** The newest place at this one or before it. It is asked for ever earlier places. */
export type Stream = (from: Place) => Place | undefined

/** Places that are read at a time. */
const READ_LEAST = 2
const READ_MAX = 64

/** After every place, so that it is read first. */
const UNREAD: Place = { at: Number.POSITIVE_INFINITY, n: 0 }

/** Behind everything of this time. */
export function atOrBefore(at: number): Place {
  return { at, n: Number.MAX_SAFE_INTEGER }
}

export function justBefore({ at, n }: Place): Place {
  return { at, n: n - 1 }
}

/** One facet. Reads further ahead as long as its places are taken one after the other, and little where they are jumped over. */
export function streamOf(facet: string, read: Reader): Stream {
  let count = READ_LEAST
  let ready: Place[] = []
  let isWhole = false
  return (from) => {
    let passed = 0
    while (ready.length > 0 && isAfter(ready[0]!, from)) {
      ready.shift()
      passed += 1
    }
    if (ready.length === 0 && !isWhole) {
      count = passed > 1 ? READ_LEAST : count * 2 < READ_MAX ? count * 2 : READ_MAX
      ready = read(facet, from, count)
      isWhole = ready.length < count
    }
    return ready[0]
  }
}

/** What stands in any of them. A stream is asked again only when its place has been passed. */
export function either(streams: readonly Stream[]): Stream {
  const heads: (Place | undefined)[] = streams.map(() => UNREAD)
  return (from) => {
    let newest: Place | undefined
    for (const [i, stream] of streams.entries()) {
      const head = heads[i]
      if (head && isAfter(head, from)) heads[i] = stream(from)
      const now = heads[i]
      if (now && (!newest || isAfter(now, newest))) newest = now
    }
    return newest
  }
}

export function isAfter(a: Place, b: Place): boolean {
  return a.at > b.at || (a.at === b.at && a.n > b.n)
}
