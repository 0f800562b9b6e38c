import { invariant, unreachable } from '../../errors/invariant.ts'
import { money } from '../../money/money.ts'
import type { AttemptId } from '../../ports/ids.ts'
import { saidMetadata } from '../../ports/metadata.ts'
import type { RailName } from '../../ports/railName.ts'
import { type AttemptData, type DecisionData, type PayoutFact, type PlannedData, readMoneyData, readSharesData } from './facts.ts'
import {
  type AttemptState,
  type Decision,
  openAttempt,
  type Payout,
  type PlannedWay,
  passingReasons,
  type Quote,
  type Refusal,
} from './payout.ts'

/** The payout after one more fact about it. A fact that cannot follow what stands is an impossible state. */
export function evolve(payout: Payout | undefined, fact: PayoutFact): Payout {
  if (fact.type === 'payout.created') {
    invariant(!payout, `${fact.id} was created twice`)
    return created(fact)
  }
  invariant(payout, `${fact.type} ${fact.id} speaks of a payout that was not created`)
  if (fact.type === 'attempt.ruled') return ruled(payout, fact)
  // It may have had its end while somebody asked.
  if (fact.type === 'payout.cancel_asked') return payout.status === 'open' ? { ...payout, cancelAsked: true } : payout
  if (fact.type === 'payout.part_returned') return withPartBack(payout, fact)
  const after = fact.type === 'payout.returned' ? 'settled' : 'open'
  invariant(payout.status === after, `${fact.type} ${fact.id} came after ${payout.id} was ${payout.status}`)
  switch (fact.type) {
    case 'decision.made':
      return { ...payout, decision: timed(payout, readDecision(fact.id, fact.at, fact.data), fact.at) }
    case 'payout.price_seen':
      return { ...payout, lowestNano: BigInt(fact.data.costNano) }
    case 'attempt.sent':
      return { ...payout, attempts: [...payout.attempts, readAttempt(fact.id, fact.at, fact.data)] }
    case 'attempt.declined': {
      const failure = readFailure(fact.data)
      const declined: AttemptState = { ...readAttempt(fact.id, fact.at, fact.data), status: 'failed', failure }
      return { ...payout, attempts: [...payout.attempts, declined] }
    }
    case 'attempt.unknown':
      return withAttempt(payout, fact.id, (a) => ({
        ...a,
        status: 'unknown',
        stuck: fact.data.stuck,
        doubt: fact.data.detail || undefined,
      }))
    case 'attempt.failed': {
      const failure = readFailure(fact.data)
      return withAttempt(payout, fact.id, (a) => ({ ...a, status: 'failed', stuck: false, doubt: undefined, failure }))
    }
    case 'attempt.settled': {
      const settled = { evidence: fact.data.evidence, fee: readMoneyData(fact.data.fee) }
      return withAttempt(payout, fact.id, (a) => ({ ...a, status: 'settled', stuck: false, doubt: undefined, settled }))
    }
    case 'payout.parted': {
      const parts = fact.data.parts.map(({ id, amount }) => ({ id, units: BigInt(amount.units) }))
      const sum = parts.reduce((all, { units }) => all + units, 0n)
      invariant(!payout.parts && !openAttempt(payout) && sum === payout.amount.units, `${fact.id} is parted once, and wholly`)
      return { ...payout, parts }
    }
    case 'payout.parts_ended': {
      const { outcome, paid, back = [] } = fact.data
      const failure = outcome === 'failed' ? { code: 'attempts_failed' as const, refusals: [] } : undefined
      const ended: Payout = { ...payout, status: outcome, paid: readMoneyData(paid), failure }
      // What came back between the sum and its fact is not in the sum.
      const late = payout.partsBack?.filter(({ id }) => !back.includes(id)) ?? []
      return late.reduce((known, { units }) => lessPaid(known, units), ended)
    }
    case 'payout.settled':
      return { ...payout, status: 'settled', exceptions: fact.data.exceptions }
    case 'payout.failed':
      return { ...payout, status: 'failed', failure: { code: fact.data.code, refusals: fact.data.refusals } }
    case 'payout.returned': {
      const { amount, credited, reason, meaning } = fact.data
      const returned = { at: fact.at, amount: readMoneyData(amount), credited: readMoneyData(credited), reason, meaning }
      return { ...payout, status: 'returned', returned }
    }
    default:
      return unreachable(fact)
  }
}

/** A part comes back once. While others are open it is kept for the sum at the end; afterwards it takes from what was paid. */
function withPartBack(payout: Payout, { data }: PayoutFact & { type: 'payout.part_returned' }): Payout {
  const known = payout.partsBack ?? []
  if (known.some(({ id }) => id === data.part)) return payout
  const units = BigInt(data.amount.units)
  const back = { ...payout, partsBack: [...known, { id: data.part, units }] }
  return payout.status === 'open' ? back : lessPaid(back, units)
}

function lessPaid(payout: Payout, units: bigint): Payout {
  const { paid } = payout
  invariant(paid && paid.units >= units, `${payout.id} has paid what came back`)
  return { ...payout, paid: money(paid.asset, paid.units - units), status: paid.units === units ? 'returned' : 'partly_settled' }
}

