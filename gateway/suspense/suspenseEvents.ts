import type { Telling } from '../events/telling/telling.ts'
import { readSuspenseFact } from './facts.ts'

/** The operators' own affair. */
const tellActions: Telling = (fact) => {
  const known = readSuspenseFact(fact)
  if (!known) return []
  const { id } = known
  const own = { subject: id, parties: [] }
  switch (known.type) {
    case 'suspense.asked': {
      const { deed, by } = known.data
      return [{ type: 'suspense_action.asked', ...own, data: { id, what: deed.what, by } }]
    }
    case 'suspense.booked':
      return [{ type: 'suspense_action.booked', ...own, data: { id, by: known.data.by } }]
    case 'suspense.canceled':
      return [{ type: 'suspense_action.canceled', ...own, data: { id, by: known.data.by } }]
    case 'suspense.refused':
      return [{ type: 'suspense_action.refused', ...own, data: { id, detail: known.data.detail } }]
  }
}

/** What is done by hand tells. */
export const suspenseEvents: readonly Telling[] = [tellActions]
