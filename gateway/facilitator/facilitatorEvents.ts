import { ownersOf, type Telling } from '../events/telling/telling.ts'
import { readErrandFact, readListingFact } from './facts.ts'

const tellErrands: Telling = (fact, scene) => {
  const known = readErrandFact(fact)
  if (!known) return []
  const { id } = known
  if (known.type === 'errand.taken') {
    const { seller, rail } = known.data
    scene.note(id, { parties: [seller], data: {} })
    return [{ type: 'errand.taken', subject: id, parties: [seller], data: { id, seller, rail } }]
  }
  const own = { subject: id, parties: ownersOf(scene, id) }
  if (known.type === 'errand.settled') return [{ type: 'errand.settled', ...own, data: { id, transaction: known.data.transaction } }]
  const { reason, charged } = known.data
  return [{ type: 'errand.failed', ...own, data: { id, reason, charged: charged === 'yes' } }]
}

const tellListings: Telling = (fact) => {
  const known = readListingFact(fact)
  if (!known) return []
  const { type, id: party, data } = known
  return [{ type, subject: party, parties: [party], data: { party, resource: data.resource } }]
}

/** What sellers elsewhere are told. */
export const facilitatorEvents: readonly Telling[] = [tellErrands, tellListings]
