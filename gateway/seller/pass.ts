import { GatewayError } from '../errors/gatewayError.ts'
import { USD } from '../money/asset.ts'
import { type Money, money, parseAmount } from '../money/money.ts'
import { checkPrice, type PassOption, type Price, type Priced, type Upto } from './price.ts'
import type { AdmissionCall } from './wire.ts'

/** The same as the gateway's payins know it (`payins/challenge/passTerms.ts`). */
type Terms =
  | Readonly<{ kind: 'uses'; uses: number; price: Money; forMs: number }>
  | Readonly<{ kind: 'time' | 'budget'; price: Money; forMs: number }>

const DAY_MS = 86_400_000
const FOR_MS = 30 * DAY_MS
const FOR_MS_MIN = 60_000
const FOR_MS_MAX = 365 * DAY_MS
const USES_MAX = 1_000_000
/** A use takes its part of the pass in units of money, of which each must have some to be a part. */
const UNITS_PER_USE_MIN = 10n

/** Throws `seller_misconfigured` for a route that could never be sold: it is told when it is made. */
export function checkPriced(priced: Pick<Priced<never>, 'price' | 'pass'> | undefined): void {
  checkPrice(priced?.price)
  if (priced) checkPass(priced.pass, priced.price)
}

/** Throws `seller_misconfigured` for what is no pass of a route of this price. */
export function checkPass(pass: PassOption | undefined, price: Priced<never>['price'] | Money | Upto<Money | Price>): void {
  if (pass === undefined) return
  const wrong = typeof pass === 'object' && pass !== null ? wrongPass(pass, typeof price === 'function') : 'no object'
  if (wrong) throw misconfigured(wrong)
  if (pass.price) checkPrice(pass.price)
  if (pass.budget) checkPrice(pass.budget)
  if (typeof price === 'function') return
  const isMaximum = 'upto' in price
  if (isMaximum && !pass.budget)
    throw misconfigured('of uses or for a time, on a route with a maximum: what its work uses is paid from a budget')
  const stated = isMaximum ? price.upto : price
  const each = 'units' in stated ? stated : moneyOf(stated)
  const terms = passTermsOf(pass, each)
  if (terms.kind === 'budget' && terms.price.units < each.units) throw misconfigured('of a budget that is less than one request costs')
}

/** What the pass of a route of this price is. Throws `seller_misconfigured` where its uses would be worth nothing. */
export function passTermsOf({ uses, budget, forMs = FOR_MS, price }: PassOption, each: Money): Terms {
  if (budget) return { kind: 'budget', price: moneyOf(budget), forMs }
  if (uses === undefined) return { kind: 'time', price: price ? moneyOf(price) : each, forMs }
  const whole = price ? moneyOf(price) : money(USD, each.units * BigInt(uses))
  if (whole.units < BigInt(uses) * UNITS_PER_USE_MIN) throw misconfigured(`of ${uses} uses for too little: each must be worth 0.00001 USD`)
  return { kind: 'uses', uses, price: whole, forMs }
}

function wrongPass({ uses, budget, forMs, price }: PassOption, isPriceOfRequest: boolean): string | undefined {
  if (uses === undefined && budget === undefined && forMs === undefined) return 'of nothing: it has no uses, no budget and no forMs'
  if (uses !== undefined && budget !== undefined) return 'of uses and of a budget'
  if (uses !== undefined && (!Number.isSafeInteger(uses) || uses < 1 || uses > USES_MAX)) return `of ${uses} uses`
  if (forMs !== undefined && (!Number.isSafeInteger(forMs) || forMs < FOR_MS_MIN || forMs > FOR_MS_MAX)) return `for ${forMs} ms`
  if (budget !== undefined && price !== undefined) return 'of a budget, which has a price besides'
  if (isPriceOfRequest && budget === undefined && price === undefined)
    return 'without a price, on a route whose requests have prices of their own'
  return undefined
}

function moneyOf({ amount }: Price): Money {
  return parseAmount(amount, USD)
}

function misconfigured(what: string): GatewayError {
  return new GatewayError('seller_misconfigured', `The pass of a route is ${what}`, {
    hint: "Write pass: { uses: 100 }, { budget: usd('0.50') } or { forMs: 3_600_000 }; docs/passes.md says what each costs.",
  })
}

/** As an admission asks for it. */
export function passOnWire({ uses, budget, forMs, price }: PassOption): NonNullable<AdmissionCall['pass']> {
  return { ...(uses && { uses }), ...(budget && { budget }), ...(forMs && { for_ms: forMs }), ...(price && { price }) }
}
