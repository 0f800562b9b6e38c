import type { NanoUsd } from '../../costs/policy.ts'
import { createValuer } from '../../costs/valuer.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { type Asset, sameAsset } from '../../money/asset.ts'
import { compare, type Money, money, showMoney, subtract } from '../../money/money.ts'
import { convert, invert, type Rate } from '../../money/rate.ts'
import type { AccountPath } from '../../ports/books.ts'
import type { QuoteId } from '../../ports/ids.ts'
import type { Destination } from '../../ports/sender.ts'
import { noRail } from '../deciding/noRail.ts'
import type { PayoutQuote } from '../deciding/quotePayout.ts'
import { railAmount } from '../deciding/railAmount.ts'
import type { QuoteContext } from './context.ts'
import type { QuoteBearer, QuoteSide } from './facts.ts'
import { spreadPpm } from './spread.ts'

const PPM = 1_000_000n

/** What a quote is wanted of. `from`: the asset of the balance; `amount`: of the side that is exact; `seconds`: until what is promised is covered. */
type QuoteWish = Readonly<{
  id: QuoteId
  source: AccountPath
  from: Asset
  side: QuoteSide
  amount: Money
  destinations: readonly Destination[]
  feeBearer: QuoteBearer
  seconds: number
}>

type Possible = PayoutQuote & { kind: 'possible' }

/** The numbers of a quote. `amount` leaves the balance for the payee, `fee` besides; `asked`: what the rails said. `rate` is what the market says. */
export type Priced = Readonly<{
  amount: Money
  fee: Money
  receive: Money
  rate: Rate | undefined
  spreadPpm: bigint
  spread: Money
  asked: Possible
}>

/** Asks the rails, and works out both sides. Refuses with `no_rail`, `invalid_amount`, `invalid_request` or `rail_unavailable`; keeps nothing. */
export function priceQuote(context: QuoteContext, wish: QuoteWish): Promise<Priced> {
  const { side, feeBearer } = wish
  const bearer = side === 'send' ? 'payee' : 'payer'
  if (feeBearer !== 'platform' && feeBearer !== bearer) {
    const words = side === 'send' ? 'What is sent is all that the balance pays' : 'What is received is all that the payee gets'
    throw new GatewayError('invalid_request', `${words}, so the fee is borne by platform or ${bearer}`, {
      meta: { errors: [{ path: 'fee_bearer', message: `is platform or ${bearer} where ${side} is named` }] },
    })
  }
  return side === 'send' ? priceSend(context, wish) : priceReceive(context, wish)
}

/** The balance pays exactly this: what is left after the fee and the spread reaches the payee. */
async function priceSend(context: QuoteContext, wish: QuoteWish): Promise<Priced> {
  const { source, from, destinations, id } = wish
  const first = await asked(context, { source, amount: wish.amount, destinations })
  const fee = wish.feeBearer === 'payee' ? first.fee : money(from, 0n)
  if (compare(fee, wish.amount) >= 0)
    throw new GatewayError('invalid_amount', `The fee of ${showMoney(fee)} leaves nothing of ${showMoney(wish.amount)}`, {
      hint: 'Send more, or let another side bear the fee with `fee_bearer`.',
    })
  const left = subtract(wish.amount, fee)
  const { rail, destination, amount: sent } = first.way
  const terms = conversion(context, { from, to: sent.asset, worthNano: first.worthNano, seconds: wish.seconds })
  const paid =
    rail === 'book'
      ? { kind: 'amount' as const, amount: left }
      : railAmount({ amount: left, rail, asset: sent.asset, destination: destinations[destination]!, rate: terms.net })
  if (paid.kind === 'impossible')
    throw new GatewayError('no_rail', paid.detail, {
      meta: { candidates: [{ rail, destination, reason: paid.reason, detail: paid.detail }] },
    })
  const receive = paid.amount
  // Without a conversion, what is less than the rail's smallest unit stays on the balance.
  const amount = terms.rate ? left : receive
  const again = await asked(context, { source, amount, destinations, promised: { quote: id, amount: receive } })
  // The fee was worked out before the way was bound to it.
  const { costNano, gas } = first
  return priced({ ...terms, amount, fee, receive, asked: { ...again, costNano, gas, fee: first.fee } })
}

/** The payee gets exactly this: the balance pays what it comes to with the spread, and the fee besides. */
async function priceReceive(context: QuoteContext, wish: QuoteWish): Promise<Priced> {
  const { source, from, destinations, id, amount: receive } = wish
  const converted = !sameAsset(from, receive.asset)
  const worthNano = converted ? createValuer(context.rates, context.usd).nano(receive, 'up') : 0n
  const terms = conversion(context, { from, to: receive.asset, worthNano, seconds: wish.seconds })
  const amount = terms.net ? convert(receive, invert(terms.net), 'up') : receive
  const found = await asked(context, { source, amount, destinations, promised: { quote: id, amount: receive } })
  const fee = wish.feeBearer === 'payer' ? found.fee : money(from, 0n)
  return priced({ ...terms, amount, fee, receive, asked: found })
}

async function asked({ payouts }: QuoteContext, wanted: Parameters<QuoteContext['payouts']['quote']>[0]): Promise<Possible> {
  const found = await payouts.quote(wanted)
  if (found.kind === 'possible') return found
  throw noRail(found.refusals)
}

type Terms = Readonly<{ rate: Rate | undefined; net: Rate | undefined; spreadPpm: bigint }>

/** What the market says, and what is promised of it: less by the spread. */
function conversion(context: QuoteContext, o: Readonly<{ from: Asset; to: Asset; worthNano: NanoUsd; seconds: number }>): Terms {
  if (sameAsset(o.from, o.to)) return { rate: undefined, net: undefined, spreadPpm: 0n }
  const rate = context.rates.rate(o.from, o.to)
  const ppm = spreadPpm(context.policy, o)
  return { rate, net: { ...rate, num: rate.num * (PPM - ppm), den: rate.den * PPM }, spreadPpm: ppm }
}

/** The spread as an amount: what is paid beyond what the payee's part costs by the market. */
function priced({ net: _, ...o }: Omit<Priced, 'spread'> & Pick<Terms, 'net'>): Priced {
  const { rate, amount, receive } = o
  const worth = rate ? convert(receive, invert(rate), 'up') : amount
  return { ...o, spread: subtract(amount, worth) }
}
