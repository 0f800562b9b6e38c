import { compare, type Money } from '../money/money.ts'
import type { RailName } from '../ports/railName.ts'
import type { Offer, Refusal } from './offers/offer.ts'
import type { Challenge } from './offers/readChallenge.ts'
import { toPrintable } from './printable.ts'
import type { Bid, Unfit, Wallet } from './wallet.ts'

/** One way to pay as a person sees it. `cost` in USD is what it takes from the payer. */
export type QuotedBid = Readonly<{ offer: string; rail: RailName; cost: Money; amount: Money; payee: string }>

/**
 * What a request would cost: ways to pay, cheapest first, and why each other offer cannot be paid. `total` is the cost of the first. Prints as JSON, with
 * amounts as decimal strings.
 */
export type Quote = Readonly<{
  url: string
  origin: string
  total: Money | undefined
  bids: readonly QuotedBid[]
  refused: readonly Refusal[]
  toJSON: () => unknown
}>

/** What the wallets make of all offers. */
export type Considered = Readonly<{ bids: readonly Bid[]; refused: readonly Refusal[] }>

/** Asks every wallet about every offer: bids, cheapest first, among equals of the wallet and then the offer that is named first. */
export async function consider(wallets: readonly Wallet[], challenge: Challenge): Promise<Considered> {
  const asked = await Promise.all(
    challenge.offers.map(async (offer) => ({
      offer,
      answers: await Promise.all(wallets.map((wallet) => wallet.consider(offer, challenge).catch(cannotSay))),
    })),
  )
  const bids = wallets.flatMap((_, i) => asked.flatMap(({ answers }) => answers[i]).filter(isBid))
  const refused = asked.flatMap(({ offer, answers }) => (answers.some(isBid) ? [] : [refusalOf(offer, answers)]))
  return { bids: once(bids).sort((a, b) => compare(a.cost, b.cost)), refused: [...challenge.unread, ...refused] }
}

/** The bids as they are shown, without the power to pay. */
export function quoteOf({ url, origin }: Challenge, { bids, refused }: Considered): Quote {
  const quoted = bids.map(quotedBid)
  const shown = { url, origin, total: quoted[0]?.cost, bids: quoted, refused }
  return { ...shown, toJSON: () => toPrintable(shown) }
}

/** A bid without the power to pay. */
export function quotedBid({ offer, rail, cost, amount, payee }: Bid): QuotedBid {
  return { offer, rail, cost, amount, payee }
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

const FOR = { token: 'an EVM wallet', invoice: 'a Lightning wallet', balance: 'an API key of this gateway' }

function refusalOf(offer: Offer, answers: readonly Answer[]): Refusal {
  const said = answers.find((answer) => answer !== undefined)
  if (said && !isBid(said)) return { offer: offer.name, reason: said.reason, detail: said.detail }
  return { offer: offer.name, reason: 'no_wallet', detail: `it takes ${FOR[offer.kind]}, and there is none here` }
}

function cannotSay(error: unknown): Unfit {
  return { reason: 'wallet_failed', detail: error instanceof Error ? error.message : 'the wallet gave no reason' }
}
