import { formatAmount, type Money, money } from '../../money/money.ts'
import type { AttemptId, DecisionId, PayoutId, QuoteId } from '../../ports/ids.ts'
import type { Metadata } from '../../ports/metadata.ts'
import type { Evidence } from '../../ports/outcome.ts'
import type { RailName } from '../../ports/railName.ts'
import type { ReturnMeaning } from '../../ports/returnMeaning.ts'
import type { Change, Destination } from '../../ports/sender.ts'
import {
  type AttemptState,
  type FailureCode,
  type FeeBearer,
  openAttempt,
  type Payout,
  type PayoutException,
  type PayoutReturn,
  type Refusal,
  type Ruling,
} from './payout.ts'

/** An amount for JSON: a decimal string, with the asset's id and its short code. */
export type MoneyView = Readonly<{ amount: string; asset: string; code: string }>

type AttemptView = Readonly<{
  id: AttemptId
  rail: RailName
  destination: number
  outcome: 'pending' | 'settled' | 'failed' | 'unknown'
  amount: MoneyView
  feeMax: MoneyView
  /** What it has otherwise than the first try of the same way. */
  changed?: readonly Change[]
  sentAt: string
  decisionId: DecisionId
  stuck?: true
  /** Why it failed or is unknown. */
  reason?: string
  detail?: string
  /** With which change the same way may be tried next, and from when on. */
  again?: Readonly<{ change: Change; at: string }>
  fee?: MoneyView
  evidence?: Evidence
  /** For operators: who has ended it where its rail did not, and why. `overruled`: the rail said otherwise in time, and was believed. */
  byHand?: Omit<Ruling, 'at'> & Readonly<{ at: string; overruled?: true }>
  /** For parties. */
  endedByHand?: true
}>

type PartView = Readonly<{ id: PayoutId; status: PayoutView['status']; amount: MoneyView; rail?: RailName }>

/** A payout as the API shows it: JSON-ready, amounts as decimal strings, times in ISO 8601. */
export type PayoutView = Readonly<{
  id: PayoutId
  status: 'scheduled' | 'processing' | 'settled' | 'partly_settled' | 'failed' | 'outcome_unknown' | 'returned'
  source: string
  amount: MoneyView
  destinations: readonly Destination[]
  reference: string
  metadata: Metadata
  createdBy: string
  createdAt: string
  attempts: readonly AttemptView[]
  decisionId?: DecisionId
  rail?: RailName
  fee?: MoneyView
  evidence?: Evidence
  exceptions: readonly PayoutException[]
  /** When its first try may be made, and by when its payee is to have good funds. */
  sendAt?: string
  deliverBy?: string
  /** It waits for the cheapest time until then. */
  cheapestBy?: string
  cancelAsked?: true
  /** A fee that was fixed, and who bears it. */
  feeBearer?: FeeBearer
  feeFixed?: MoneyView
  /** The quote that it was made by. */
  quote?: QuoteId
  failure?: Readonly<{ code: FailureCode; reasons: readonly Refusal[] }>
  /** The payouts that pay it, where it is paid in parts, and what they have paid once each has its end. */
  parts?: readonly PartView[]
  paid?: MoneyView
  /** The payout that it is a part of. */
  partOf?: PayoutId
  /** What came back, and what the source was given for it. */
  returned?: Readonly<{ at: string; amount: MoneyView; credited: MoneyView; reason?: string; meaning?: ReturnMeaning }>
}>

export function viewMoney(amount: Money): MoneyView {
  return { amount: formatAmount(amount), asset: amount.asset.id, code: amount.asset.code }
}

