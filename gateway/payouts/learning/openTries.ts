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
  seconds?: number
  amount?: Measured
}>

/** Tries without an outcome, by their ids and by the keys of their cells. There are no more than open payouts, which are bounded. */
export function createOpenTries() {
  const byId = new Map<string, OpenTry>()
  const byKey = new Map<string, Map<string, OpenTry>>()

  function index(id: string, tried: OpenTry): void {
    for (const key of [tried.rail, tried.band]) byKey.set(key, (byKey.get(key) ?? new Map<string, OpenTry>()).set(id, tried))
  }

  function unindex(id: string, tried: OpenTry): void {
    for (const key of [tried.rail, tried.band]) {
      const same = byKey.get(key)
      same?.delete(id)
      if (same?.size === 0) byKey.delete(key)
    }
  }

  return {
    table: byId,
    /** After the table was filled. */
    derive(): void {
      byKey.clear()
      for (const [id, tried] of byId) index(id, tried)
    },
    add(id: string, tried: OpenTry): void {
      byId.set(id, tried)
      index(id, tried)
    },
    /** The try, which is open no more; undefined when it was not known. */
    take(id: string): OpenTry | undefined {
      const tried = byId.get(id)
      if (!tried) return undefined
      byId.delete(id)
      unindex(id, tried)
      return tried
    },
    /** Those of a cell, oldest first. */
    in: (key: string): Iterable<OpenTry> | undefined => byKey.get(key)?.values(),
  }
}
