import { NANO_USD } from '../../costs/nanoUsd.ts'
import { termName } from '../../costs/termName.ts'
import { formatAmount, money } from '../../money/money.ts'
import type { Change } from '../../ports/sender.ts'
import { type CandidateData, type DecisionData, type RateData, readMoneyData } from '../payoutState/facts.ts'
import type { Payout } from '../payoutState/payout.ts'
import type { DecisionFact } from '../payoutState/payoutRecords.ts'
import { type MoneyView, viewMoney } from '../payoutState/view.ts'
import { type Realised, realisedOf } from './realised.ts'

/** In words, by rank: four tries at most. */
const PLACES: readonly (string | undefined)[] = [undefined, 'first', 'second', 'third', 'fourth']

export type CandidateView = Readonly<{
  rail: string
  destination: number
  verdict: CandidateData['verdict']
  /** One sentence for a person. */
  why: string
  rank?: number
  amount?: MoneyView
  feeMax?: MoneyView
  /** What it has otherwise than the first try of the same way, which failed. */
  changed?: CandidateData['changed']
  successPpm?: string
  /** What the rail says of it, where what was learned says another chance. */
  railPpm?: string
  /** What the rail itself says of its time and its fee, where what was learned or the operator's list says another. */
  railSeconds?: string
  railFeeUsd?: string
  /** When the payee has good funds if it is tried now and pays; undefined in decisions that did not keep it. */
  goodFundsAt?: string
  /** Each term in USD. */
  terms?: Readonly<Record<string, string>>
  dearerByUsd?: string
  /** What else it was judged by. */
  inputs?: Readonly<{ secondsToFunds: string; secondsToFail: string; availableUsd: string }>
  reason?: string
}>

/** What became of it once it was paid: see `realisedOf`. */
type RealisedView = Readonly<{
  rail: string
  feeUsd: string
  feeIs: 'told' | 'expected'
  waitedSeconds: string
  costUsd: string
  expectedUsd: string
  regretUsd: string
  why: string
}>

/** A judgement as the API shows it. Costs are USD as decimal strings. */
export type PlanView = Readonly<{
  at: string
  amount: MoneyView
  worthUsd: string
  attemptsMax: number
  expectedCostUsd: string
  costOfNotPayingUsd: string
  candidates: readonly CandidateView[]
  order: readonly number[]
  wouldChangeIf?: Readonly<{ term: string; nowUsd: string; mustRiseByUsd: string; inFavourOf: number | null; why: string }>
  rates: readonly RateData[]
  /** What trying the cheapest fee first was expected to cost by the same terms. */
  cheapestFirstCostUsd?: string
  /** What a second of waiting was worth, and capital: in nano-USD, and in parts per trillion of the amount. */
  prices?: DecisionData['prices']
  /** Which version of its party's routing policy it was judged by; absent where it has none. */
  policy?: DecisionData['policy']
  /** What the plan of its batch said of it: by which way, and by how much another had to cost less. */
  planned?: Readonly<{ rail: string; destination: number; preferUsd: string }>
  /** The parts in which it is paid, where it is too much for each way. */
  parts?: readonly Readonly<{ rail: string; destination: number; amount: MoneyView; expectedCostUsd: string; why: string }>[]
  /** Why it was sent when it was, where it could wait for a cheaper time. */
  timing?: Readonly<{ cheapestBy: string; reason: string; why: string; costUsd: string; lowestUsd?: string }>
}>

/** The record of a decision. */
export type DecisionView = PlanView & Readonly<{ id: string; payoutId: string; realised?: RealisedView }>

/** The record of a decision, and what it came to where its payout has been paid by it. */
export function viewDecision(fact: DecisionFact, payout: Payout | undefined): DecisionView {
  const plan = viewPlan(fact.data, fact.at)
  const realised = payout && realisedOf(fact, payout)
  return { ...plan, id: fact.id, payoutId: fact.data.payout, ...(realised && { realised: viewRealised(realised) }) }
}

function viewRealised(r: Realised): RealisedView {
  const [cost, expected, regret] = [r.costNano, r.expectedNano, r.regretNano].map((nano) => usd(`${nano}`)) as [string, string, string] // As many as were given.
  const than = r.costNano > r.expectedNano ? `${usd(`${r.costNano - r.expectedNano}`)} USD more than` : 'no more than'
  const other = r.cheaper === undefined ? 'no other way was reckoned to cost less' : `${r.cheaper} was reckoned to cost ${regret} USD less`
  return {
    rail: r.rail,
    feeUsd: usd(`${r.feeNano}`),
    feeIs: r.feeKnown ? 'told' : 'expected',
    waitedSeconds: `${r.waitedSeconds}`,
    costUsd: cost,
    expectedUsd: expected,
    regretUsd: regret,
    why: `It cost ${cost} USD, ${than} ${expected} USD as expected; ${other}.`,
  }
}