/** `parts`: the payouts that pay it, where it is paid in parts. */
export function viewPayout(payout: Payout, parts: readonly Payout[] = []): PayoutView {
  const { id, source, destinations, reference, metadata = {}, createdBy, exceptions, decision, failure, returned } = payout
  const settled = payout.attempts.find((a) => a.settled)
  return {
    id,
    status: statusOf(payout, parts),
    source,
    amount: viewMoney(payout.amount),
    destinations,
    reference,
    metadata,
    createdBy,
    createdAt: new Date(payout.createdAt).toISOString(),
    attempts: payout.attempts.map(viewAttempt),
    ...(decision && { decisionId: decision.id }),
    ...(settled?.settled && { rail: settled.rail, fee: viewMoney(settled.settled.fee), evidence: settled.settled.evidence }),
    ...timesOf(payout),
    ...(payout.cancelAsked && { cancelAsked: true as const }),
    ...(payout.feeBearer && { feeBearer: payout.feeBearer, feeFixed: viewMoney(money(payout.amount.asset, payout.feeMax)) }),
    ...(payout.promised && { quote: payout.promised.quote }),
    exceptions,
    ...(failure && { failure: { code: failure.code, reasons: failure.refusals } }),
    ...(returned && { returned: viewReturn(returned) }),
    ...(payout.parts && { parts: parts.map(viewPart) }),
    ...(payout.paid && { paid: viewMoney(payout.paid) }),
    ...(payout.partOf && { partOf: payout.partOf }),
  }
}

function viewPart(part: Payout): PartView {
  const { id, status, amount, rail } = viewPayout(part)
  return { id, status, amount, ...(rail === undefined ? {} : { rail }) }
}

function timesOf({ sendAt, deliverBy, cheapest }: Payout): Pick<PayoutView, 'sendAt' | 'deliverBy' | 'cheapestBy'> {
  const by = deliverBy === undefined ? undefined : new Date(deliverBy).toISOString()
  return {
    ...(sendAt === undefined ? {} : { sendAt: new Date(sendAt).toISOString() }),
    ...(by === undefined ? {} : { deliverBy: by, ...(cheapest && { cheapestBy: by }) }),
  }
}

function viewReturn({ at, amount, credited, reason, meaning }: PayoutReturn): NonNullable<PayoutView['returned']> {
  const sums = { at: new Date(at).toISOString(), amount: viewMoney(amount), credited: viewMoney(credited) }
  return { ...sums, ...(reason === undefined ? {} : { reason }), ...(meaning && { meaning }) }
}

function statusOf(payout: Payout, parts: readonly Payout[] = []): PayoutView['status'] {
  if (payout.status !== 'open') return payout.status
  if (payout.parts) return parts.some((part) => statusOf(part) === 'outcome_unknown') ? 'outcome_unknown' : 'processing'
  if ((payout.sendAt !== undefined || payout.cheapest) && !payout.decision) return 'scheduled'
  return openAttempt(payout)?.status === 'unknown' ? 'outcome_unknown' : 'processing'
}

function viewAttempt(attempt: AttemptState): AttemptView {
  const { id, rail, destination, status, doubt, failure, ruling, settled } = attempt
  return {
    id,
    rail,
    destination,
    outcome: status === 'sent' ? 'pending' : status,
    amount: viewMoney(attempt.amount),
    feeMax: viewMoney(attempt.feeMax),
    ...(attempt.changed && { changed: attempt.changed }),
    sentAt: new Date(attempt.sentAt).toISOString(),
    decisionId: attempt.decision,
    ...(attempt.stuck && { stuck: true as const }),
    ...(doubt && { detail: doubt }),
    ...(failure && { reason: failure.reason, detail: failure.detail }),
    ...(failure?.again && { again: { change: failure.again.change, at: new Date(failure.again.at).toISOString() } }),
    ...(settled && { fee: viewMoney(settled.fee), evidence: settled.evidence }),
    ...(ruling && { byHand: viewRuling(ruling, status) }),
  }
}

function viewRuling(ruling: Ruling, status: AttemptState['status']): NonNullable<AttemptView['byHand']> {
  const view = { ...ruling, at: new Date(ruling.at).toISOString() }
  const ended = status === 'settled' || status === 'failed'
  return ended && status !== ruling.outcome ? { ...view, overruled: true } : view
}

/** As its party may see it: that operators have ended an attempt, and none of their words. What proves itself, such as a preimage, is the party's too. */
export function viewForParty(view: PayoutView): PayoutView {
  const attempts = view.attempts.map(attemptForParty)
  const { evidence, ...rest } = view
  const proof = attempts.find((attempt) => attempt.outcome === 'settled')?.evidence
  return evidence && proof ? { ...rest, evidence: proof, attempts } : { ...rest, attempts }
}

function attemptForParty({ byHand, ...attempt }: AttemptView): AttemptView {
  if (byHand?.outcome !== attempt.outcome) return attempt
  const { evidence, ...rest } = attempt
  return { ...rest, ...(evidence?.proof !== undefined && { evidence }), endedByHand: true }
}
