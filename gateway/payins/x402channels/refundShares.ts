/** Refunds of a chain on one day, and how many of them had not earned their gas. */
type Counted = Readonly<{ all: number; unearned: number }>
type Asked = Readonly<{ rail: string; day: number; asker: string; isEarned: boolean; today: Counted }>

/** Refunds of a chain in a day, whose gas the gateway bears; of those that the channel's payments since the last one are not worth, fewer. */
const REFUNDS_A_DAY_MAX = 200
const UNEARNED_A_DAY_MAX = 50

/**
 * How many refunds of a day one network has: at most as many as are free for the others, so that nobody has all of them. What each has had is in memory, as
 * many networks at most as there are refunds in a day; after a restart its share is that of what is left.
 */
export function createRefundShares() {
  const days = new Map<string, { day: number; of: Map<string, Counted> }>()
  const ofDay = (rail: string, day: number): Map<string, Counted> => {
    const known = days.get(rail)
    return known?.day === day ? known.of : new Map()
  }

  return {
    /** Whether one more may begin, which is counted then. `today`: what the whole chain has had. */
    take({ rail, day, asker, isEarned, today }: Asked): boolean {
      const of = ofDay(rail, day)
      const { all, unearned } = of.get(asker) ?? { all: 0, unearned: 0 }
      if (all >= REFUNDS_A_DAY_MAX - today.all || (!isEarned && unearned >= UNEARNED_A_DAY_MAX - today.unearned)) return false
      of.set(asker, { all: all + 1, unearned: unearned + (isEarned ? 0 : 1) })
      days.set(rail, { day, of })
      return true
    },
  }
}

export type RefundShares = ReturnType<typeof createRefundShares>
