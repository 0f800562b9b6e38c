import { USD } from '../money/asset.ts'
import { ceilDiv } from '../money/integers.ts'
import { type Money, money, mulDiv, showMoney } from '../money/money.ts'
import type { Refusal } from './offers/offer.ts'
import { type PayPolicy, SCARCITY_PPM } from './policy.ts'
import type { Bid, PaidBid } from './wallet.ts'

/**
 * One way to pay as a person sees it, in USD: `cost` is the most that it takes from the payer, of which `fee` goes to the rail, or to the server for it;
 * `scarcity` counts on top when ways are compared, and is paid to nobody.
 */
export type QuotedBid = PaidBid & Readonly<{ fee: Money; scarcity: Money }>

/** A bid with what it counts beside others, in nano-USD: micro-dollars are too coarse for a part of a cent. */
export type RankedBid = Bid & Readonly<{ scarcity: Money; scarcityNano: bigint }>

/** The choice between all ways that there were: why the one that was taken, and why each other offer was not to be paid. */
export type Decision = Readonly<{ why: string; bids: readonly QuotedBid[]; refused: readonly Refusal[] }>

const NANO = 1_000n
const PPM = 1_000_000n

/** What it costs in full: with what it would leave the wallet without. */
export function ranked(bid: Bid, { scarcityPpm = SCARCITY_PPM }: PayPolicy): RankedBid {
  const { cost, fee, amount, held } = bid
  const worth = (cost.units - fee.units) * NANO
  // Grows with the square: taking a tenth of what is there costs a hundredth of taking all.
  const scarcityNano = held ? mulDiv(worth * amount.units, scarcityPpm, held.units * PPM, 'up') : 0n
  return { ...bid, scarcityNano, scarcity: money(USD, ceilDiv(scarcityNano, NANO)) }
}

/** Orders by the full cost; among equals the first stays first. */
export function byFullCost(a: RankedBid, b: RankedBid): number {
  const [one, other] = [a, b].map(({ cost, scarcityNano }) => cost.units * NANO + scarcityNano) as [bigint, bigint] // Two in, two out.
  return one < other ? -1 : one > other ? 1 : 0
}

/** Why the first of these bids that has not `failed` is taken. */
export function whyTaken(bids: readonly RankedBid[], { only }: PayPolicy, failed: readonly Refusal[] = []): string | undefined {
  const [bid, next] = bids.slice(failed.length)
  if (!bid) return undefined
  const allowed = only ? ` that the policy allows (${only.join(', ')})` : ''
  if (failed.length > 0) {
    const words = failed.map(({ offer, detail }) => `${offer}: ${detail}`).join('; ')
    return `the next of ${bids.length} ways${allowed}, ${showMoney(bid.cost)}: those before it took nothing (${words.slice(0, 500)})`
  }
  if (!next) return `the only way${allowed || ' that a wallet here can pay'}`
  const scarcer = next.scarcityNano > bid.scarcityNano ? ', and scarcer' : ''
  return `the least of ${bids.length} ways${allowed}: ${showMoney(bid.cost)}, the next is ${showMoney(next.cost)} by ${next.offer}${scarcer}`
}
