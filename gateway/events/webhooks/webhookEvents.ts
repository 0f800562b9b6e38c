import { ownersOf, type Telling, type Told, timeText } from '../telling/telling.ts'
import { readWebhookFact, type WebhookFact } from './facts.ts'

const PLAIN = {
  'webhook.changed': 'webhook_endpoint.changed',
  'webhook.recovered': 'webhook_endpoint.recovered',
  'webhook.enabled': 'webhook_endpoint.enabled',
  'webhook.deleted': 'webhook_endpoint.deleted',
} as const

/** An endpoint is its holder's. Its URL may hold what only its receiver knows, so it is not told. */
const tellEndpoints: Telling = (fact, scene) => {
  const known = readWebhookFact(fact)
  if (!known) return []
  const { id } = known
  if (known.type === 'webhook.created') {
    const { holder } = known.data
    const parties = holder.startsWith('pa_') ? [holder] : []
    scene.note(id, { parties, data: {} })
    return [{ type: 'webhook_endpoint.created', subject: id, parties, data: { id } }]
  }
  return told(known, ownersOf(scene, id))
}

function told(fact: Exclude<WebhookFact, { type: 'webhook.created' }>, parties: readonly string[]): Told[] {
  const { id } = fact
  const of = { subject: id, parties }
  if (fact.type === 'webhook.replayed') return []
  if (fact.type === 'webhook.rotated') {
    const { n, previousUntil } = fact.data
    return [{ ...of, type: 'webhook_endpoint.rotated', data: { id, n, former_until: timeText(previousUntil) } }]
  }
  if (fact.type === 'webhook.failing') return [{ ...of, type: 'webhook_endpoint.failing', data: { id, since: timeText(fact.data.since) } }]
  if (fact.type === 'webhook.disabled') return [{ ...of, type: 'webhook_endpoint.disabled', data: { id, because: fact.data.why } }]
  return [{ ...of, type: PLAIN[fact.type], data: { id } }]
}

/** What the webhooks tell of themselves. */
export const webhookEvents: readonly Telling[] = [tellEndpoints]
