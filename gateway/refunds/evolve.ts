import { invariant } from '../errors/invariant.ts'
import { max } from '../money/integers.ts'
import { money } from '../money/money.ts'
import type { RefundFact } from '../payins/refund/facts.ts'
import { type PayoutFact, payoutOf } from '../payouts/payoutState/facts.ts'
import type { AssetOf, GivenRefund, TryState } from './givenRefund.ts'

/** What came back after its time waits so long for its payer again. */
const REOPENED_MS = 30 * 86_400_000

export type AppliedFact = RefundFact | PayoutFact

export function isRefundFact(fact: AppliedFact): fact is RefundFact {
  return fact.type.startsWith('refund.')
}

/** The refund after one more fact that concerns it. A fact that cannot follow what stands is an impossible state. */
export function evolve(refund: GivenRefund | undefined, fact: AppliedFact, assetOf: AssetOf): GivenRefund {
  if (fact.type === 'refund.created') {
    invariant(!refund, `${fact.id} was created twice`)
    return created(fact, assetOf)
  }
  invariant(refund, `${fact.type} ${fact.id} speaks of a refund that was not created`)
  switch (fact.type) {
    case 'refund.sent': {
      invariant(!refund.end, `${refund.id} is paid before its end`)
      return { ...refund, tries: [...refund.tries, { payout: fact.data.try, to: fact.data.to, state: 'idle' }] }
    }
    case 'refund.ended':
      invariant(!refund.end, `${refund.id} ends once`)
      return { ...refund, end: { outcome: fact.data.outcome, at: fact.at } }
    case 'refund.reopened':
      return { ...refund, returned: false, expiresAt: max(refund.expiresAt, fact.at + REOPENED_MS) }
    default:
      return heardOfPayout(refund, fact)
  }
}

function heardOfPayout(refund: GivenRefund, fact: PayoutFact): GivenRefund {
  const payout = payoutOf(fact)
  const tries = refund.tries.map((one) => (one.payout === payout ? { ...one, state: stateAfter(one.state, fact) } : one))
  if (fact.type !== 'payout.returned') return { ...refund, tries }
  // What was given to its payer is not any more, so it has no end: whoever has the link says where to.
  return { ...refund, tries, end: undefined, returned: true }
}

function stateAfter(state: TryState, { type }: PayoutFact): TryState {
  switch (type) {
    case 'attempt.sent':
      return 'moving'
    case 'attempt.unknown':
      return 'unknown'
    case 'attempt.failed':
      return 'idle'
    case 'attempt.settled':
    case 'payout.settled':
      return 'settled'
    case 'payout.failed':
      return 'failed'
    case 'payout.returned':
      return 'returned'
    default:
      return state
  }
}

function created({ id, at, data }: Extract<RefundFact, { type: 'refund.created' }>, assetOf: AssetOf): GivenRefund {
  const asset = assetOf(data.asset)
  const [amount, paid, refunded, left] = [data.units, data.paid, data.refunded, data.left].map((units) => money(asset, BigInt(units)))
  return {
    id,
    data,
    amount: amount!,
    over: BigInt(data.over),
    paid: paid!,
    refunded: refunded!,
    left: left!,
    sources: data.sources.map(({ from, asset: of, units, share }) => ({
      from,
      amount: money(assetOf(of), BigInt(units)),
      share: BigInt(share),
    })),
    createdAt: at,
    expiresAt: data.expiresAt,
    tries: [],
    end: undefined,
    returned: false,
  }
}
