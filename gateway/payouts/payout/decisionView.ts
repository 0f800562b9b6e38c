import { formatAmount, money } from '../../money/money.ts'
import { type CandidateData, type RateData, readMoneyData } from './facts.ts'
import type { DecisionFact } from './payoutRecords.ts'
import { type MoneyView, viewMoney } from './view.ts'

/** A cost in nano-USD shown in dollars, to the nano. */
const NANO_USD = { id: 'USD', code: 'USD', scale: 9, ledger: 0 }

type CandidateView = Readonly<{
  rail: string
  destination: number
  verdict: CandidateData['verdict']
  /** One sentence for a person. */
  why: string
  rank?: number
  amount?: MoneyView
  feeMax?: MoneyView
  successPpm?: string
  /** What the rail says of it, where what was learned says another chance. */
  railPpm?: string
  /** When the payee has good funds if it is tried now and pays; undefined in decisions that did not keep it. */
  goodFundsAt?: string
  /** Each term in USD. */
  terms?: Readonly<Record<string, string>>
  dearerByUsd?: string
  reason?: string
}>

/** A decision as the API shows it. Costs are USD as decimal strings. */
export type DecisionView = Readonly<{
  id: string
  payoutId: string
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
}>

/** The record of a decision: every candidate with its cost, term by term, its verdict, and what would have changed the choice. */
export function viewDecision({ id, at, data }: DecisionFact): DecisionView {
  const change = data.wouldChangeIf
  return {
    id,
    payoutId: data.payout,
    at: new Date(at).toISOString(),
    amount: viewMoney(readMoneyData(data.amount)),
    worthUsd: usd(data.worthNano),
    attemptsMax: data.attemptsMax,
    expectedCostUsd: usd(data.expectedNano),
    costOfNotPayingUsd: usd(data.lostNano),
    candidates: data.candidates.map((c) => viewCandidate(c, at)),
    order: data.order,
    rates: data.rates,
    ...(change && {
      wouldChangeIf: {
        term: change.term,
        nowUsd: usd(change.termNano),
        mustRiseByUsd: usd(change.mustRiseByNano),
        inFavourOf: change.inFavourOf ?? null,
        why: changeSentence(change, data.candidates),
      },
    }),
  }
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
    ...(c.successPpm !== undefined && { successPpm: c.successPpm }),
    ...(c.railPpm !== undefined && { railPpm: c.railPpm }),
    ...(c.secondsToFunds !== undefined && { goodFundsAt: fundsAt(at, c.secondsToFunds) }),
    ...(c.terms && { terms: Object.fromEntries(Object.entries(c.terms).map(([name, nano]) => [name, usd(nano)])) }),
    ...(c.dearerByNano !== undefined && { dearerByUsd: usd(c.dearerByNano) }),
    ...(c.reason !== undefined && { reason: c.reason }),
  }
}

function fundsAt(at: number, seconds: string): string {
  return new Date(at + Number.parseInt(seconds, 10) * 1_000).toISOString() // not money: a time
}

function sentence(c: CandidateData): string {
  if (c.rank === 1) return 'Tried first: the least full expected cost.'
  if (c.rank !== undefined) return `Tried ${c.rank}. if those before it fail; ${usd(c.dearerByNano ?? '0')} USD dearer in the first place.`
  if (c.verdict === 'dearer')
    return `${usd(c.dearerByNano ?? '0')} USD dearer in the first place, and not worth a try among those that are left.`
  return `${c.verdict === 'cut' ? 'Not worth trying' : 'Impossible'}: ${c.detail ?? c.reason ?? 'no reason was recorded'}.`
}

function changeSentence(
  change: { term: string; mustRiseByNano: string; inFavourOf?: number },
  candidates: readonly CandidateData[],
): string {
  const other = change.inFavourOf === undefined ? 'nothing would be tried' : `${candidates[change.inFavourOf]!.rail} would be tried first`
  return `If ${change.term} rose by ${usd(change.mustRiseByNano)} USD, ${other}.`
}

function usd(nano: string): string {
  return formatAmount(money(NANO_USD, BigInt(nano)))
}
