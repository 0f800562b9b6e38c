import type { Money } from '../../money/money.ts'
import type { RateData, TermsData } from '../../payouts/payoutState/facts.ts'
import type { DecisionId, OfferId } from '../../ports/ids.ts'
import type { RailName } from '../../ports/railName.ts'
import { type PricedCollecting, usdToNano } from './collectingCosts.ts'
import { offerThreshold, orderOffers } from './judgeOffers.ts'
import type { NotOffered, OfferRefusal } from './refusalOf.ts'

/** A way as it was judged: offered, at its place in the order, or not, and why. Costs are decimal strings of nano-USD. */
type OfferCandidate =
  | Readonly<{
      rail: RailName
      verdict: 'chosen'
      rank: number
      offer: OfferId
      successPpm: string
      secondsToFunds: string
      terms: TermsData
      /** The price and what it is expected to cost to be paid. */
      wholeNano: string
    }>
  | Readonly<{ rail: RailName; verdict: 'impossible'; reason: NotOffered; detail: string }>

/** Why an intent offers the ways that it does, in their order: part of `intent.created`. */
export type OfferDecision = Readonly<{
  id: DecisionId
  priceNano: string
  candidates: readonly OfferCandidate[]
  wouldChangeIf?: Readonly<{ term: string; termNano: string; mustRiseByNano: string; inFavourOf: number }>
  rates: readonly RateData[]
}>

type Offered = Readonly<{ id: OfferId; rail: RailName; collecting: PricedCollecting }>

/** Writes down what the order of the offers rests on. */
export function decideOffers(
  id: DecisionId,
  { price, offered, refusals }: Readonly<{ price: Money; offered: readonly Offered[]; refusals: readonly OfferRefusal[] }>,
): OfferDecision {
  const ways = offered.map(({ collecting }) => collecting)
  const order = orderOffers(ways)
  const change = offerThreshold(ways, order)
  return {
    id,
    priceNano: `${usdToNano(price)}`,
    candidates: [
      ...offered.map(({ id, rail, collecting }, place): OfferCandidate => {
        const { terms, successPpm, secondsToFunds, wholeNano } = collecting
        return {
          rail,
          verdict: 'chosen',
          rank: order.indexOf(place) + 1,
          offer: id,
          successPpm: `${successPpm}`,
          secondsToFunds: `${secondsToFunds}`,
          terms: termsData(terms),
          wholeNano: `${wholeNano}`,
        }
      }),
      ...refusals.map(({ rail, reason, word }): OfferCandidate => ({ rail, verdict: 'impossible', reason: word, detail: reason })),
    ],
    ...(change && { wouldChangeIf: { ...change, termNano: `${change.termNano}`, mustRiseByNano: `${change.mustRiseByNano}` } }),
    rates: ratesData(ways),
  }
}

/** What is nothing is left out. */
function termsData({ success, failure }: PricedCollecting['terms']): TermsData {
  const rows = Object.entries({ ...success, ...failure }).filter(([, nano]) => nano !== 0n)
  return Object.fromEntries(rows.map(([name, nano]) => [name, `${nano}`]))
}

/** Each pair once. */
function ratesData(ways: readonly PricedCollecting[]): RateData[] {
  const rows = new Map<string, RateData>()
  for (const { from, to, num, den, observedAt, source } of ways.flatMap(({ rates }) => rates)) {
    rows.set(`${from.id} ${to.id}`, { from: from.id, to: to.id, num: `${num}`, den: `${den}`, observedAt, source })
  }
  return [...rows.values()]
}
