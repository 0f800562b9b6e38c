import type { Asset } from '../../money/asset.ts'
import { min } from '../../money/integers.ts'
import { type Money, money } from '../../money/money.ts'
import type { Books, Leg } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { EntryId } from '../../ports/ids.ts'
import { move } from '../settlement/legs.ts'
import { createAllowances } from './allowances.ts'
import { exposureLegs, GATEWAY, giveBackLegs, lineOf, NEW_PAYERS, SET_ASIDE } from './exposureLegs.ts'
import type { ExposureLimits } from './limits.ts'
import { createRouteAccounts } from './routeAccounts.ts'

type Parts = Readonly<{ books: Books; clock: Clock; ids: IdSource; usd: Asset; limits: ExposureLimits }>

/** Who would owe what for which route: `route` is the seller's name of it. */
type Wanted = Readonly<{ payer: string; route: string; price: Money }>

/** A paid request whose money has come. `price`: in USD. `exposed`: whether its claim holds of allowances, from leg `moneyLegs` on. */
type Settled = Readonly<{ payer: string; price: bigint; entry: EntryId; exposed: boolean; moneyLegs: number }>

export type Exposure = ReturnType<typeof createExposure>

/** What answers may be worth whose money has not come, kept in the ledger. */
export function createExposure(o: Parts) {
  const { books, usd, limits } = o
  const allowances = createAllowances(o)
  const routeAccountOf = createRouteAccounts(books)

  /** Undefined for a payer who has never settled anything. */
  function lineOfKnown(payer: string): Readonly<{ has: bigint; free: bigint }> | undefined {
    const { creditsPosted, debitsPosted, debitsPending } = books.balance(lineOf(payer), usd)
    if (creditsPosted === 0n) return undefined
    const has = creditsPosted - debitsPosted
    // A limit that was lowered since counts from now on.
    return { has, free: min(has, limits.payerUnits) - debitsPending }
  }

  return {
    /**
     * The legs that a claim needs to be served before its money has come; undefined when it can not be. The ledger decides: what is looked at before only
     * spares it entries that it would decline.
     */
    async legsFor({ payer, route, price }: Wanted): Promise<readonly Leg[] | undefined> {
      const known = lineOfKnown(payer)
      const routePath = routeAccountOf(route)
      const allowed = [
        { path: GATEWAY, size: limits.gatewayUnits },
        { path: routePath, size: limits.routeUnits },
        { path: NEW_PAYERS, size: limits.newPayersUnits },
      ]
      const opening = allowances.open(allowed)
      if (opening) await opening
      const free = [known ? known.free : allowances.free(NEW_PAYERS), allowances.free(routePath), allowances.free(GATEWAY)]
      if (free.some((units) => units < price.units)) return undefined
      return exposureLegs({ line: known ? lineOf(payer) : NEW_PAYERS, route: routePath, usd, units: price.units })
    },
    /** What it held is given back, and its payer may owe as much more the next time, to the limit. */
    settledLegs({ payer, price, entry, exposed, moneyLegs }: Settled): Leg[] {
      const has = lineOfKnown(payer)?.has ?? 0n
      const more = min(price, limits.payerUnits - has)
      const raised = more > 0n ? [move(SET_ASIDE, lineOf(payer), money(usd, more))] : []
      return exposed ? [...giveBackLegs(entry, moneyLegs, usd), ...raised] : raised
    },
  }
}
