import type { Clock } from '../../../gateway/ports/clock.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Action } from '../sending/actionTable.ts'

/**
 * Code can take a signature in every simulation and refuse it in the block, and then the gas is ours. So of all transactions for accounts with code so many
 * may be under way, or have come to nothing within a day: `fresh` for accounts that have never paid by one, `recent` for those whose first payment is less
 * than a day old, `all` with those that paid before. Of these `kept` is one for each of so many accounts, the longest known first, that no other uses up.
 */
const MAX = { fresh: 16, recent: 16, kept: 16, all: 64 }
/** Of one account: while it has never paid, and after that. */
const OF_PAYER_MAX = { fresh: 1, recent: 4, old: 4 }
const KEPT_MS = 86_400_000
const KNOWN_MAX = 10_000

/** `go`: it may be sent; `later`: too many are under way; `no`: too much came to nothing, by this account or by all. */
type Risked = 'go' | 'later' | 'no'
type Standing = keyof typeof OF_PAYER_MAX
type Risk = { readonly payer: Hex; readonly part: Standing | 'kept'; readonly until: number; isLost: boolean }

/**
 * What may be lost in gas to accounts with code, by the actions that are sent for them; each at most 1.3 times what one such payment may burn. In memory: a
 * start begins a new day.
 */
export function createCodeRisk(clock: Clock, max = MAX) {
  const risks = new Map<string, Risk>()
  const known = createKnown(clock)

  function forgetOld(now: number): void {
    for (const [id, { until }] of risks) {
      if (until > now) return
      risks.delete(id)
    }
  }

  function partOf(payer: Hex): Risk['part'] {
    const standing = known.standingOf(payer)
    const all = [...risks.values()]
    if (standing !== 'old' || all.some((risk) => risk.payer === payer)) return standing
    // What was kept for an account that is not known any more is one less for the day.
    const gone = all.filter((risk) => risk.part === 'kept' && known.standingOf(risk.payer) !== 'old').length
    return known.isOfFirst(payer, max.kept - gone) ? 'kept' : standing
  }

  /** What one more of this account would be counted with, where that is all there may be. */
  function fullPart(payer: Hex, part: Risk['part']): readonly Risk[] | undefined {
    if (part === 'kept') return undefined
    const all = [...risks.values()]
    const own = all.filter((risk) => risk.payer === payer)
    if (own.length >= OF_PAYER_MAX[part]) return own
    const shared = all.filter((risk) => risk.part !== 'kept')
    if (shared.length >= max.all - max.kept) return shared
    const same = shared.filter((risk) => risk.part === part)
    return part !== 'old' && same.length >= max[part] ? same : undefined
  }

  return {
    /** Whether a transaction may be sent for an authorization by this account. One that came to nothing has no second. */
    take({ id, tries }: Pick<Action, 'id' | 'tries'>, payer: Hex): Risked {
      const now = clock.now()
      forgetOld(now)
      if (tries > 0) return 'no'
      if (risks.has(id)) return 'go'
      const part = partOf(payer)
      const full = fullPart(payer, part)
      if (full) return full.every(({ isLost }) => isLost) ? 'no' : 'later'
      risks.set(id, { payer, part, until: now + KEPT_MS, isLost: false })
      return 'go'
    },
    /** Its transaction took the money. */
    paid(id: string, payer: Hex): void {
      if (risks.delete(id)) known.add(payer)
    },
    /** Nothing was sent for it after all, so nothing is at stake. */
    unsent(id: string): void {
      if (risks.get(id)?.isLost === false) risks.delete(id)
    },
    /** Its transaction came to nothing: the account has to earn its name anew. */
    lost(id: string, payer: Hex): void {
      const risk = risks.get(id)
      if (!risk) return
      risk.isLost = true
      known.forget(payer)
    },
  }
}

/** The accounts with code that have paid and lost nothing since; the one that paid longest ago is forgotten for a new one. */
function createKnown(clock: Clock) {
  /** The one that paid last is the last. */
  const known = new Set<Hex>()
  /** When each of these first paid; the one known longest is the first. */
  const firstPaid = new Map<Hex, number>()

  function forget(payer: Hex): void {
    known.delete(payer)
    firstPaid.delete(payer)
  }

  return {
    forget,
    add(payer: Hex): void {
      known.delete(payer)
      known.add(payer)
      if (!firstPaid.has(payer)) firstPaid.set(payer, clock.now())
      const [oldest] = known
      if (known.size > KNOWN_MAX && oldest !== undefined) forget(oldest)
    },
    standingOf(payer: Hex): Standing {
      const since = firstPaid.get(payer)
      if (since === undefined) return 'fresh'
      return clock.now() - since < KEPT_MS ? 'recent' : 'old'
    },
    /** Whether it is one of the so many that are known longest. */
    isOfFirst(payer: Hex, count: number): boolean {
      let places = count
      for (const first of firstPaid.keys()) {
        if (places-- <= 0) return false
        if (first === payer) return true
      }
      return false
    },
  }
}

export type CodeRisk = ReturnType<typeof createCodeRisk>
