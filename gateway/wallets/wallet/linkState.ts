import { type Money, money } from '../../money/money.ts'
import type { Books } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import type { RatesRead } from '../../ports/rates.ts'
import { withdrawableMsat } from './linkAmounts.ts'
import type { Spending } from './spending.ts'
import type { WithdrawLink } from './withdrawLink.ts'

type LinkStatus = 'open' | 'canceled' | 'expired' | 'used'

type Parts = Readonly<{ books: Books; rates: RatesRead; spending: Spending; clock: Clock; isCanceled: (id: string) => boolean }>

/** How withdrawal links stand now: by their facts, what was spent under them, the clock and the balance behind them. */
export function createLinkState(o: Parts) {
  function left({ id, budget }: WithdrawLink): Money {
    return money(budget.asset, budget.units - o.spending.spent(id))
  }

  function statusOf(link: WithdrawLink): LinkStatus {
    if (o.isCanceled(link.id)) return 'canceled'
    if (o.clock.now() > link.expiresAt) return 'expired'
    return o.spending.usesOf(link.id) >= link.uses || left(link).units <= 0n ? 'used' : 'open'
  }

  return {
    /** What of the budget is not spent. */
    left,
    statusOf,
    /** What can be withdrawn now, in msat: of the budget, and of the balance behind it. */
    mostMsat: (link: WithdrawLink): bigint =>
      statusOf(link) === 'open' ? withdrawableMsat(o, { party: link.party, left: left(link) }) : 0n,
  }
}
