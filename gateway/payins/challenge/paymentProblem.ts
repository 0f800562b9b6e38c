import { catalog } from '../../errors/catalog.ts'
import type { GatewayError } from '../../errors/gatewayError.ts'
import { min } from '../../money/integers.ts'
import { formatAmount, type Money, showMoney } from '../../money/money.ts'
import type { RailName } from '../../ports/railName.ts'
import { type ChallengeOffer, evmOffers, type LightningOffer, lightningOffer, paymentHashOf } from './challengeOffer.ts'
import { problemType } from './refusalNames.ts'

/** An amount in JSON: `units` of the asset's smallest unit and the same as a decimal, both strings. */
type AmountJson = Readonly<{ asset: string; units: string; decimal: string }>

/** One way to pay. `price` is what the payer pays in full, in USD; `schemes` are the wire formats that carry it; the rest is the rail's. */
type OfferJson = Readonly<{
  rail: RailName
  amount: AmountJson
  price: AmountJson
  expiresAt: string
  schemes: readonly string[]
  network?: string
  token?: string
  payTo?: string
  invoice?: string
  paymentHash?: string
  how?: string
}>

/** The body of a 402: RFC 9457, with all offers. */
export type PaymentProblem = Readonly<{
  type: string
  title: string
  status: number
  detail: string
  code: string
  hint: string
  price: AmountJson
  expiresAt: string
  offers: readonly OfferJson[]
}>

type Input = Readonly<{
  price: Money
  offers: readonly ChallengeOffer[]
  expiresAt: number
  description: string
  book: boolean
  refusal?: GatewayError
}>

/** Describes in JSON what the headers say in code: what is asked, every way to pay it, and why a proof was refused. */
export function paymentProblem(input: Input): PaymentProblem {
  const code = input.refusal?.code ?? 'payment_required'
  return {
    type: problemType(code),
    title: catalog[code].title,
    status: catalog[code].status,
    detail: input.refusal?.shortMessage ?? `${input.description || 'This resource'} costs ${showMoney(input.price)}`,
    code,
    hint: input.refusal?.hint ?? catalog[code].hint,
    price: amountJson(input.price),
    expiresAt: iso(input.expiresAt),
    offers: offersJson(input),
  }
}

function offersJson(input: Input): OfferJson[] {
  const list: OfferJson[] = []
  const lightning = lightningOffer(input.offers)
  if (lightning) list.push(lightningJson(lightning, input))
  for (const offer of evmOffers(input.offers)) {
    const { chainId, token, payTo } = offer.wire
    list.push({ rail: offer.rail, ...common(offer, input), schemes: ['x402', 'mpp'], network: `eip155:${chainId}`, token, payTo })
  }
  if (input.book) {
    const amount = amountJson(input.price)
    const how =
      'Repeat the request with Authorization: Bearer <api key> and a new Idempotency-Key; it is taken from the balance of that key.'
    list.push({ rail: 'book', amount, price: amount, expiresAt: iso(input.expiresAt), schemes: ['bearer'], how })
  }
  return list
}

function lightningJson(offer: LightningOffer, input: Input): OfferJson {
  const { invoice, network } = offer.wire
  return { rail: 'lightning', ...common(offer, input), schemes: ['l402', 'mpp'], network, invoice, paymentHash: paymentHashOf(offer) }
}

function common(offer: ChallengeOffer, input: Input): Pick<OfferJson, 'amount' | 'price' | 'expiresAt'> {
  const expiresAt = iso(min(offer.expiresAt, input.expiresAt))
  return { amount: amountJson(offer.amount), price: amountJson(offer.price ?? input.price), expiresAt }
}

function amountJson(amount: Money): AmountJson {
  return { asset: amount.asset.id, units: amount.units.toString(), decimal: formatAmount(amount) }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
