import type { MoneyText } from '../audit/receipt/moneyText.ts'
import { ownersOf, type Scene, type Telling, type Told, timeText } from '../events/telling/telling.ts'
import { type DisputeFact, readDisputeFact } from '../payins/dispute/facts.ts'

/** What its payees show is told of as shown, and not what it says. */
const tellDisputes: Telling = (fact, scene) => {
  const known = readDisputeFact(fact)
  return known ? [tellDispute(known, scene)] : []
}

function tellDispute(fact: DisputeFact, scene: Scene): Told {
  const { id } = fact
  if (fact.type === 'dispute.opened') {
    const { receipt, request, rail, asset, units, left, parties, reason, dueAt } = fact.data
    const amount = scene.amount({ asset, units })
    // A payer that is a party is told as it is told of the payment.
    const owners = [...new Set([...parties, ...ownersOf(scene, receipt)])]
    scene.note(id, { parties: owners, data: { receipt, amount } })
    const told = {
      id,
      receipt,
      amount,
      payment_intent: request === receipt ? null : request,
      rail,
      left: scene.amount({ asset, units: left }),
      reason,
      evidence_due_at: timeText(dueAt),
    }
    return { type: 'dispute.opened', subject: id, parties: owners, data: told }
  }
  const own = { subject: id, parties: ownersOf(scene, id) }
  const { receipt, amount } = (scene.recall(id)?.data ?? {}) as { receipt: string; amount: MoneyText } // As `dispute.opened` noted it.
  const data = { id, receipt, amount }
  switch (fact.type) {
    case 'dispute.evidence_submitted':
      return { type: 'dispute.evidence_submitted', ...own, data }
    case 'dispute.expired':
      return { type: 'dispute.expired', ...own, data }
    case 'dispute.decided': {
      const { outcome, cause, refund } = fact.data
      if (outcome === 'won') return { type: 'dispute.won', ...own, data: { ...data, cause } }
      return { type: 'dispute.lost', ...own, data: { ...data, cause, refund: refund ?? null } }
    }
  }
}

/** What disputes tell. */
export const disputeEvents: readonly Telling[] = [tellDisputes]
