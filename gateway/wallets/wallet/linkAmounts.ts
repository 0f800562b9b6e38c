import { accounts } from '../../ledger/journal/accounts.ts'
import { type Asset, BTC, sameAsset } from '../../money/asset.ts'
import { min } from '../../money/integers.ts'
import { type Money, money } from '../../money/money.ts'
import { convert } from '../../money/rate.ts'
import type { Books } from '../../ports/books.ts'
import type { RateSource, RatesRead } from '../../ports/rates.ts'

type Parts = Readonly<{ books: Books; rates: RatesRead }>

/** What a party's balance and the rest of a budget in its asset allow to be withdrawn now, in msat, rounded down. */
export function withdrawableMsat(o: Parts, from: { party: string; left: Money }): bigint {
  const { asset, units: rest } = from.left
  const balance = o.books.balance(accounts.party(from.party), asset)
  const available = balance.creditsPosted - balance.debitsPosted - balance.debitsPending
  const units = min(rest, available)
  if (units <= 0n) return 0n
  return sameAsset(asset, BTC) ? units : convert(money(asset, units), o.rates.peek(asset, BTC), 'down').units
}

/** What a withdrawal of so much takes of a balance in this asset: rounded up, so that what is sent is covered. */
export function withdrawalCost(o: Readonly<{ rates: RateSource }>, amountMsat: bigint, asset: Asset): Money {
  const amount = money(BTC, amountMsat)
  return sameAsset(asset, BTC) ? amount : convert(amount, o.rates.rate(BTC, asset), 'up')
}
