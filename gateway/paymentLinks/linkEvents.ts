import { ownersOf, type Telling, timeText } from '../events/telling/telling.ts'
import { readLinkFact } from './facts.ts'

const tellLinks: Telling = (fact, scene) => {
  const known = readLinkFact(fact)
  if (!known) return []
  const { id } = known
  if (known.type !== 'payment_link.created') return [{ type: known.type, subject: id, parties: ownersOf(scene, id), data: { id } }]
  const { payee, amount, least, most, metadata, usesMax, expiresAt } = known.data
  const parties = scene.partiesOf(payee.id)
  scene.note(id, { parties, data: {} })
  const shown = (units: typeof amount) => (units ? scene.amount(units) : null)
  const amounts = { amount: shown(amount), amount_min: shown(least), amount_max: shown(most) }
  const ends = { uses_max: usesMax ?? null, expires_at: expiresAt === undefined ? null : timeText(expiresAt) }
  const data = { id, payee: payee.id, amount: amounts.amount, amount_min: amounts.amount_min, amount_max: amounts.amount_max, metadata }
  return [{ type: 'payment_link.created', subject: id, parties, data: { ...data, uses_max: ends.uses_max, expires_at: ends.expires_at } }]
}

/** What payment links tell. The payments by them are told as intents. */
export const linkEvents: readonly Telling[] = [tellLinks]
