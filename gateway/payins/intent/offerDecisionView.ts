import { termName } from '../../costs/termName.ts'
import { formatAmount, type Money, money, mulDiv } from '../../money/money.ts'
import type { Intent } from './intent.ts'

/** A cost in nano-USD shown in dollars, to the nano. */
const NANO_USD = { id: 'USD', code: 'USD', scale: 9, ledger: 0 }
const MS_PER_S = 1_000n

/** Why an intent offers the ways that it does, with each cost in USD; once it is paid, beside what came of it. Undefined where nothing was written of it. */
export function viewOfferDecision({ id: paymentIntentId, decision, createdAt, amount, paid }: Intent) {
  if (!decision) return undefined
  const { id, priceNano, candidates, wouldChangeIf: change, rates } = decision
  const wholes = candidates.map((one) => (one.verdict === 'chosen' ? BigInt(one.wholeNano) : undefined))
  const least = candidates.reduce((best, one, i) => (one.verdict === 'chosen' && one.rank === 1 ? wholes[i]! : best), 0n)
  const rows = candidates.map((one, i) => {
    if (one.verdict === 'impossible') return { ...one, why: `Not offered: ${one.detail}.` }
    const { rail, verdict, rank, offer, successPpm, secondsToFunds, terms } = one
    const dearer = wholes[i]! - least
    return {
      rail,
      verdict,
      why: rank === 1 ? 'Offered first: the least full expected cost.' : `Offered ${rank}.; ${usd(dearer)} USD dearer for all sides.`,
      rank,
      offer,
      successPpm,
      goodFundsAt: new Date(Number(BigInt(createdAt) + BigInt(secondsToFunds) * MS_PER_S)).toISOString(), // not money: a time
      terms: Object.fromEntries(Object.entries(terms).map(([name, nano]) => [name, usd(BigInt(nano))])),
      expectedCostUsd: usd(wholes[i]! - BigInt(priceNano)),
      dearerByUsd: usd(dearer),
    }
  })
  const taken = paid && rows.find((row) => row.rail === paid.rail)
  const places = candidates.flatMap((one, place) => (one.verdict === 'chosen' ? [{ place, rank: one.rank }] : []))
  return {
    id,
    paymentIntentId,
    at: new Date(createdAt).toISOString(),
    amount: { asset: amount.asset.id, amount: formatAmount(amount) },
    worthUsd: usd(BigInt(priceNano)),
    candidates: rows,
    order: places.sort((a, b) => a.rank - b.rank).map(({ place }) => place),
    ...(change && {
      wouldChangeIf: {
        term: termName(change.term),
        nowUsd: usd(BigInt(change.termNano)),
        mustRiseByUsd: usd(BigInt(change.mustRiseByNano)),
        inFavourOf: change.inFavourOf,
        why: `If ${termName(change.term)} rose by ${usd(BigInt(change.mustRiseByNano))} USD, ${candidates[change.inFavourOf]!.rail} would be offered first.`,
      },
    }),
    rates,
    ...(paid && {
      realised: {
        rail: paid.rail,
        at: new Date(paid.at).toISOString(),
        received: { asset: paid.amount.asset.id, amount: formatAmount(paid.amount) },
        ...receivedUsd(paid.amount, rates),
        ...(taken?.verdict === 'chosen' && { rank: taken.rank, expectedCostUsd: taken.expectedCostUsd, dearerByUsd: taken.dearerByUsd }),
      },
    }),
  }
}

export type OfferDecisionView = NonNullable<ReturnType<typeof viewOfferDecision>>

/** What came, at the rate that it was asked for at: rounded down. */
function receivedUsd(received: Money, rates: NonNullable<Intent['decision']>['rates']) {
  const rate = rates.find(({ from, to }) => from === 'USD' && to === received.asset.id)
  if (!rate) return {}
  // USD has six decimals, so the rate is for millionths.
  return { receivedUsd: usd(mulDiv(received.units * 1_000n, BigInt(rate.den), BigInt(rate.num), 'down')) }
}

function usd(nano: bigint): string {
  return formatAmount(money(NANO_USD, nano))
}
