import { GatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { sameAsset } from '../../money/asset.ts'
import { type Money, money } from '../../money/money.ts'
import { convert } from '../../money/rate.ts'
import type { AccountBalance, Books } from '../../ports/books.ts'
import type { RateSource } from '../../ports/rates.ts'

/**
 * What to take from a party's balances for `credit`: the asset of balances when it covers it, else the first other balance that does at the present
 * rate, rounded up (the fx account keeps the part of a unit).
 */
export function fundingFrom(g: Readonly<{ books: Books; rates: RateSource }>, party: string, credit: Money): Money {
  const path = accounts.party(party)
  if (available(g.books.balance(path, credit.asset)) >= credit.units) return credit
  for (const b of g.books.accounts(path)) {
    if (b.path !== path || sameAsset(b.asset, credit.asset)) continue
    const needed = convert(credit, g.rates.rate(credit.asset, b.asset), 'up')
    if (available(b) >= needed.units) return money(b.asset, needed.units)
  }
  throw new GatewayError('insufficient_balance', 'No balance of this party covers the amount', {
    meta: { needed: { asset: credit.asset.id, units: credit.units } },
  })
}

function available(b: AccountBalance): bigint {
  return b.creditsPosted - b.debitsPosted - b.debitsPending
}