function created(fact: PayoutFact & { type: 'payout.created' }): Payout {
  const { source, amount, destinations, reference, createdBy, hold, sendBy, behalf, feeMax, ownFeeMax, metadata } = fact.data
  const { sendAt, deliverBy, feeBearer, promised, partsMax, partOf, way, holdLeg, planned, cheapest } = fact.data
  return {
    id: fact.id,
    source,
    amount: readMoneyData(amount),
    destinations,
    reference,
    ...saidMetadata(metadata),
    createdBy,
    createdAt: fact.at,
    hold,
    behalf: behalf ?? { account: source },
    feeMax: BigInt(feeMax ?? 0),
    ...(ownFeeMax === undefined ? {} : { ownFeeMax: BigInt(ownFeeMax) }),
    ...(sendAt === undefined ? {} : { sendAt }),
    ...(deliverBy === undefined ? {} : { deliverBy }),
    ...(cheapest ? { cheapest } : {}),
    ...(feeBearer === undefined ? {} : { feeBearer }),
    ...(promised === undefined ? {} : { promised: { quote: promised.quote, amount: readMoneyData(promised.amount) } }),
    ...(partsMax === undefined ? {} : { partsMax }),
    ...(partOf === undefined ? {} : { partOf }),
    ...(way === undefined ? {} : { way }),
    ...(holdLeg === undefined ? {} : { holdLeg }),
    ...(planned === undefined ? {} : { planned: readPlanned(planned) }),
    sendBy,
    status: 'open',
    decision: undefined,
    attempts: [],
    exceptions: [],
    failure: undefined,
    returned: undefined,
  }
}

function readPlanned({ preferNano, costNano, ...way }: PlannedData): PlannedWay {
  return { ...way, preferNano: BigInt(preferNano), ...(costNano !== undefined && { costNano: BigInt(costNano) }) }
}

function readDecision(id: Decision['id'], at: number, data: DecisionData): Decision {
  const order = data.order.map((place): Quote => {
    const candidate = data.candidates[place]!
    const { rail, destination, amount, feeMax, changed } = candidate
    invariant(amount && feeMax, `${id} chose a candidate without an amount`)
    const shares = readSharesData(candidate)
    // What was chosen has been asked of a rail, so this is its name and not only its kind.
    const quote = { rail: rail as RailName, destination, amount: readMoneyData(amount), feeMax: readMoneyData(feeMax), shares }
    return changed ? { ...quote, changed } : quote
  })
  // A plan from before fees had budgets is as old as can be, so that it is made anew.
  const bounded = order.every(({ rail, shares }) => rail === 'book' || shares)
  const refusals = data.candidates.flatMap(({ rail, destination, reason, detail }): Refusal[] =>
    reason === undefined ? [] : [{ rail, destination, reason, detail: detail ?? '' }],
  )
  const aside = data.aside?.map((place) => {
    const { rail, destination } = data.candidates[place]!
    return { rail: rail as RailName, destination } // As of what was chosen.
  })
  return { id, at: bounded ? at : 0, order, refusals, ...(aside && { aside }) }
}

/** A plan that says what the last one said is not written, so the time is kept from one that is. */
function timed(payout: Payout, decision: Decision, at: number): Decision {
  const passing = decision.order.length > 0 ? [] : passingReasons(decision)
  const unpriced = passing.length > 0 && passing.every((reason) => reason === 'rate_unavailable')
  if (unpriced) return { ...decision, unpricedSince: payout.decision?.unpricedSince ?? at }
  return passing.includes('waits_for_planned') ? { ...decision, waitsSince: payout.decision?.waitsSince ?? at } : decision
}

function readAttempt(id: AttemptId, at: number, data: AttemptData): AttemptState {
  const { rail, destination, decision, feesComeBy, feeHeld, reservation, railKey, changed } = data
  return {
    id,
    decision,
    rail,
    destination,
    amount: readMoneyData(data.amount),
    feeMax: readMoneyData(data.feeMax),
    shares: readSharesData(data),
    purses: data.purses ?? 0,
    sentAt: at,
    reservation,
    feesComeBy,
    feeHeld,
    ...(railKey === undefined ? {} : { railKey }),
    ...(changed && { changed }),
    status: 'sent',
    stuck: false,
    doubt: undefined,
    ruling: undefined,
    failure: undefined,
    settled: undefined,
  }
}

function readFailure({
  reason,
  detail,
  again,
}: Extract<PayoutFact, { type: 'attempt.failed' }>['data']): NonNullable<AttemptState['failure']> {
  return again ? { reason, detail, again } : { reason, detail }
}

/** The rail may have said it while operators decided; then they were too late, and what the rail said stands. */
function ruled(payout: Payout, { id, at, data: { payout: _, ...said } }: PayoutFact & { type: 'attempt.ruled' }): Payout {
  return openAttempt(payout)?.id === id ? withAttempt(payout, id, (a) => ({ ...a, ruling: { ...said, at } })) : payout
}

/** Only the last attempt can change, and only while it has no outcome. */
function withAttempt(payout: Payout, id: AttemptId, next: (attempt: AttemptState) => AttemptState): Payout {
  const last = payout.attempts.at(-1)
  invariant(last?.id === id, `${id} is not the last attempt of ${payout.id}`)
  invariant(last.status === 'sent' || last.status === 'unknown', `${id} has its outcome already: ${last.status}`)
  return { ...payout, attempts: [...payout.attempts.slice(0, -1), next(last)] }
}
