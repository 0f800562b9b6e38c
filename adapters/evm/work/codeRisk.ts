import type { Clock } from '../../../gateway/ports/clock.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Action } from '../sending/actionTable.ts'

/**
 * Code can take a signature in every simulation and refuse it in the block, and then the gas is ours. So of all transactions for accounts with code so many
 * may be under way, or have come to nothing within a day: `fresh` for accounts that have never paid by one, `all` with those that have.
 */
const MAX = { fresh: 16, all: 64 }
/** Of one account: while it has never paid, and after that. */
const OF_PAYER_MAX = { fresh: 1, known: 4 }
const KEPT_MS = 86_400_000
const KNOWN_MAX = 10_000

/** `go`: it may be sent; `later`: too many are under way; `no`: too much came to nothing, by this account or by all. */
type Risked = 'go' | 'later' | 'no'
type Risk = { readonly payer: Hex; readonly isKnown: boolean; readonly until: number; isLost: boolean }

/**
 * What may be lost in gas to accounts with code, by the actions that are sent for them; each at most 1.3 times what one such payment may burn. In memory: a
 * start begins a new day.
 */
export function createCodeRisk(clock: Clock, max = MAX) {
  const risks = new Map<string, Risk>()
  const known = new Set<Hex>()

  function forgetOld(now: number): void {
    for (const [id, { until }] of risks) {
      if (until > now) return
      risks.delete(id)
    }
  }

  return {
    /** Whether a transaction may be sent for an authorization by this account. One that came to nothing has no second. */
    take({ id, tries }: Pick<Action, 'id' | 'tries'>, payer: Hex): Risked {
      const now = clock.now()
      forgetOld(now)
      if (tries > 0) return 'no'
      if (risks.has(id)) return 'go'
      const isKnown = known.has(payer)
      const all = [...risks.values()]
      const own = all.filter((risk) => risk.payer === payer)
      const others = isKnown ? all : all.filter((risk) => !risk.isKnown)
      const [ownMax, othersMax] = isKnown ? [OF_PAYER_MAX.known, max.all] : [OF_PAYER_MAX.fresh, max.fresh]
      const isFull = all.length >= max.all || others.length >= othersMax
      if (own.length < ownMax && !isFull) {
        risks.set(id, { payer, isKnown, until: now + KEPT_MS, isLost: false })
        return 'go'
      }
      const full = own.length >= ownMax ? own : all.length >= max.all ? all : others
      return full.every(({ isLost }) => isLost) ? 'no' : 'later'
    },
    /** Its transaction took the money. */
    paid(id: string, payer: Hex): void {
      if (!risks.delete(id)) return
      known.delete(payer)
      known.add(payer)
      const [oldest] = known
      if (known.size > KNOWN_MAX && oldest !== undefined) known.delete(oldest)
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
      known.delete(payer)
    },
  }
}

export type CodeRisk = ReturnType<typeof createCodeRisk>
