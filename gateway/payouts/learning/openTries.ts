/** Units of an asset, by its id, as a number that a line is drawn through. */
export type Measured = Readonly<{ asset: string; units: number }>

/**
 * A try on its way. `chance` is what was reckoned, `word` what the rail said; `rail` and `band` are the keys of its cells. `seconds` is how long the rail said
 * that it takes, absent where its end does not tell when the money is there; `amount` what it sends, absent where its end does not tell its fee.
 */
export type OpenTry = Readonly<{
  owner: string
  at: number
  rail: string
  band: string
  payee: string | undefined
  chance: number
  word: number
  seconds: number | undefined
  amount: Measured | undefined
}>

/** Cells whose last try has ended keep their place here while there are no more than so many. */
const KEYS_MAX = 4_000

/** Tries without an outcome, by their ids and by the keys of their cells. There are no more than open payouts, which are bounded. */
export function createOpenTries() {
  const byId = new Map<string, OpenTry>()
  // Lists and no maps: what leaves is mostly the first, and a map whose keys come and go keeps its dead ones from being collected while they are young.
  const byKey = new Map<string, OpenTry[]>()

  function list(key: string, tried: OpenTry): void {
    const same = byKey.get(key)
    if (same) same.push(tried)
    else byKey.set(key, [tried])
  }

  function unlist(key: string, tried: OpenTry): void {
    const same = byKey.get(key)!
    if (same[0] === tried) same.shift()
    else same.splice(same.indexOf(tried), 1)
    if (same.length === 0 && byKey.size > KEYS_MAX) byKey.delete(key)
  }

  function take(id: string): OpenTry | undefined {
    const tried = byId.get(id)
    if (!tried) return undefined
    byId.delete(id)
    unlist(tried.rail, tried)
    unlist(tried.band, tried)
    return tried
  }

  return {
    table: byId,
    /** After the table was filled. */
    derive(): void {
      byKey.clear()
      for (const tried of byId.values()) {
        list(tried.rail, tried)
        list(tried.band, tried)
      }
    },
    add(id: string, tried: OpenTry): void {
      take(id)
      byId.set(id, tried)
      list(tried.rail, tried)
      list(tried.band, tried)
    },
    /** The try, which is open no more; undefined when it was not known. */
    take,
    /** Those of a cell, oldest first; undefined when there are none. */
    in(key: string): readonly OpenTry[] | undefined {
      const same = byKey.get(key)
      return same?.length === 0 ? undefined : same
    },
  }
}
