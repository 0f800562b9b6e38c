import { invariant, unreachable } from '../errors/invariant.ts'
import { payoutOf, readMoneyData } from '../payouts/payoutState/facts.ts'
import { saidMetadata } from '../ports/metadata.ts'
import type { Exchange, ExchangeException, LegState } from './exchange.ts'
import { isEnded } from './exchange.ts'
import { type AppliedFact, type ExchangeFact, readLegData, readPayData } from './facts.ts'

/** The exchange after one more fact that concerns it. A fact that cannot follow what stands is an impossible state. */
export function evolve(x: Exchange | undefined, fact: AppliedFact): Exchange {
  if (fact.type === 'exchange.created') {
    invariant(!x, `${fact.id} was created twice`)
    return created(fact)
  }
  invariant(x, `${fact.type} ${fact.id} speaks of an exchange that was not created`)
  switch (fact.type) {
    case 'exchange.held': {
      invariant(x.pay.kind === 'hold' && !x.held && !isEnded(x), `${x.id} was held twice, or after its end`)
      const { decideBy, excess, entry } = fact.data
      return { ...x, held: { at: fact.at, decideBy, entry, excess: readMoneyData(excess) } }
    }
    case 'exchange.doubted':
      invariant(x.held && !x.paid && !x.lost, `${x.id} is doubted while its payment waits`)
      return withException({ ...x, doubted: true }, 'taken_in_doubt')
    case 'exchange.taken':
      if (fact.data.stray) return withException(x, 'paid_after_end')
      invariant(x.held && !x.paid && !x.released && !x.lost, `${x.id} takes what it holds, once`)
      return { ...x, paid: true }
    case 'exchange.released':
      invariant(!x.released && !x.paid && x.legState !== 'settled' && x.legState !== 'moving', `${x.id} lets go what it need not keep`)
      return { ...x, released: fact.data.reason }
    case 'exchange.lost':
      invariant(x.held && !x.paid && !x.released && !x.lost, `${x.id} loses what it holds, once`)
      return withException({ ...x, lost: true }, 'payment_lost')
    case 'exchange.covered':
      invariant(x.lost && x.legState === 'settled' && !x.covered, `${x.id} is covered when its payout was made and its payment is lost`)
      return { ...x, covered: true }
    case 'exchange.credited':
      invariant(
        x.paid && (x.legState === 'failed' || x.legState === 'none') && !x.credited,
        `${x.id} is credited when it is paid and its payout failed`,
      )
      return withException({ ...x, credited: true }, 'payout_failed_after')
    case 'intent.settled':
      return { ...x, paid: true }
    case 'intent.expired':
    case 'intent.canceled':
      return { ...x, released: 'unpaid' }
    default:
      return heardOfPayout(x, fact)
  }
}

type OfPayout = Exclude<AppliedFact, ExchangeFact | { type: `intent.${string}` }>

function heardOfPayout(x: Exchange, fact: OfPayout): Exchange {
  const payout = payoutOf(fact)
  if (x.pay.kind === 'intent' && payout === x.pay.refund) {
    if (fact.type === 'payout.created') return { ...x, refund: 'open' }
    if (fact.type === 'payout.settled' || fact.type === 'payout.failed') {
      return { ...x, refund: fact.type === 'payout.settled' ? 'settled' : 'failed' }
    }
    return x
  }
  invariant(payout === x.leg.payout, `${payout} is a payout of ${x.id}`)
  return { ...x, legState: legAfter(x.legState, fact) }
}

function legAfter(state: LegState, fact: OfPayout): LegState {
  switch (fact.type) {
    case 'payout.created':
    case 'attempt.failed':
      return 'idle'
    case 'attempt.sent':
      return 'moving'
    case 'attempt.settled':
    case 'payout.settled':
      return 'settled'
    case 'payout.failed':
      return 'failed'
    case 'decision.made':
    case 'attempt.unknown':
    case 'attempt.ruled':
    case 'attempt.declined':
    case 'payout.price_seen':
    case 'payout.cancel_asked':
    // An exchange's payout is never paid in parts.
    case 'payout.parted':
    case 'payout.parts_ended':
    case 'payout.part_returned':
    // It was paid; what came back of it is the party's.
    case 'payout.returned':
      return state
    default:
      return unreachable(fact)
  }
}

function created(fact: ExchangeFact & { type: 'exchange.created' }): Exchange {
  const { party, createdBy, pay, toPay, metadata } = fact.data
  return {
    id: fact.id,
    party,
    createdBy,
    createdAt: fact.at,
    ...saidMetadata(metadata),
    pay: readPayData(pay),
    leg: readLegData(toPay),
    held: undefined,
    legState: 'none',
    paid: false,
    doubted: false,
    lost: false,
    released: undefined,
    credited: false,
    covered: false,
    refund: 'none',
    exceptions: [],
  }
}

function withException(x: Exchange, exception: ExchangeException): Exchange {
  return x.exceptions.includes(exception) ? x : { ...x, exceptions: [...x.exceptions, exception] }
}
