import type { NanoUsd, RouterPolicy } from '../../costs/policy.ts'
import type { Valuer } from '../../costs/valuer.ts'
import { whereAvailable } from '../../errors/gatewayError.ts'
import { max } from '../../money/integers.ts'
import { type CandidateData, type DecisionData, type TermsData, toMoneyData, toSharesData } from '../payoutState/facts.ts'
import { type Payout, triesOf } from '../payoutState/payout.ts'
import type { Decide } from '../payoutState/policy.ts'
import type { QuotedCandidate } from '../payoutState/quotedCandidate.ts'
import { cheapestFirst } from '../router/cheapestFirst.ts'
import type { DecideInput, Plan, Verdict } from '../router/decide.ts'
import { priceTerms, type Terms } from '../router/terms.ts'
import { type Sensitivity, wouldChangeIf } from '../router/wouldChangeIf.ts'

/** Judges the candidates and writes down everything that the judgement rests on: the data of `decision.made`. */
export function makeDecision(
  payout: Payout,
  quoted: readonly QuotedCandidate[],
  o: { valuer: Valuer; decide: Decide; router: RouterPolicy; rule?: DecisionData['policy']; planned?: DecisionData['planned'] },
): DecisionData {
  const amountNano = worth(payout, o.valuer)
  const policy = o.router
  // A policy that lets it be tried no more has shut all ways before, and says so.
  const attemptsMax = max(policy.attemptsMax - triesOf(payout), 1)
  const input: DecideInput = { amountNano, candidates: quoted.map((q) => q.candidate), policy, attemptsMax }
  const plan = o.decide(input, quoted)
  const sensitivity = wouldChangeIf(input, plan)
  const rates = o.valuer.used().map(({ from, to, num, den, observedAt, source }) => ({
    from: from.id,
    to: to.id,
    num: num.toString(),
    den: den.toString(),
    observedAt,
    source,
  }))
  return {
    payout: payout.id,
    amount: toMoneyData(payout.amount),
    worthNano: amountNano.toString(),
    attemptsMax,
    candidates: quoted.map((q, place) => candidateData(q, plan.verdicts[place]!, { input, plan })),
    order: plan.order,
    ...(plan.aside.length > 0 && { aside: plan.aside }),
    expectedNano: plan.expectedNano.toString(),
    lostNano: plan.lostNano.toString(),
    rates,
    prices: { waitNanoPerSecond: `${policy.waitNanoPerSecond}`, capitalPptPerSecond: `${policy.capitalPptPerSecond}` },
    cheapestFirstNano: cheapestFirst(input, plan).toString(),
    ...(o.rule && { policy: o.rule }),
    ...(o.planned && { planned: o.planned }),
    ...(sensitivity && { wouldChangeIf: sensitivityData(sensitivity) }),
  }
}

/** Without a rate for the source's asset only the book rail is possible, and its order does not depend on the worth. */
export function worth(payout: Pick<Payout, 'amount'>, valuer: Valuer): NanoUsd {
  return whereAvailable(() => valuer.nano(payout.amount, 'up')) ?? 0n
}

function candidateData(
  { candidate, quote, railPpm, railSeconds, railFeeNano }: QuotedCandidate,
  verdict: Verdict,
  { input, plan }: Readonly<{ input: DecideInput; plan: Plan }>,
): CandidateData {
  const { rail, destination } = candidate
  const way = { rail, destination, verdict: verdict.kind }
  if (candidate.kind === 'impossible' || verdict.kind === 'impossible') {
    const why = candidate.kind === 'impossible' ? { reason: candidate.reason, detail: candidate.detail } : {}
    return { ...way, ...why }
  }
  return {
    ...way,
    ...(verdict.kind === 'chosen' && { rank: verdict.rank }),
    ...(quote && { amount: toMoneyData(quote.amount), feeMax: toMoneyData(quote.feeMax), ...toSharesData(quote.shares) }),
    ...(quote?.changed && { changed: quote.changed }),
    successPpm: candidate.successPpm.toString(),
    ...(railPpm !== undefined && { railPpm: railPpm.toString() }),
    secondsToFunds: candidate.secondsToFunds.toString(),
    ...(railSeconds !== undefined && { railSeconds: railSeconds.toString() }),
    ...(railFeeNano !== undefined && { railFeeNano: railFeeNano.toString() }),
    secondsToFail: candidate.secondsToFail.toString(),
    availableNano: candidate.availableNano.toString(),
    terms: termsData(priceTerms(candidate, input.amountNano, input.policy)),
    dearerByNano: verdict.dearerByNano.toString(),
    ...(verdict.kind === 'cut' && { reason: 'costs_more_than_not_paying' as const, detail: cutDetail(plan) }),
  }
}

function cutDetail(plan: Plan): string {
  return `a success would cost at least ${plan.lostNano} nano-USD, what not paying is reckoned to cost`
}

/** Member by member: what takes any object apart takes longer than the judgement. */
function termsData({ success: s, failure: f }: Terms): TermsData {
  const terms: Readonly<Record<keyof Terms['success'] | keyof Terms['failure'], string>> = {
    fee: `${s.fee}`,
    gas: `${s.gas}`,
    batchShare: `${s.batchShare}`,
    fxSpread: `${s.fxSpread}`,
    fxRisk: `${s.fxRisk}`,
    waitForFunds: `${s.waitForFunds}`,
    capitalLocked: `${s.capitalLocked}`,
    reversal: `${s.reversal}`,
    preference: `${s.preference}`,
    liquidity: `${s.liquidity}`,
    failureFee: `${f.failureFee}`,
    waitForFailure: `${f.waitForFailure}`,
    unknown: `${f.unknown}`,
  }
  return terms
}

function sensitivityData(s: Sensitivity): NonNullable<DecisionData['wouldChangeIf']> {
  const amounts = { term: s.term, termNano: s.termNano.toString(), mustRiseByNano: s.mustRiseByNano.toString() }
  return s.inFavourOf === undefined ? amounts : { ...amounts, inFavourOf: s.inFavourOf }
}