/** Every candidate with its cost, term by term, its verdict, and what would have changed the choice. */
export function viewPlan(data: DecisionData, at: number): PlanView {
  const change = data.wouldChangeIf
  return {
    at: new Date(at).toISOString(),
    amount: viewMoney(readMoneyData(data.amount)),
    worthUsd: usd(data.worthNano),
    attemptsMax: data.attemptsMax,
    expectedCostUsd: usd(data.expectedNano),
    costOfNotPayingUsd: usd(data.lostNano),
    candidates: data.candidates.map((c) => viewCandidate(c, at)),
    order: data.order,
    rates: data.rates,
    ...(data.cheapestFirstNano !== undefined && { cheapestFirstCostUsd: usd(data.cheapestFirstNano) }),
    ...(data.prices && { prices: data.prices }),
    ...(data.policy && { policy: data.policy }),
    ...(data.planned && { planned: viewPlanned(data.planned) }),
    ...(data.parts && { parts: data.parts.map(viewPart) }),
    ...(data.timing && { timing: viewTiming(data.timing) }),
    ...(change && {
      wouldChangeIf: {
        term: termName(change.term),
        nowUsd: usd(change.termNano),
        mustRiseByUsd: usd(change.mustRiseByNano),
        inFavourOf: change.inFavourOf ?? null,
        why: changeSentence(change, data.candidates),
      },
    }),
  }
}

function viewTiming({ by, why, costNano, lowestNano }: NonNullable<DecisionData['timing']>): NonNullable<PlanView['timing']> {
  const words = {
    nothing_can_be_cheaper: 'Sent at once: no way can become cheaper by a tenth of a cent.',
    low_enough: 'Sent when it was as cheap as it had been, or near enough for what time was left.',
    last_time: 'Sent at its last look: another might have been too late for its payee to have good funds by then.',
  }
  const lowest = lowestNano === undefined ? {} : { lowestUsd: usd(lowestNano) }
  return { cheapestBy: new Date(by).toISOString(), reason: why, why: words[why], costUsd: usd(costNano), ...lowest }
}

function viewPart({ rail, destination, amount, costNano }: NonNullable<DecisionData['parts']>[number]) {
  const part = viewMoney(readMoneyData(amount))
  const why = `${part.amount} ${part.code} of it by ${rail}, which is expected to cost ${usd(costNano)} USD.`
  return { rail, destination, amount: part, expectedCostUsd: usd(costNano), why }
}

function viewPlanned({ rail, destination, preferNano }: NonNullable<DecisionData['planned']>) {
  return { rail, destination, preferUsd: usd(preferNano) }
}

function viewCandidate(c: CandidateData, at: number): CandidateView {
  return {
    rail: c.rail,
    destination: c.destination,
    verdict: c.verdict,
    why: sentence(c),
    ...(c.rank !== undefined && { rank: c.rank }),
    ...(c.amount && { amount: viewMoney(readMoneyData(c.amount)) }),
    ...(c.feeMax && { feeMax: viewMoney(readMoneyData(c.feeMax)) }),
    ...(c.changed && { changed: c.changed }),
    ...(c.successPpm !== undefined && { successPpm: c.successPpm }),
    ...(c.railPpm !== undefined && { railPpm: c.railPpm }),
    ...(c.railSeconds !== undefined && { railSeconds: c.railSeconds }),
    ...(c.railFeeNano !== undefined && { railFeeUsd: usd(c.railFeeNano) }),
    ...(c.secondsToFunds !== undefined && { goodFundsAt: fundsAt(at, c.secondsToFunds) }),
    ...(c.terms && { terms: Object.fromEntries(Object.entries(c.terms).map(([name, nano]) => [name, usd(nano)])) }),
    ...(c.dearerByNano !== undefined && { dearerByUsd: usd(c.dearerByNano) }),
    ...inputsOf(c),
    ...(c.reason !== undefined && { reason: c.reason }),
  }
}

function inputsOf({ secondsToFunds, secondsToFail, availableNano }: CandidateData): Pick<CandidateView, 'inputs'> {
  if (secondsToFunds === undefined || secondsToFail === undefined || availableNano === undefined) return {}
  return { inputs: { secondsToFunds, secondsToFail, availableUsd: usd(availableNano) } }
}

function fundsAt(at: number, seconds: string): string {
  return new Date(at + Number.parseInt(seconds, 10) * 1_000).toISOString() // not money: a time
}

const CHANGED: Readonly<Record<Change, string>> = {
  fee_limit: 'a higher limit on its fee',
  more_parts: 'more and smaller parts',
  fresh_invoice: 'a fresh invoice',
  later: 'time to recover',
  next_window: 'the next window of its bank',
}

function sentence(c: CandidateData): string {
  const changes = (c.changed ?? []).map((change) => CHANGED[change])
  return changes.length === 0 ? verdictOf(c) : `${verdictOf(c)} It failed before, and has ${changes.join(' and ')} now.`
}

function verdictOf(c: CandidateData): string {
  if (c.rank === 1) return 'Tried first: the least full expected cost.'
  if (c.rank !== undefined)
    return `Tried ${PLACES[c.rank] ?? 'later'}, if those before it fail; ${usd(c.dearerByNano ?? '0')} USD dearer in the first place.`
  if (c.verdict === 'dearer')
    return `${usd(c.dearerByNano ?? '0')} USD dearer in the first place, and not worth a try among those that are left.`
  return `${c.verdict === 'cut' ? 'Not worth trying' : 'Impossible'}: ${c.detail ?? c.reason ?? 'no reason was recorded'}.`
}

function changeSentence(
  change: { term: string; mustRiseByNano: string; inFavourOf?: number },
  candidates: readonly CandidateData[],
): string {
  const other = change.inFavourOf === undefined ? 'nothing would be tried' : `${candidates[change.inFavourOf]!.rail} would be tried first`
  return `If ${termName(change.term)} rose by ${usd(change.mustRiseByNano)} USD, ${other}.`
}

function usd(nano: string): string {
  return formatAmount(money(NANO_USD, BigInt(nano)))
}
