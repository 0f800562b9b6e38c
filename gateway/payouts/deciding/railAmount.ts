import { type Asset, EUR, sameAsset, USD } from '../../money/asset.ts'
import { bolt11AmountMsat } from '../../money/bolt11Amount.ts'
import { floorDiv } from '../../money/integers.ts'
import { type Money, mulDiv, showMoney } from '../../money/money.ts'
import { convert, type Rate } from '../../money/rate.ts'
import type { RailName } from '../../ports/railName.ts'
import type { Destination } from '../../ports/sender.ts'
import type { Impossibility } from '../router/candidate.ts'

/** An invoice is paid when it demands at least this share of what the payout is worth on the rail, in percent, and not more than all of it. */
const INVOICE_PERCENT_MIN = 99n
/** Millisatoshi: the scale of an asset that an invoice can demand. */
const MSAT_SCALE = 11

type RailAmount = Readonly<{ kind: 'amount'; amount: Money }> | Readonly<{ kind: 'impossible'; reason: Impossibility; detail: string }>

/**
 * What a payout sends on a rail, in the rail's asset and its smallest payable unit, rounded down. `rate` is undefined when no conversion is needed. What
 * rounding leaves stays with the fx account, or, without a conversion, goes back to the source.
 */
export function railAmount(o: {
  amount: Money
  rail: RailName
  asset: Asset
  destination: Destination
  rate: Rate | undefined
}): RailAmount {
  const converted = o.rate ? convert(o.amount, o.rate, 'down') : o.amount
  const unit = smallestUnit(o.asset, o.destination)
  const payable = { asset: o.asset, units: converted.units - (converted.units % unit) }
  if (payable.units <= 0n) {
    const detail = `${showMoney(o.amount)} is less than ${showMoney({ asset: o.asset, units: unit })}, the least that ${o.rail} pays`
    return { kind: 'impossible', reason: 'amount_too_small', detail }
  }
  return o.destination.kind === 'lightning_invoice' ? demanded(o.destination.invoice, payable) : { kind: 'amount', amount: payable }
}

/**
 * How much of a payout a way could pay that can send `upTo` at once and `inAll`: as much of the payout's asset as makes whole units of the rail, so that
 * parts lose nothing by rounding but what the whole would lose. Undefined where that is nothing, and of a destination that is paid whole or not at all.
 */
export function roomOf(
  upTo: Money,
  { asked, destination, rate, inAll }: Readonly<{ asked: Money; destination: Destination; rate: Rate | undefined; inAll: Money }>,
): Readonly<{ units: bigint; times: bigint }> | undefined {
  if (!isReusable(destination)) return undefined
  const unit = smallestUnit(upTo.asset, destination)
  const whole = (units: bigint) => units - (units % unit)
  const most = whole(upTo.units)
  const sent = (units: bigint) => whole(rate ? convert({ asset: asked.asset, units }, rate, 'down').units : units)
  const least = rate ? mulDiv(most, rate.den, rate.num, 'up') : most
  // The least that is worth it may be worth more, where the payout's asset is counted in coarser units.
  const units = sent(least) > most ? least - 1n : least
  return most > 0n && units > 0n && units < asked.units ? { units, times: floorDiv(inAll.units, most) } : undefined
}

/** True of a destination that may be paid several times: an invoice is paid once, and who gives out a link may mean one payment. */
export function isReusable({ kind }: Destination): boolean {
  return kind !== 'lightning_invoice' && kind !== 'lnurl'
}

/** The same of what a quote has promised: exactly that, or the way is none for it. */
export function promisedAmount(o: { promised: Money; rail: RailName; asset: Asset; destination: Destination }): RailAmount {
  const { promised, rail, asset, destination } = o
  const words = (why: string): RailAmount => ({
    kind: 'impossible',
    reason: 'amount_mismatch',
    detail: `the quote promises ${showMoney(promised)}, and ${why}`,
  })
  if (!sameAsset(promised.asset, asset))
    return words(`${rail} pays ${asset.code === promised.asset.code ? `another token of that name, ${asset.id}` : asset.code}`)
  const unit = smallestUnit(asset, destination)
  if (promised.units % unit !== 0n) return words(`${rail} pays nothing finer than ${showMoney({ asset, units: unit })}`)
  if (destination.kind !== 'lightning_invoice') return { kind: 'amount', amount: promised }
  const msat = bolt11AmountMsat(destination.invoice)
  return msat === undefined || msat === promised.units ? { kind: 'amount', amount: promised } : words('the invoice demands another amount')
}

/** One satoshi in millisatoshi: servers of Lightning Addresses often make invoices over nothing finer. */
const SATOSHI = 1_000n

/** Banks, and whoever else moves euros or dollars, pay whole cents; our books keep fiat to six places. */
function smallestUnit(asset: Asset, destination: Destination): bigint {
  if (destination.kind === 'lightning_address' || destination.kind === 'lnurl') return SATOSHI
  return sameAsset(asset, EUR) || sameAsset(asset, USD) ? 10n ** BigInt(asset.scale - 2) : 1n
}

/** An invoice with an amount is paid that amount or not at all. */
function demanded(invoice: string, payable: Money): RailAmount {
  const msat = bolt11AmountMsat(invoice)
  if (msat === undefined) return { kind: 'amount', amount: payable }
  if (msat === 'unreadable' || payable.asset.scale !== MSAT_SCALE) {
    return { kind: 'impossible', reason: 'invalid_destination', detail: 'the amount of the invoice cannot be read' }
  }
  const asked = { asset: payable.asset, units: msat }
  if (asked.units > payable.units) {
    const detail = `the invoice demands ${showMoney(asked)}, and the payout is worth ${showMoney(payable)} there`
    return { kind: 'impossible', reason: 'amount_mismatch', detail }
  }
  if (asked.units * 100n < payable.units * INVOICE_PERCENT_MIN) {
    const detail = `the invoice demands ${showMoney(asked)}, less than ${INVOICE_PERCENT_MIN} % of ${showMoney(payable)}, what the payout is worth there`
    return { kind: 'impossible', reason: 'amount_mismatch', detail }
  }
  return { kind: 'amount', amount: asked }
}
