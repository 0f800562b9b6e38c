import { NANO_PER_UNIT } from '../../costs/nanoUsd.ts'
import type { NanoUsd } from '../../costs/policy.ts'
import { costOfWaiting } from '../../costs/waiting.ts'
import { ceilDiv } from '../../money/integers.ts'
import { mulDiv } from '../../money/money.ts'
import type { RailName } from '../../ports/railName.ts'
import type { CandidateData, DecisionData, TermsData } from '../payoutState/facts.ts'
import type { AttemptState, Payout } from '../payoutState/payout.ts'
import type { DecisionFact } from '../payoutState/payoutRecords.ts'
import { successSum } from './termSums.ts'

/**
 * What a decision came to. `feeKnown`: the rail told its fee with the outcome; else it comes by the rail's own stream, and the expected one stands here.
 * `regretNano`: by how much the cheapest other way was reckoned to cost less, had it paid; 0 when none was.
 */
export type Realised = Readonly<{
  rail: RailName
  feeNano: NanoUsd
  feeKnown: boolean
  waitedSeconds: bigint
  costNano: NanoUsd
  expectedNano: NanoUsd
  regretNano: NanoUsd
  cheaper: string | undefined
}>

/** What is known anew once it is paid; the rest stands as it was reckoned. */
const KNOWN: readonly string[] = ['fee', 'gas', 'waitForFunds', 'capitalLocked']

/** Computed from the facts alone; undefined until a try of this decision has paid, and for decisions that did not keep their prices. */
export function realisedOf({ id, at, data }: DecisionFact, payout: Payout): Realised | undefined {
  const paid = payout.attempts.find((attempt) => attempt.settled && attempt.decision === id)
  const own = paid && candidateOf(data, paid)
  if (!paid?.settled || !own?.terms || !data.prices) return undefined
  // A rail whose fees come later may know one already: a chain's receipt has the gas. One that does not says 0.
  const isTold = paid.feesComeBy === 'outcome' || paid.settled.fee.units > 0n
  const told = isTold ? inNano(data, paid.settled.fee) : undefined
  const expectedFee = term(own.terms, 'fee') + term(own.terms, 'gas')
  const feeNano = told ?? expectedFee
  const waitedSeconds = secondsBetween(at, paid.settled.evidence.at)
  const waited = costOfWaiting(
    { seconds: waitedSeconds, amountSeconds: BigInt(data.worthNano) * waitedSeconds },
    { waitNanoPerSecond: BigInt(data.prices.waitNanoPerSecond), capitalPptPerSecond: BigInt(data.prices.capitalPptPerSecond) },
  )
  const costNano = feeNano + waited + successSum(own.terms, KNOWN) + lostOnTheWay(id, data, payout)
  const others = data.candidates.filter((c) => c !== own && c.terms !== undefined)
  const best = others.reduce<CandidateData | undefined>((least, c) => (least && costOf(least) <= costOf(c) ? least : c), undefined)
  const regretNano = best && costOf(best) < costNano ? costNano - costOf(best) : 0n
  const cheaper = best && regretNano > 0n ? best.rail : undefined
  return { rail: paid.rail, feeNano, feeKnown: told !== undefined, waitedSeconds, costNano, expectedNano: costOf(own), regretNano, cheaper }
}

function candidateOf({ candidates }: DecisionData, { rail, destination }: Pick<AttemptState, 'rail' | 'destination'>) {
  return candidates.find((c) => c.rail === rail && c.destination === destination && c.terms !== undefined)
}

/** F of a candidate, as it was reckoned. */
function costOf({ terms = {} }: CandidateData): NanoUsd {
  return successSum(terms)
}

function term(terms: TermsData, name: string): NanoUsd {
  return BigInt(terms[name] ?? 0)
}

/** Fees of the tries that failed before; their time is in the waiting already. */
function lostOnTheWay(id: string, data: DecisionData, { attempts }: Payout): NanoUsd {
  const failed = attempts.filter((attempt) => attempt.decision === id && attempt.status === 'failed')
  return failed.reduce((sum, attempt) => sum + term(candidateOf(data, attempt)?.terms ?? {}, 'failureFee'), 0n)
}

/** At the decision's own rate, rounded up; undefined when it had none for this asset. */
function inNano({ rates }: DecisionData, { asset, units }: AttemptState['amount']): NanoUsd | undefined {
  if (asset.id === 'USD') return units * NANO_PER_UNIT
  const rate = rates.find(({ from, to }) => from === asset.id && to === 'USD')
  if (rate) return mulDiv(units, BigInt(rate.num) * NANO_PER_UNIT, BigInt(rate.den), 'up')
  return units === 0n ? 0n : undefined
}

function secondsBetween(from: number, to: number): bigint {
  return to <= from ? 0n : ceilDiv(BigInt(to - from), 1_000n)
}
