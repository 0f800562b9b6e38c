import type { MoneyText } from '../../audit/receipt/moneyText.ts'
import type { Receipt } from '../../audit/receipt/receipt.ts'
import type { Fact } from '../../ports/books.ts'
import type { EntryId, Hex } from '../../ports/ids.ts'
import { type RailName, railKind } from '../../ports/railName.ts'
import { type RequestFact, readRequestFact } from '../claim/facts.ts'
import { isByVoucher } from '../claim/paidRequest.ts'
import { FAILED_STATUS_MIN } from '../claim/paidRequests.ts'
import { readDisputeFact } from '../dispute/facts.ts'
import { readIntentFact } from '../intent/facts.ts'
import { readPassFact } from '../pass/facts.ts'
import { type RefundEnd, readGivenFact, readRefundFact } from '../refund/facts.ts'
import { chainEvidence } from '../settlement/chainEvidence.ts'
import { readSettlementFact } from '../settlement/facts.ts'

/**
 * `held`: the payer's word is good and nothing was taken. `collecting`: the work is done and its money is being taken; what came of it is not known.
 * `refund_due`: the money was taken, the work was not delivered or a budget has ended with money left, and what goes back is kept for the payer. `failed`:
 * nothing was taken, and nothing will be.
 */
export type PaymentState = 'held' | 'collecting' | 'settled' | 'failed' | 'refund_due' | 'refunded'

/** What proves it: of a chain its transaction and block, of Lightning the payment's hash, of all the entry in the books. */
type PaymentEvidence = Readonly<{
  entry: EntryId
  transaction?: Hex
  block?: string
  blockHash?: Hex
  paymentHash?: string
}>

/** `reason`: why it failed, why money was not given back, or that its seller gave it back. `changedAt` in ms. */
export type PaymentStatus = Readonly<{
  state: PaymentState
  reason?: string
  /** A dispute of it, or of a part, is not decided. */
  disputed: boolean
  /** What is taken of a maximum, once that is known. */
  charged?: MoneyText
  evidence: PaymentEvidence
  changedAt: number
}>

/**
 * `request`: of a paid request. `takenBack`: by its chain, until it has come again. `goesBack`: all of it does as long as its money is here. `refunds`: what
 * its payee has given back, in units, and the refunds that have no end yet; undefined where nothing was. `disputes`: that are not decided.
 */
type Standing = PaymentStatus &
  Readonly<{ request: boolean; goesBack: boolean; takenBack: boolean; disputes: ReadonlySet<string>; refunds?: Refunds | undefined }>
type Refunds = Readonly<{ open: ReadonlySet<string>; given: bigint; paid: bigint }>

/** What became of the payment of this receipt, as these facts tell it, in their order. Once money waits to go back, `gone` says whether it has. */
export function paymentStatus(receipt: Receipt, facts: readonly Fact[], gone: () => boolean): PaymentStatus {
  const standing = facts.reduce((before, fact) => statusAfter(before, fact, receipt), statusOf(receipt))
  const { request: _, goesBack: __, takenBack: ___, refunds, disputes, ...told } = standing
  const status = { ...told, disputed: disputes.size > 0 }
  if (status.state !== 'refund_due' || (refunds && refunds.open.size > 0)) return status
  return gone() ? { ...status, state: 'refunded' } : status
}

/** As the receipt itself says. */
function statusOf({ state, entry, issued_at: at, payment, rail }: Receipt): Standing {
  const paymentHash = rail === 'lightning' ? /^lightning:([0-9a-f]{64})$/.exec(payment)?.[1] : undefined
  return {
    state: state === 'settled' ? 'settled' : 'held',
    evidence: { entry, ...(paymentHash ? { paymentHash } : {}) },
    changedAt: Date.parse(at),
    request: !payment.startsWith('pi_'),
    goesBack: false,
    takenBack: false,
    disputed: false,
    disputes: new Set(),
  }
}

