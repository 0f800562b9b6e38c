import { periodAt, periodStart, UTC_DAYS } from '../ledger/calendar/periods.ts'
import { accounts } from '../ledger/journal/accounts.ts'
import { type Asset, sameAsset } from '../money/asset.ts'
import { max } from '../money/integers.ts'
import { money } from '../money/money.ts'
import { convert } from '../money/rate.ts'
import { move } from '../payins/settlement/legs.ts'
import type { AccountPath, Claim, Leg } from '../ports/books.ts'
import type { RefundContext } from './refundContext.ts'

type Bounded = Readonly<{ claims: readonly Claim[]; legs: readonly Leg[] }>

/** What an account is opened with that bounds something once: nothing when it was opened before. */
export function openBound(
  { books }: Pick<RefundContext, 'books'>,
  path: AccountPath,
  size: Readonly<{ asset: Asset; units: bigint }>,
): Bounded {
  const key = `${path}:opened`
  if (books.claim(key)) return { claims: [], legs: [] }
  return { claims: [{ key, fingerprint: `${size.units}` }], legs: [move(path, accounts.refunds, size)] }
}

/** What the operator's reserve may still bear for a payee today, in an asset; `use` says what bounds it when so much is used. */
export function reserveFor(
  context: Pick<RefundContext, 'books' | 'bookAsset' | 'clock' | 'rates' | 'reserveDayUnits' | 'usd'>,
  payee: string,
  asset: Asset,
) {
  const { books, bookAsset, clock, rates, usd, reserveDayUnits } = context
  const from = accounts.operator(asset, bookAsset)
  const none = { from, units: 0n, use: (): Bounded => ({ claims: [], legs: [] }) }
  if (reserveDayUnits === 0n) return none
  const day = new Date(periodStart(UTC_DAYS, periodAt(UTC_DAYS, clock.now()))).toISOString().slice(0, 10)
  const path = accounts.refundReserve(payee, day)
  const { debitsPosted, creditsPosted } = books.balance(path, usd)
  const left = books.claim(`${path}:opened`) ? max(debitsPosted - creditsPosted, 0n) : reserveDayUnits
  const rate = rates.rate(usd, asset)
  const units = convert(money(usd, left), rate, 'down').units
  return {
    from,
    units,
    use(taken: bigint): Bounded {
      if (taken === 0n) return none.use()
      const opened = openBound(context, path, money(usd, reserveDayUnits))
      // Rounded up, so that many small ones never take more than the day allows.
      const worth = sameAsset(asset, usd) ? taken : convert(money(asset, taken), rates.rate(asset, usd), 'up').units
      return { claims: opened.claims, legs: [...opened.legs, move(accounts.refunds, path, money(usd, worth < left ? worth : left))] }
    },
  }
}
