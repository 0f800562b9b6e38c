import { invariant } from '../../errors/invariant.ts'
import { max } from '../../money/integers.ts'
import type { Books } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { RateSource } from '../../ports/rates.ts'
import type { OfferTerms } from '../../ports/receiver.ts'
import type { FindRequest } from '../claim/findRequest.ts'
import { createTurns } from '../claim/turns.ts'
import { createChainStates } from '../vouchers/chainStates.ts'
import { createClaimRounds } from '../vouchers/claimRounds.ts'
import { depositMin } from '../vouchers/openVoucherChannel.ts'
import type { ShownVouchers } from '../vouchers/shownVouchers.ts'
import { x402Claimer } from './claimX402.ts'
import { createX402ChannelRecords } from './records.ts'
import { channelRefunder } from './refundChannel.ts'
import { createRefundRecords } from './refundRecords.ts'
import { createRefundShares } from './refundShares.ts'
import { voucherTaker } from './takeVoucher.ts'
import { x402Chain } from './x402Chain.ts'
import { createX402Unclaimed } from './x402Unclaimed.ts'

/** What is asked to be deposited, in requests. */
const DEPOSIT_REQUESTS = 10n

export type X402Channels = ReturnType<typeof openX402Channels>

/** Payments by channels of x402 on all chains of the gateway. Made before the journal is replayed; `start` after it. */
export function openX402Channels(
  o: Readonly<{
    books: Books
    chains: readonly Parameters<typeof x402Chain>[0][]
    findRequest: FindRequest
    rates: RateSource
    clock: Clock
    ids: IdSource
    shown: ShownVouchers
    log: (line: string) => void
  }>,
) {
  const chains = new Map(o.chains.map((chain) => [`${chain.rail}`, x402Chain(chain)]))
  const chainOf = (rail: string) => {
    const chain = chains.get(rail)
    invariant(chain, `${rail} is configured: channels are known of configured chains only`)
    return chain
  }
  const states = createChainStates({ chainOf, clock: o.clock })
  const records = createX402ChannelRecords(o.books, (rail) => chainOf(rail).asset)
  const refunds = createRefundRecords(o.books)
  // Channels of a chain that is not configured any more are left alone.
  const unclaimed = createX402Unclaimed({ books: o.books, records, isServed: (rail) => chains.has(rail) })
  const { shown } = o
  const claim = x402Claimer({ unclaimed, states, chainOf, ids: o.ids, shown })
  const rounds = createClaimRounds({ unclaimed, states, chainOf, claim, rates: o.rates, clock: o.clock, log: o.log })
  const parts = { books: o.books, records, refunds, states, shown, turns: createTurns(), chainOf, rates: o.rates, clock: o.clock }
  const refunder = channelRefunder({ ...parts, shares: createRefundShares() })
  return {
    take: voucherTaker({ ...parts, findRequest: o.findRequest }),
    /** Pays a channel back by its payer's word. */
    refund: refunder.refund,
    /** The terms with what is to be deposited at least: enough for some requests, and for its gas by now. */
    withDepositMin(terms: OfferTerms): OfferTerms {
      const { rail, wire, amount } = terms
      if (wire.kind !== 'evm' || !wire.channel) return terms
      const { asset, depositCost } = chainOf(rail)
      const least = max(amount.units * DEPOSIT_REQUESTS, depositMin({ asset, openCost: depositCost }, o.rates).units)
      return { ...terms, wire: { ...wire, channel: { ...wire.channel, depositMin: least } } }
    },
    claim,
    /** One round of claims, now. */
    round: rounds.round,
    start(onFatal: (error: unknown) => void): void {
      rounds.start(onFatal)
      refunder.start(onFatal)
    },
    stop: rounds.close,
    problems: rounds.problems,
  }
}
