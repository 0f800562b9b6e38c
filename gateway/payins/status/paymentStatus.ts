import type { Receipt } from '../../audit/receipt/receipt.ts'
import type { Fact } from '../../ports/books.ts'
import type { EntryId, Hex } from '../../ports/ids.ts'
import { type RailName, railKind } from '../../ports/railName.ts'
import { readRequestFact } from '../claim/facts.ts'
import { FAILED_STATUS_MIN } from '../claim/paidRequests.ts'
import { readIntentFact } from '../intent/facts.ts'
import { chainEvidence } from '../settlement/chainEvidence.ts'
import { readSettlementFact } from '../settlement/facts.ts'

/**
 * `held`: the payer's word is good and nothing was taken. `collecting`: the work is done and its money is being taken; what came of it is not known.
 * `refund_due`: the money was taken, the work was not delivered, and what goes back is kept for the payer. `failed`: nothing was taken, and nothing will be.
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

/** `reason`: why it failed, or why money was not given back. `changedAt` in ms. */
export type PaymentStatus = Readonly<{ state: PaymentState; reason?: string; evidence: PaymentEvidence; changedAt: number }>

/** `request`: of a paid request, which alone can be given back. */
type Standing = PaymentStatus & Readonly<{ request: boolean }>

/** What became of the payment of this receipt, as these facts tell it, in their order. Once money waits to go back, `gone` says whether it has. */
export function paymentStatus(receipt: Receipt, facts: readonly Fact[], gone: () => boolean): PaymentStatus {
  const { request: _, ...status } = facts.reduce((standing, fact) => statusAfter(standing, fact, receipt.rail), statusOf(receipt))
  return status.state === 'refund_due' && gone() ? { ...status, state: 'refunded' } : status
}

/** As the receipt itself says. */
function statusOf({ state, entry, issued_at: at, payment, rail }: Receipt): Standing {
  const paymentHash = rail === 'lightning' ? /^lightning:([0-9a-f]{64})$/.exec(payment)?.[1] : undefined
  return {
    state: state === 'settled' ? 'settled' : 'held',
    evidence: { entry, ...(paymentHash ? { paymentHash } : {}) },
    changedAt: Date.parse(at),
    request: !payment.startsWith('pi_'),
  }
}

/** The status after one more fact about it. */
function statusAfter(status: Standing, fact: Fact, rail: RailName): Standing {
  return afterSettlement(status, fact) ?? afterIntent(status, fact) ?? afterRequest(status, fact, rail) ?? status
}

function afterSettlement(status: Standing, fact: Fact): Standing | undefined {
  const known = readSettlementFact(fact)
  const { entry } = status.evidence
  if (known?.type === 'settlement.demoted') return { ...status, state: 'held', evidence: { entry }, changedAt: known.at }
  if (known?.type !== 'settlement.booked' || known.data.kind === 'opening') return undefined
  const evidence = { ...chainOf(known.id, known.data), entry: known.data.entry ?? entry }
  return { ...status, state: 'settled', evidence, changedAt: known.at }
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

function afterRequest(status: Standing, fact: Fact, rail: RailName): Standing | undefined {
  const known = readRequestFact(fact)
  const { state, evidence } = status
  switch (known?.type) {
    case 'request.started': {
      const { transaction } = known.data
      return transaction ? { ...status, state: 'settled', evidence: { ...evidence, transaction }, changedAt: known.at } : status
    }
    case 'request.answered':
      return state === 'held' && known.data.status < FAILED_STATUS_MIN ? { ...status, state: 'collecting', changedAt: known.at } : status
    case 'collection.failed':
    case 'collection.released':
      return { ...status, state: 'failed', reason: known.data.reason ?? 'not_served', changedAt: known.at }
    case 'request.interrupted':
    case 'request.handler_failed':
      return { ...status, ...unserved(status, rail, known.data.exception), changedAt: known.at }
    default:
      return undefined
  }
}

/** The work was not delivered. What a balance paid is there again; what came from outside waits for its payer, unless it could not be given back. */
function unserved({ state }: Standing, rail: RailName, exception: string | undefined): Pick<Standing, 'state' | 'reason'> {
  const reason = 'not_served'
  if (state !== 'settled' || exception !== undefined) return { state, reason }
  return { state: railKind(rail) === 'book' ? 'refunded' : 'refund_due', reason }
}

function chainOf(id: string, o: Readonly<{ rail: RailName; cursor: string }>): Omit<PaymentEvidence, 'entry'> {
  const chain = chainEvidence({ id, ...o })
  if (!chain) return {}
  const { transaction, block, blockHash } = chain
  return { transaction, ...(block ? { block } : {}), ...(blockHash ? { blockHash } : {}) }
}
