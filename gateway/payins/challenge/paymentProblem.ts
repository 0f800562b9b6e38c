import { catalog } from '../../errors/catalog.ts'
import type { GatewayError } from '../../errors/gatewayError.ts'
import { min } from '../../money/integers.ts'
import { formatAmount, type Money, showMoney } from '../../money/money.ts'
import type { RailName } from '../../ports/railName.ts'
import type { SignedBy } from '../../ports/receiver.ts'
import {
  type ChallengeOffer,
  type EvmOffer,
  evmOffers,
  type LightningOffer,
  lightningOffer,
  paymentHashOf,
  signedBy,
} from './challengeOffer.ts'
import type { PassOffer } from './passTerms.ts'
import { problemType } from './refusalNames.ts'

/** An amount as all of the API says it. */
type AmountJson = Readonly<{ asset: string; amount: string }>

/** One way to pay. `price` is what the payer pays in full, in USD; `schemes` are the wire formats that carry it; the rest is the rail's. */
type OfferJson = Readonly<{
  rail: RailName
  amount: AmountJson
  price: AmountJson
  expires_at: string
  schemes: readonly string[]
  network?: string
  token?: string
  pay_to?: string
  /** What a payer of a chain may sign where that is not EIP-3009 alone: `eip3009`, `permit2`, or a maximum by Permit2, `upto`. */
  signed?: readonly SignedBy[]
  invoice?: string
  payment_hash?: string
  how?: string
  pass?: PassJson
}>

/** What an invoice buys, where that is more than one request: `uses` of them, what `budget` covers, or any number; by the token that its 402 brings. */
type PassJson = Readonly<{ uses?: number; budget?: AmountJson; ends_at: string }>

/** The body of a 402: RFC 9457, with all offers. */
export type PaymentProblem = Readonly<{
  type: string
  title: string
  status: number
  detail: string
  code: string
  hint: string
  price: AmountJson
  /** The price is the most that is taken; what the work uses is. */
  upto?: true
  expires_at: string
  offers: readonly OfferJson[]
}> &
  /** What a session lacks, as its own problems say it. */
  Readonly<Record<string, unknown>>

type Input = Readonly<{
  price: Money
  offers: readonly ChallengeOffer[]
  expiresAt: number
  description: string
  book: boolean
  upto: boolean
  pass?: PassOffer
  refusal?: GatewayError
}>

/** Describes in JSON what the headers say in code: what is asked, every way to pay it, and why a proof was refused. */
export function paymentProblem(input: Input): PaymentProblem {
  const code = input.refusal?.code ?? 'payment_required'
  return {
    type: problemType(code),
    title: catalog[code].title,
    status: catalog[code].status,
    detail:
      input.refusal?.shortMessage ??
      `${input.description || 'This resource'} costs ${input.upto ? 'what it uses, at most ' : ''}${showMoney(input.price)}${passWords(input)}`,
    code,
    hint: input.refusal?.hint ?? catalog[code].hint,
    price: amountJson(input.price),
    ...(input.upto ? { upto: true as const } : {}),
    expires_at: iso(input.expiresAt),
    offers: offersJson(input),
    ...(input.refusal?.code.startsWith('session_') ? input.refusal.meta : {}),
  }
}

function offersJson(input: Input): OfferJson[] {
  const list = evmOffers(input.offers).map((offer) => chainJson(offer, input))
  const lightning = lightningOffer(input.offers)
  if (lightning) list.splice(placeOf(lightning, input.offers), 0, lightningJson(lightning, input))
  if (input.book) {
    const amount = amountJson(input.price)
    const how =
      'Repeat the request with Authorization: Bearer <api key> and a new Idempotency-Key; it is taken from the balance of that key.'
    list.push({ rail: 'book', amount, price: amount, expires_at: iso(input.expiresAt), schemes: ['bearer'], how })
  }
  return list
}

/** Behind the chains that cost all sides less; before all of them where that is not said. */
function placeOf({ costNano }: ChallengeOffer, offers: readonly ChallengeOffer[]): number {
  if (costNano === undefined) return 0
  return offers.filter((offer) => offer.wire.kind === 'evm' && offer.costNano !== undefined && offer.costNano < costNano).length
}

function chainJson(offer: EvmOffer, input: Input): OfferJson {
  const { chainId, token, payTo } = offer.wire
  const schemes = signedBy(offer).includes('eip3009') ? ['x402', 'mpp'] : ['x402']
  const signed = offer.wire.signed ? { signed: offer.wire.signed } : {}
  return { rail: offer.rail, ...common(offer, input), schemes, network: `eip155:${chainId}`, token, pay_to: payTo, ...signed }
}

function lightningJson(offer: LightningOffer, input: Input): OfferJson {
  const { invoice, network } = offer.wire
  const how = { network, invoice, payment_hash: paymentHashOf(offer) }
  if (!input.pass) return { rail: 'lightning', ...common(offer, input), schemes: ['l402', 'mpp'], ...how }
  return { rail: 'lightning', ...common(offer, input), schemes: ['l402'], ...how, pass: passJson(input.pass) }
}

/** Some clients of L402 keep no token. They see the amount of an invoice, and not that it is for more than they ask for. */
function passWords({ pass, offers }: Input): string {
  const invoice = pass && lightningOffer(offers)
  if (!invoice) return ''
  const { terms } = pass
  const buys =
    terms.kind === 'uses' ? `${terms.uses} requests` : terms.kind === 'budget' ? 'a budget for many requests' : 'any number of requests'
  return (
    `. The invoice, of ${showMoney(terms.price)}, buys ${buys} by one L402 token: keep the token. ` +
    'A client that keeps none buys all that again for each request; with Accept-Payment: lightning/charge it buys one'
  )
}

function passJson({ terms, endsAt }: PassOffer): PassJson {
  const end = { ends_at: iso(endsAt) }
  if (terms.kind === 'uses') return { uses: terms.uses, ...end }
  return terms.kind === 'budget' ? { budget: amountJson(terms.price), ...end } : end
}

function common(offer: ChallengeOffer, input: Input): Pick<OfferJson, 'amount' | 'price' | 'expires_at'> {
  const expiresAt = iso(min(offer.expiresAt, input.expiresAt))
  return { amount: amountJson(offer.amount), price: amountJson(offer.price ?? input.price), expires_at: expiresAt }
}

function amountJson(amount: Money): AmountJson {
  return { asset: amount.asset.id, amount: formatAmount(amount) }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
