import { moneyText } from '../audit/receipt/receipt.ts'
import { GatewayError } from '../errors/gatewayError.ts'
import { accounts } from '../ledger/journal/accounts.ts'
import { sameAsset } from '../money/asset.ts'
import { max } from '../money/integers.ts'
import { type Money, money, mulDiv, parseAmount, showMoney } from '../money/money.ts'
import { convert } from '../money/rate.ts'
import { OFFER_LIFE_MS } from '../payins/claim/replay.ts'
import type { RefundCreatedData } from '../payins/refund/facts.ts'
import { move } from '../payins/settlement/legs.ts'
import type { KnownPayment } from '../payins/status/statusReader.ts'
import type { AccountPath, Claim, Leg } from '../ports/books.ts'
import type { RefundContext } from './refundContext.ts'
import { openBound, reserveFor } from './reserve.ts'
import { takingsFor } from './sources.ts'
import type { Standing } from './standing.ts'

/** An amount in an asset, as a caller names it. */
export type NamedAmount = Readonly<{ asset: string; amount: string }>

type Wanted = Readonly<{ standing: Standing; amount: Money; asker: string | undefined }>
/** Who pays, in the asset that the payees were given; the legs and claims that bound it. What is taken is booked by who asks. */
type Taking = Readonly<{ sources: RefundCreatedData['sources']; legs: readonly Leg[]; claims: readonly Claim[] }>

/** Who pays now for what leaves the payees of a payment, and what bounds it: never more than was paid. Throws `insufficient_balance`. */
export function takingFor(context: RefundContext, payment: KnownPayment, { standing, amount, asker }: Wanted): Taking {
  const { asked, credit, before } = standing
  const { receipt } = payment
  const reserve = reserveFor(context, receipt.payee, credit.asset)
  const availableOf = (party: string) => available(context, accounts.party(party), credit)
  const cost = costOf(context, payment, standing, amount)
  const { takings, missing } = takingsFor({
    brought: cost.brought,
    worth: cost.worth,
    shares: standing.shares,
    asker,
    availableOf,
    reserve,
  })
  if (missing > 0n) throw shortOf(money(credit.asset, missing), amount)
  const sources = takings.map(({ from, units, share }) => ({ from, asset: credit.asset.id, units: `${units}`, share: `${share}` }))
  const bound = openBound(context, accounts.refundable(receipt.id), money(asked.asset, asked.units - before))
  const used = reserve.use(takings.find(({ from }) => from === reserve.from)?.units ?? 0n)
  const counted = move(accounts.refunds, accounts.refundable(receipt.id), amount)
  return { sources, legs: [...bound.legs, counted, ...used.legs], claims: [...bound.claims, ...used.claims] }
}

/**
 * At the rate of the payment, by cumulative shares: all parts together take from the payees exactly what the payment gave them. Later than its offer lived,
 * what was converted costs what it is worth now and no less than that, so that nobody can give back when a rate has moved in its favour.
 */
function costOf({ clock, rates }: RefundContext, { receipt }: KnownPayment, { asked, credit, before }: Standing, amount: Money) {
  const share = (units: bigint) => mulDiv(credit.units, units, asked.units, 'up')
  const brought = share(before + amount.units) - share(before)
  const isLate = clock.now() - Date.parse(receipt.issued_at) > OFFER_LIFE_MS
  if (!isLate || sameAsset(asked.asset, credit.asset)) return { brought, worth: brought }
  return { brought, worth: max(brought, convert(amount, rates.rate(asked.asset, credit.asset), 'up').units) }
}

/** What of an account is neither spent nor held. */
export function available({ books }: Pick<RefundContext, 'books'>, path: AccountPath, { asset }: Money): bigint {
  const { creditsPosted, debitsPosted, debitsPending } = books.balance(path, asset)
  return max(creditsPosted - debitsPosted - debitsPending, 0n)
}

function shortOf(missing: Money, amount: Money): GatewayError {
  const message = `${showMoney(missing)} is missing of what ${showMoney(amount)} costs its payees`
  return new GatewayError('insufficient_balance', message, {
    hint: 'Nothing moved. Give back less, or have the missing amount on the balance; an operator can allow a reserve (refunds.reservePartyDayUsd).',
    meta: { missing: moneyText(missing) },
  })
}

/** A leg that the books would not book after all: of the bound, of the liquidity, else of a balance. */
export function declined(leg: Leg | undefined, amount: Money): GatewayError {
  const [debit, credit] = leg?.kind === 'move' ? [leg.debit, leg.credit] : ['', '']
  if (credit.startsWith('ceiling:refunds:'))
    return new GatewayError('invalid_amount', `${showMoney(amount)} is more than is left of the payment`)
  if (debit.startsWith('fx:')) return new GatewayError('insufficient_liquidity', `There is no liquidity for ${showMoney(amount)} now`)
  return new GatewayError('insufficient_balance', `The balances have less than ${showMoney(amount)} is worth`)
}

/** What is wanted of what is left. Throws `unknown_asset` and `invalid_amount`. */
export function amountOf(wanted: NamedAmount | undefined, left: Money): Money {
  if (!wanted) return left
  const { asset } = left
  if (wanted.asset !== asset.id && wanted.asset !== asset.code)
    throw new GatewayError('unknown_asset', `The payment was made in ${asset.id}`, { hint: 'Name the amount in the asset that was paid.' })
  const amount = parseAmount(wanted.amount, asset)
  if (amount.units === 0n) throw new GatewayError('invalid_amount', 'The amount is zero')
  if (amount.units > left.units)
    throw new GatewayError('invalid_amount', `${showMoney(amount)} is more than the ${showMoney(left)} that is left of the payment`)
  return amount
}
