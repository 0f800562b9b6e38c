import { GatewayError, isUnavailable } from '../errors/gatewayError.ts'
import { add, compare, type Money, money } from '../money/money.ts'
import { convert } from '../money/rate.ts'
import type { AccountPath } from '../ports/books.ts'
import type { Destination } from '../ports/sender.ts'
import type { Action } from './action.ts'
import type { SuspenseContext } from './context.ts'
import { endedAlone } from './endedAlone.ts'

/** Accounts of which nothing is owed to anybody, and that no payout is made from. */
const OPERATORS_OWN = /^(?:rail|fx|fee|capital):/

/**
 * Whether two operators must agree. An item is weighed whole, so that parts below the limit cannot take one above it. An adjustment has no whole: between
 * the operator's own accounts it is weighed by itself, and any other needs two, however small. The end of an attempt is weighed with those of a day.
 * `underWay` is what one operator does alone just now.
 */
export function needsSecond(
  c: SuspenseContext,
  { deed, amount, by }: Pick<Action, 'deed' | 'amount' | 'by'>,
  underWay: Iterable<Action>,
): boolean {
  if (deed.what === 'adjust') return ![deed.debit, deed.credit].every(isOperators) || isAboveLimit(c, amount)
  if (deed.what === 'end_attempt') {
    const ended = endedAlone(c, { attempt: deed.attempt, by, underWay })
    return !ended || isAboveLimit(c, amount, ...ended.operators) || isAboveLimit(c, amount, ...ended.sources)
  }
  return isAboveLimit(c, c.settlements.waiting(deed.item)?.amount ?? amount)
}

function isOperators(path: AccountPath): boolean {
  return OPERATORS_OWN.test(path)
}

/** Without a rate nobody can say that it is little, so two must agree. */
function isAboveLimit(c: SuspenseContext, ...weights: readonly Money[]): boolean {
  try {
    return compare(weights.map(inUsd).reduce(add, money(c.usd, 0n)), c.aloneMax) > 0
  } catch (error) {
    if (isUnavailable(error)) return true
    throw error
  }

  function inUsd(weight: Money): Money {
    return weight.asset.id === c.usd.id ? weight : convert(weight, c.rates.rate(weight.asset, c.usd), 'up')
  }
}

/** Refuses with `forbidden` to pay what is left of a refund to whom the two who agreed on it have not named. */
export function requireAgreed({ id, deed, approvedBy }: Action, destinations: readonly Destination[]): void {
  if (deed.what === 'refund' && approvedBy === undefined) return
  const agreed = deed.what === 'refund' ? deed.destinations.map((d) => JSON.stringify(d)) : []
  if (destinations.every((d) => agreed.includes(JSON.stringify(d)))) return
  throw new GatewayError('forbidden', `What is left of ${id} goes only where two operators have agreed that it goes`, {
    hint: `Put it back with "switchyard suspense adjust AMOUNT --asset A --debit surplus:${id} --credit suspense:RAIL", then assign or refund it.`,
  })
}
