import { type Money, showMoney } from '../money/money.ts'
import { byFullCost, type QuotedBid, type RankedBid, ranked, whyTaken } from './decision.ts'
import type { Offer, Refusal } from './offers/offer.ts'
import type { Challenge } from './offers/readChallenge.ts'
import { allowsWay, type PayPolicy } from './policy.ts'
import { toPrintable } from './printable.ts'
import type { Bid, PaidBid, Unfit, Wallet } from './wallet.ts'

/**
 * What a request would cost: ways to pay, the one that costs least in full first, `why` it is, and why each other offer cannot be paid. `total` is the cost of
 * the first. Prints as JSON, with amounts as decimal strings.
 */
export type Quote = Readonly<{
  url: string
  origin: string
  total: Money | undefined
  why: string | undefined
  bids: readonly QuotedBid[]
  refused: readonly Refusal[]
  toJSON: () => unknown
}>

/** What the wallets make of all offers. */
export type Considered = Readonly<{ bids: readonly RankedBid[]; refused: readonly Refusal[] }>

/** Asks every wallet about every offer: bids, the least full cost first, among equals of the wallet and then the offer that is named first. */
export async function consider(wallets: readonly Wallet[], challenge: Challenge, policy: PayPolicy = {}): Promise<Considered> {
  const asked = await Promise.all(
    challenge.offers.map(async (offer) => ({
      offer,
      answers: await Promise.all(
        wallets.map((wallet) => wallet.consider(offer, challenge).then((answer) => judged(answer, policy), cannotSay)),
      ),
    })),
  )
  const bids = wallets.flatMap((_, i) => asked.flatMap(({ answers }) => answers[i]).filter(isBid))
  const refused = asked.flatMap(({ offer, answers }) => (answers.some(isBid) ? [] : [refusalOf(offer, answers)]))
  const all = once(bids).map((bid) => ranked(bid, policy))
  return { bids: all.sort(byFullCost), refused: [...challenge.unread, ...refused] }
}

/** The bids as they are shown, without the power to pay. */
export function quoteOf({ url, origin }: Challenge, { bids, refused }: Considered, policy: PayPolicy = {}): Quote {
  const quoted = bids.map(quotedBid)
  const shown = { url, origin, total: quoted[0]?.cost, why: whyTaken(bids, policy), bids: quoted, refused }
  return { ...shown, toJSON: () => toPrintable(shown) }
}

/** A bid without the power to pay. */
export function quotedBid(bid: RankedBid): QuotedBid {
  const { fee, scarcity } = bid
  return { ...paidBid(bid), fee, scarcity }
}

/** What of a bid is kept of a payment by it. */
export function paidBid({ offer, rail, cost, amount, payee, most }: PaidBid): PaidBid {
  return { offer, rail, cost, amount, payee, ...(most && { most }) }
}

/** A bid that the policy forbids, or that its wallet cannot fill, is none. */
function judged(answer: Answer, policy: PayPolicy): Answer {
  if (!isBid(answer)) return answer
  if (!allowsWay(policy, answer)) return { reason: 'against_policy', detail: `policy.only allows ${policy.only?.join(', ')} alone` }
  const { held, amount } = answer
  if (!held || held.units >= amount.units) return answer
  return { reason: 'too_little', detail: `the wallet holds ${showMoney(held)} of the ${showMoney(amount)} that it asks` }
}

type Answer = Bid | Unfit | undefined

function isBid(answer: Answer): answer is Bid {
  return answer !== undefined && 'pay' in answer
}

/** One invoice that two protocols name is paid once, so it is one bid. */
function once(bids: readonly Bid[]): Bid[] {
  const isFirst = (bid: Bid, i: number) =>
    bid.rail !== 'lightning' || bids.findIndex((other) => other.rail === bid.rail && other.payee === bid.payee) === i
  return bids.filter(isFirst)
}

const FOR = {
  token: 'an EVM wallet',
  permit: 'a wallet over Permit2',
  invoice: 'a Lightning wallet',
  balance: 'an API key of this gateway',
}

function refusalOf(offer: Offer, answers: readonly Answer[]): Refusal {
  const said = answers.find((answer) => answer !== undefined)
  if (said && !isBid(said)) return { offer: offer.name, reason: said.reason, detail: said.detail }
  return { offer: offer.name, reason: 'no_wallet', detail: `it takes ${FOR[offer.kind]}, and there is none here` }
}

function cannotSay(error: unknown): Unfit {
  return { reason: 'wallet_failed', detail: error instanceof Error ? error.message : 'the wallet gave no reason' }
}
