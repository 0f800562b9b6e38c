import { GatewayError } from '../errors/gatewayError.ts'
import { sameAsset } from '../money/asset.ts'
import { type Money, money } from '../money/money.ts'
import { convert } from '../money/rate.ts'
import { accounts } from '../settlement/accounts.ts'
import type { Gateway } from './context.ts'

/**
 * What to take from a party's balances for `credit`: the asset of balances when it covers it, else the first other balance that does at the present
 * rate, rounded up (the fx account keeps the part of a unit).
 */
export function fundingFrom(g: Pick<Gateway, 'books' | 'rates'>, party: string, credit: Money): Money {
  const balances = g.books.accounts(accounts.party(party))
  const own = balances.find((b) => sameAsset(b.asset, credit.asset))
  if (own && own.creditsPosted - own.debitsPosted - own.debitsPending >= credit.units) return credit
  for (const b of balances) {
    if (sameAsset(b.asset, credit.asset)) continue
    const needed = convert(credit, g.rates.rate(credit.asset, b.asset), 'up')
    if (b.creditsPosted - b.debitsPosted - b.debitsPending >= needed.units) return money(b.asset, needed.units)
  }
  throw new GatewayError('insufficient_balance', 'No balance of this party covers the amount', {
    meta: { needed: { asset: credit.asset.id, units: credit.units } },
  })
}
