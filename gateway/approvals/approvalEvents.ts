import { ownersOf, type Telling } from '../events/telling/telling.ts'
import { readApprovalFact } from './facts.ts'

/** What waits for another person is its party's, and the operator's. */
const tellApprovals: Telling = (fact, scene) => {
  const known = readApprovalFact(fact)
  if (!known) return []
  const { id } = known
  switch (known.type) {
    case 'approval.asked': {
      const { what, needs, party, order } = known.data
      const parties = party ? [party] : []
      scene.note(id, { parties, data: {} })
      return [{ type: 'approval.asked', subject: id, parties, data: { id, what, needs: [...needs], payout: order?.payout ?? null } }]
    }
    case 'approval.given':
      return [{ type: 'approval.given', subject: id, parties: ownersOf(scene, id), data: { id, as: known.data.as } }]
    case 'approval.refused':
    case 'approval.expired':
    case 'approval.used':
      return [{ type: known.type, subject: id, parties: ownersOf(scene, id), data: { id } }]
    case 'approval.limited':
      return [
        {
          type: 'approval.limited',
          subject: known.id,
          parties: [known.id],
          data: { id: known.id, payouts_usd_max: known.data.payoutsUsdMax },
        },
      ]
    case 'approval.spared':
      return []
  }
}

/** What approvals tell. */
export const approvalEvents: readonly Telling[] = [tellApprovals]
