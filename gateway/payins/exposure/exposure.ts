import type { Asset } from '../../money/asset.ts'
import { min } from '../../money/integers.ts'
import { type Money, money } from '../../money/money.ts'
import type { Books, Leg } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { EntryId } from '../../ports/ids.ts'
import { move } from '../settlement/legs.ts'
import { createAllowances } from './allowances.ts'
import { agentLineOf, exposureLegs, GATEWAY, giveBackLegs, lineOf, NEW_PAYERS, SET_ASIDE } from './exposureLegs.ts'
import type { ExposureLimits } from './limits.ts'
import { createRouteAccounts } from './routeAccounts.ts'

type Parts = Readonly<{ books: Books; clock: Clock; ids: IdSource; usd: Asset; limits: ExposureLimits }>

/**
 * Who would owe what for which route: `route` is the seller's name of it, `agent` a known program that asks for the payer. `orAsNew`: it can not be collected
 * before the work, so a payer whose own line is too short for it may take of what all new payers share.
 */
type Wanted = Readonly<{ payer: string; agent?: string | undefined; route: string; price: Money; orAsNew?: boolean }>

/** A paid request whose money has come and whose work was done. `price`: in USD. */
type Earned = Readonly<{ payer: string; price: bigint }>

/** A paid request whose money has come. `exposed`: whether its claim holds of allowances, from leg `moneyLegs` on. `delivered`: its work is done. */
type Settled = Earned & Readonly<{ entry: EntryId; exposed: boolean; moneyLegs: number; delivered: boolean }>

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

  /** Who paid for work that was done may owe as much more the next time, to the limit. */
  function earnedLegs({ payer, price }: Earned): Leg[] {
    const more = min(price, limits.payerUnits - (lineOfKnown(payer)?.has ?? 0n))
    return more > 0n ? [move(SET_ASIDE, lineOf(payer), money(usd, more))] : []
  }

  return {
    /**
     * The legs that a claim needs to be served before its money has come; undefined when it can not be. The ledger decides: what is looked at before only
     * spares it entries that it would decline.
     */
    async legsFor({ payer, agent, route, price, orAsNew }: Wanted): Promise<readonly Leg[] | undefined> {
      const line = lineOfKnown(payer)
      const known = orAsNew && line && line.free < price.units ? undefined : line
      const routePath = routeAccountOf(route)
      const ofAgent = agent !== undefined && limits.agentUnits > 0n
      const newcomers = ofAgent ? { path: agentLineOf(agent), size: limits.agentUnits } : { path: NEW_PAYERS, size: limits.newPayersUnits }
      const allowed = [{ path: GATEWAY, size: limits.gatewayUnits }, { path: routePath, size: limits.routeUnits }, newcomers]
      const opening = allowances.open(allowed)
      if (opening) await opening
      const free = [known ? known.free : allowances.free(newcomers.path), allowances.free(routePath), allowances.free(GATEWAY)]
      if (free.some((units) => units < price.units)) return undefined
      return exposureLegs({ line: known ? lineOf(payer) : newcomers.path, route: routePath, usd, units: price.units })
    },
    earnedLegs,
    /** What it held is given back. Its payer has earned credit only if the work is done: money that may still go back says nothing for anybody. */
    settledLegs({ entry, exposed, moneyLegs, delivered, ...earned }: Settled): Leg[] {
      const raised = delivered ? earnedLegs(earned) : []
      return exposed ? [...giveBackLegs(entry, moneyLegs, usd), ...raised] : raised
    },
  }
}
