import { invariant } from '../../errors/invariant.ts'
import type { Asset } from '../../money/asset.ts'
import { parseAmount } from '../../money/money.ts'
import type { Challenge } from '../../payins/challenge/buildChallenge.ts'
import type { Json } from '../../ports/books.ts'
import type { LaterInvoice } from './invoicing.ts'

type Body = Challenge['body'] & Readonly<{ lightning?: LaterInvoice }>
type Offer = Body['offers'][number]
type Amount = Body['price']

/** Names of an offer that were spelled otherwise before 2026-11-24. */
const BEFORE: Readonly<Record<string, string>> = { expires_at: 'expiresAt', pay_to: 'payTo', payment_hash: 'paymentHash' }

/** The body of a 402 as version 2026-11-23 spells it: with `units` and `decimal` of each amount, and the names of those days. */
export function olderChallenge(body: Body, assets: readonly Asset[]): Readonly<Record<string, unknown>> {
  const amountOf = ({ asset: id, amount }: Amount) => {
    const asset = assets.find((one) => one.id === id)
    invariant(asset, `the challenge names no amount of ${id}`)
    return { asset: id, units: parseAmount(amount, asset).units.toString(), decimal: amount }
  }
  const passOf = ({ ends_at: endsAt, budget, ...rest }: NonNullable<Offer['pass']>) => {
    return { ...rest, ...(budget ? { budget: amountOf(budget) } : {}), endsAt }
  }
  const offerOf = ({ amount, price, pass, ...rest }: Offer) => {
    const names = Object.entries(rest).map(([name, value]) => [BEFORE[name] ?? name, value] as const)
    const sums = { amount: amountOf(amount), price: amountOf(price) }
    return { ...Object.fromEntries<Json | readonly string[]>(names), ...sums, ...(pass ? { pass: passOf(pass) } : {}) }
  }
  const { price, expires_at: expiresAt, offers, lightning, ...rest } = body
  return {
    ...rest,
    price: amountOf(price),
    expiresAt,
    offers: offers.map(offerOf),
    ...(lightning ? { lightning: { how: lightning.how, retryAfterS: lightning.retry_after_s } } : {}),
  }
}