/** The status after one more fact about it. */
function statusAfter(status: Standing, fact: Fact, { rail, payment }: Receipt): Standing {
  return (
    afterSettlement(status, fact) ??
    afterIntent(status, fact) ??
    afterRequest(status, fact, { rail, byVoucher: isByVoucher({ claimKey: payment }) }) ??
    afterPass(status, fact) ??
    afterRefund(status, fact, rail) ??
    afterDispute(status, fact) ??
    status
  )
}

/** Its seller gave it back, of its own will. What a balance paid is there again; what came from outside waits for its payer. */
function afterRefund(status: Standing, fact: Fact, rail: RailName): Standing | undefined {
  const known = readGivenFact(fact)
  if (!known) return afterRefundOfItsOwn(status, fact)
  if (known.data.left !== '0') return { ...status, reason: 'given_back_in_part', changedAt: known.at }
  return {
    ...status,
    state: railKind(rail) === 'book' ? 'refunded' : 'refund_due',
    reason: 'given_back',
    goesBack: true,
    changedAt: known.at,
  }
}

/** Whether it is contested is beside its state: the money has come, and a part of it is in reserve. */
function afterDispute(status: Standing, fact: Fact): Standing | undefined {
  const known = readDisputeFact(fact)
  if (known?.type !== 'dispute.opened' && known?.type !== 'dispute.decided') return undefined
  const disputes = new Set(status.disputes)
  if (known.type === 'dispute.opened') disputes.add(known.id)
  else disputes.delete(known.id)
  return { ...status, disputes, changedAt: known.at }
}

/** Refunds as things of their own, each of which says its end. */
function afterRefundOfItsOwn(status: Standing, fact: Fact): Standing | undefined {
  const known = readRefundFact(fact)
  const before = status.refunds ?? { open: new Set<string>(), given: 0n, paid: 0n }
  switch (known?.type) {
    case 'refund.created': {
      const { refunded, paid } = known.data
      const refunds = { open: new Set(before.open).add(known.id), given: BigInt(refunded), paid: BigInt(paid) }
      return givenBack({ ...status, refunds, changedAt: known.at })
    }
    case 'refund.ended':
      return givenBack({ ...status, refunds: ended(before, known.id, known.data), changedAt: known.at })
    case 'refund.reopened': {
      const refunds = { ...before, open: new Set(before.open).add(known.id) }
      return givenBack({ ...status, refunds, changedAt: known.at })
    }
    default:
      return undefined
  }
}

/** What was returned to its payee is not given back. */
function ended(
  { open, given, paid }: Refunds,
  id: string,
  { outcome, returned }: Readonly<{ outcome: RefundEnd; returned: string }>,
): Refunds {
  const rest = new Set(open)
  rest.delete(id)
  return { open: rest, paid, given: outcome === 'succeeded' ? given : given - BigInt(returned) }
}

function givenBack(status: Standing & Readonly<{ refunds: Refunds }>): Standing {
  const given = afterGiving(status)
  // What has not come goes to nobody, and is not its payee's either.
  return status.takenBack ? { ...given, state: 'held' } : given
}

function afterGiving(status: Standing & Readonly<{ refunds: Refunds }>): Standing {
  const { open, given, paid } = status.refunds
  if (given === 0n) return { ...withoutReason(status), state: 'settled', refunds: status.refunds, goesBack: false }
  if (given < paid) return { ...status, state: 'settled', reason: 'given_back_in_part', goesBack: false }
  return { ...status, state: open.size > 0 ? 'refund_due' : 'refunded', reason: 'given_back', goesBack: true }
}

function afterSettlement(status: Standing, fact: Fact): Standing | undefined {
  const known = readSettlementFact(fact)
  const { entry } = status.evidence
  if (known?.type === 'settlement.demoted') {
    // It has gone back to its payer already, and that stays so.
    if (status.goesBack && known.data.outcome === 'declined') return status
    return { ...status, state: 'held', takenBack: true, evidence: { entry }, changedAt: known.at }
  }
  if (known?.type !== 'settlement.booked' || known.data.kind === 'opening') return undefined
  const evidence = { ...chainOf(known.id, known.data), entry: known.data.entry ?? entry }
  return { ...status, state: status.goesBack ? 'refund_due' : 'settled', takenBack: false, evidence, changedAt: known.at }
}

