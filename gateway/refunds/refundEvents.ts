import type { MoneyText } from '../audit/receipt/moneyText.ts'
import { noted, ownersOf, type Scene, type Telling, type Told } from '../events/telling/telling.ts'
import { type RefundFact, readRefundFact } from '../payins/refund/facts.ts'
import { payoutOf, readFact as readPayoutFact } from '../payouts/payoutState/facts.ts'

const tellGiven: Telling = (fact, scene) => {
  const known = readRefundFact(fact)
  return known ? [tellRefund(known, scene)] : []
}

function tellRefund(fact: RefundFact, scene: Scene): Told {
  const { id } = fact
  if (fact.type === 'refund.created') {
    const { receipt, request, rail, asset, units, left, way, parties, by } = fact.data
    const amount = scene.amount({ asset, units })
    // A payer that is a party is told as it is told of the payment.
    const owners = [...new Set([...parties, ...(by.startsWith('pa_') ? [by] : []), ...ownersOf(scene, receipt)])]
    scene.note(id, { parties: owners, data: { receipt, amount } })
    const intent = request === receipt ? null : request
    const told = { id, receipt, payment_intent: intent, rail, amount, left: scene.amount({ asset, units: left }), way: way.kind }
    return { type: 'refund.created', subject: id, parties: owners, data: told }
  }
  const own = { subject: id, parties: ownersOf(scene, id) }
  const data = refundData(id, scene)
  switch (fact.type) {
    case 'refund.sent':
      scene.note(tryName(fact.data.try), { parties: [], data: { refund: id } })
      return { type: 'refund.sent', ...own, data: { ...data, payout: fact.data.try } }
    case 'refund.reopened':
      return { type: 'refund.needs_claim', ...own, data: { ...data, payout: null } }
    case 'refund.ended':
      return { type: `refund.${fact.data.outcome}`, ...own, data }
  }
}

/** What becomes of a payout is told of its refund too, as far as it is not the refund's own end. */
const tellTries: Telling = (fact, scene) => {
  const known = readPayoutFact(fact)
  if (known?.type !== 'attempt.unknown' && known?.type !== 'payout.failed') return []
  const payout = payoutOf(known)
  const id = noted(scene.recall(tryName(payout)), 'refund')
  if (id === null) return []
  const type = known.type === 'attempt.unknown' ? 'refund.unknown' : 'refund.needs_claim'
  return [{ type, subject: id, parties: ownersOf(scene, id), data: { ...refundData(id, scene), payout } }]
}

/** Under what a payout is noted that was made for a refund: payouts are noted under their own ids. */
export function tryName(payout: string): string {
  return `refund:${payout}`
}

function refundData(id: string, scene: Scene) {
  const { receipt, amount } = (scene.recall(id)?.data ?? {}) as { receipt: string; amount: MoneyText } // As `refund.created` noted it.
  return { id, receipt, amount }
}

/** What refunds tell. */
export const refundEvents: readonly Telling[] = [tellGiven, tellTries]
