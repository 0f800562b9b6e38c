import { compare, type Money } from '../money/money.ts'
import type { RailKind, RailName } from '../ports/railName.ts'
import type { Challenge } from './readChallenge.ts'
import type { Bid, Consideration, Wallet } from './wallet.ts'

/** One way to pay as a person sees it. `cost` in USD is what it takes from the payer. */
export type QuotedBid = Readonly<{ rail: RailName; cost: Money; amount: Money; payee: string }>

/** Why wallets cannot pay, by the kind of rail that they are for. */
export type Refusals = Readonly<Partial<Record<RailKind, string>>>

/** What a request would cost: ways to pay, cheapest first, and why each other wallet has none. */
export type Quote = Readonly<{ url: string; origin: string; bids: readonly QuotedBid[]; refused: Refusals }>

/** All bids of the wallets, cheapest first; among equals the wallet named first. A wallet that cannot say refuses, and the others are heard. */
export async function consider(wallets: readonly Wallet[], challenge: Challenge): Promise<{ bids: Bid[]; refused: Refusals }> {
  const all = await Promise.all(wallets.map((wallet) => wallet.consider(challenge).catch(cannotSay)))
  const bids = all.flatMap((one) => one.bids).sort((a, b) => compare(a.cost, b.cost))
  const refused = Object.fromEntries(all.flatMap((one, i) => (one.refused === undefined ? [] : [[wallets[i]!.rail, one.refused]])))
  return { bids, refused }
}

/** The bids as they are shown, without the power to pay. */
export function quoteOf(challenge: Challenge, bids: readonly Bid[], refused: Refusals): Quote {
  const quoted = bids.map(({ rail, cost, amount, payee }) => ({ rail, cost, amount, payee }))
  return { url: challenge.url, origin: challenge.origin, bids: quoted, refused }
}

function cannotSay(error: unknown): Consideration {
  return { bids: [], refused: error instanceof Error ? error.message : 'the wallet gave no reason' }
}
