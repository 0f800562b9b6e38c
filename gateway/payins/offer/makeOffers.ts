import { createShares } from '../../guard/admission/shares.ts'
import { BTC, EUR, sameAsset, USD } from '../../money/asset.ts'
import { min } from '../../money/integers.ts'
import { add, type Money, money, mulDiv } from '../../money/money.ts'
import { convert } from '../../money/rate.ts'
import type { Hex } from '../../ports/ids.ts'
import { isChosen, type RailKind, type RailName, railKind } from '../../ports/railName.ts'
import type { OfferTerms, Receiver } from '../../ports/receiver.ts'
import { type CollectingParts, createCollectingCosts, type PricedCollecting } from './collectingCosts.ts'
import { createInvoicePool } from './invoicePool.ts'
import { type OfferRefusal, refusalOf } from './refusalOf.ts'
import { withDeadline } from './withDeadline.ts'

/**
 * One way to pay, priced in full, in USD: `value` is the amount asked at the promised rate (more than the price where the rail's smallest unit
 * is coarser), `payerFee` what the payer's side is expected to pay on top, `railCost` what receiving it costs us. `fullPrice` is the first two.
 */
export type PricedOffer = Readonly<{
  terms: OfferTerms
  value: Money
  payerFee: Money
  fullPrice: Money
  railCost: Money
  /** What it is expected to cost all sides to be paid by it: offers are in that order. */
  collecting: PricedCollecting
}>

/** `price` in USD; `ref` names the intent or challenge in 32 bytes. */
type OffersRequest = Readonly<{
  price: Money
  ref: Hex
  splitId: Hex
  expiresAt: number
  description: string
  /** By name, or by kind for all of that kind; all when absent. */
  rails?: readonly (RailName | RailKind)[] | undefined
  /** Who asks, where anybody may; callers with a key are not counted with them. */
  asker?: string
  /** The payer is to sign a maximum. */
  upto?: true
  /** An invoice that was made ahead will do: it names no `ref`, and has an end of its own. */
  fromPool?: true
  /** What it brings may wait to be collected with others. */
  inCompany?: true
}>

export type MakeOffers = (
  request: OffersRequest,
) => Promise<Readonly<{ offers: readonly PricedOffer[]; refusals: readonly OfferRefusal[] }>>

/** The smallest unit a payer of this rail can send: a satoshi (many wallets know no less), a cent. */
const COARSEST: Record<string, bigint> = { [BTC.id]: 1_000n, [EUR.id]: 10_000n, [USD.id]: 10_000n }

/** What a payer's own side is expected to charge: routing 1 sat and 1,000 ppm on Lightning; nothing else is charged by a typical payer's bank or signer. */
const LIGHTNING_FEE_BASE_MSAT = 1_000n
const LIGHTNING_FEE_PPM = 1_000n

/** An offer that takes longer than this is left out of the answer. */
const OFFER_DEADLINE_MS = 4_000
/**
 * An offer holds its rate for so long, and shorter where there is doubt about the rate. A bank's payment cannot be asked for anew once it is ordered, so its
 * offer is as long as what it pays, and its rate is the operator's risk.
 */
const QUOTE_LIFE_MS = 86_400_000
/** Offers that one rail may be making at a time, in fair shares, so that unpaid requests cannot pile up in front of a node. */
const OFFERS_AT_ONCE_MAX = 128
/** A rail that answers nothing for so long has forgotten what it was asked. */
const OFFER_FORGOTTEN_MS = 600_000

/** Asks all receivers at once and prices what they answer; a rail that fails or is too slow is a refusal with its reason, never an error. */
export function offerMaker(o: CollectingParts & Readonly<{ receivers: readonly Receiver[] }>): MakeOffers {
  const costs = createCollectingCosts(o)
  const shares = createShares({
    clock: o.clock,
    max: OFFERS_AT_ONCE_MAX,
    parts: 2,
    lifeMs: OFFER_FORGOTTEN_MS,
    what: 'the offers in the making',
  })
  const pools = new Map(
    o.receivers.flatMap((receiver) =>
      railKind(receiver.rail) === 'lightning' ? [[receiver.rail, createInvoicePool({ receiver, clock: o.clock })]] : [],
    ),
  )

  /** Counts an offer for as long as the rail works on it, also past our deadline. */
  async function bounded<T>(rail: RailName, { asker, ref }: Pick<OffersRequest, 'asker' | 'ref'>, work: () => Promise<T>): Promise<T> {
    const giveBack = shares.take(asker ? rail : `${rail}, with a key`, asker ?? ref)
    try {
      return await work()
    } finally {
      giveBack()
    }
  }

  async function price(receiver: Receiver, request: OffersRequest): Promise<PricedOffer> {
    const rate = o.rates.rate(USD, receiver.asset)
    const exact = convert(request.price, rate, 'up')
    const step = COARSEST[receiver.asset.id] ?? 1n
    const amount = money(receiver.asset, mulDiv(exact.units, 1n, step, 'up') * step)
    const { ref, splitId, description } = request
    const lifeMs = min(QUOTE_LIFE_MS, o.rates.promiseMsMax?.(USD, receiver.asset) ?? QUOTE_LIFE_MS)
    const expiresAt = railKind(receiver.rail) === 'bank' ? request.expiresAt : min(request.expiresAt, o.clock.now() + lifeMs)
    const upto = request.upto ? { upto: request.upto } : {}
    const pool = request.fromPool && pools.get(receiver.rail)
    const terms = pool
      ? await pool.take({ amount, description, ref, asker: request.asker ?? ref })
      : await withDeadline(
          bounded(receiver.rail, request, () => receiver.offer({ amount, ref, splitId, expiresAt, description, ...upto })),
          { rail: receiver.rail, ms: OFFER_DEADLINE_MS },
        )
    const toUsd = { ...rate, from: rate.to, to: rate.from, num: rate.den, den: rate.num }
    const value = convert(amount, toUsd, 'up')
    const fee = sameAsset(amount.asset, BTC) ? LIGHTNING_FEE_BASE_MSAT + mulDiv(amount.units, LIGHTNING_FEE_PPM, 1_000_000n, 'up') : 0n
    const payerFee = convert(money(amount.asset, fee), toUsd, 'up')
    const cost = receiver.cost?.(amount)
    const railCost = cost ? convert(cost, o.rates.rate(cost.asset, USD), 'up') : money(USD, 0n)
    const fullPrice = add(value, payerFee)
    const collecting = costs.of(receiver, { price: request.price, fullPrice, amount, rate, inCompany: request.inCompany ?? false })
    return { terms, value, payerFee, fullPrice, railCost, collecting }
  }

  return async (request) => {
    const asked = o.receivers.filter((r) => !request.rails || request.rails.some((choice) => isChosen(r.rail, choice)))
    const results = await Promise.allSettled(asked.map((r) => price(r, request)))
    const offers: PricedOffer[] = []
    const refusals: OfferRefusal[] = []
    for (const [i, result] of results.entries()) {
      if (result.status === 'fulfilled') offers.push(result.value)
      else refusals.push(refusalOf(asked[i]!, result.reason, { expiresAt: request.expiresAt, now: o.clock.now() }))
    }
    offers.sort((a, b) => (a.collecting.wholeNano < b.collecting.wholeNano ? -1 : a.collecting.wholeNano > b.collecting.wholeNano ? 1 : 0))
    return { offers, refusals }
  }
}