/** An intent is settled by the money that came for it. */
function afterIntent(status: Standing, fact: Fact): Standing | undefined {
  const known = readIntentFact(fact)
  if (known?.type !== 'intent.settled') return undefined
  const { settlementId: id, rail } = known.data
  const paymentHash = rail === 'lightning' ? /([0-9a-f]{64})$/.exec(id)?.[1] : undefined
  const evidence = { ...chainOf(id, { rail, cursor: '' }), entry: status.evidence.entry, ...(paymentHash ? { paymentHash } : {}) }
  return { ...status, state: 'settled', evidence, changedAt: known.at }
}

type Paid = Readonly<{ rail: RailName; byVoucher: boolean }>

function afterRequest(status: Standing, fact: Fact, paid: Paid): Standing | undefined {
  const { rail, byVoucher } = paid
  const known = readRequestFact(fact)
  const { state, evidence } = status
  switch (known?.type) {
    case 'request.started': {
      const { transaction, again } = known.data
      const begun = again === undefined ? status : { ...withoutReason(status), goesBack: false }
      return transaction ? { ...begun, state: 'settled', evidence: { ...evidence, transaction }, changedAt: known.at } : begun
    }
    case 'request.answered':
      return state === 'held' && known.data.status < FAILED_STATUS_MIN ? served(status, known, paid) : status
    case 'collection.failed':
    case 'collection.released':
      return { ...status, state: 'failed', reason: known.data.reason ?? 'not_served', changedAt: known.at }
    case 'request.interrupted':
    case 'request.handler_failed':
      return { ...status, ...(byVoucher ? NOT_OWED : unserved(status, rail, known.data.exception)), changedAt: known.at }
    default:
      return undefined
  }
}

/** Of a voucher: its channel does not owe it. */
const NOT_OWED = { state: 'failed', reason: 'not_served', goesBack: false } as const

/** Its money is being taken; what a balance pays by its use is, and of nothing there is nothing to take. A voucher's channel is claimed as a whole. */
function served(status: Standing, { at, data }: Extract<RequestFact, { type: 'request.answered' }>, { rail, byVoucher }: Paid): Standing {
  const { charge } = data
  const isDone = charge && (charge.units === '0' || railKind(rail) === 'book')
  const going = byVoucher ? 'held' : 'collecting'
  return { ...status, ...(charge ? { charged: charge.taken } : {}), state: isDone ? 'settled' : going, changedAt: at }
}

/** What is left of a budget goes back to who has paid for it. */
function afterPass(status: Standing, fact: Fact): Standing | undefined {
  const known = readPassFact(fact)
  if (known?.type !== 'pass.ended' || known.data.to !== 'payer' || known.data.msat === '0') return undefined
  return { ...status, state: 'refund_due', reason: 'pass_ended', changedAt: known.at }
}

/** It is being done again, so nothing is said of it yet. */
function withoutReason({ reason: _, ...status }: Standing): Standing {
  return status
}

/**
 * The work was not delivered. What a balance paid is there again, and of a maximum that it had promised nothing was taken; what came from outside waits for
 * its payer, unless it could not be given back.
 */
function unserved({ state }: Standing, rail: RailName, exception: string | undefined): Pick<Standing, 'state' | 'reason' | 'goesBack'> {
  const reason = 'not_served'
  if (exception !== undefined) return { state, reason, goesBack: false }
  const isBalance = railKind(rail) === 'book'
  if (state !== 'settled') return { state: isBalance ? 'failed' : state, reason, goesBack: true }
  return { state: isBalance ? 'refunded' : 'refund_due', reason, goesBack: true }
}

function chainOf(id: string, o: Readonly<{ rail: RailName; cursor: string }>): Omit<PaymentEvidence, 'entry'> {
  const chain = chainEvidence({ id, ...o })
  if (!chain) return {}
  const { transaction, block, blockHash } = chain
  return { transaction, ...(block ? { block } : {}), ...(blockHash ? { blockHash } : {}) }
}
