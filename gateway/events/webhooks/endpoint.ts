import type { EndpointId } from '../../ports/ids.ts'
import type { EventFilter } from '../../ports/readModel.ts'
import { EVENT_TYPES, type EventType } from '../catalog/catalog.ts'
import type { OffReason, WebhookFact } from './facts.ts'

/** Where events are brought, and which. Times in ms. */
export type Endpoint = Readonly<{
  id: EndpointId
  holder: string
  url: string
  version: string
  /** Behind which event it begins. */
  start: string
  createdAt: number
  /** Types, or families of them (`payout.*`); all where none are named. */
  types?: readonly string[]
  description?: string
  metadata: Readonly<Record<string, string>>
  secret: Readonly<{ n: number; previousUntil: number }>
  off?: Readonly<{ why: OffReason; at: number }>
  /** Since when nothing arrives, where that has been so for a day. */
  failingSince?: number
  replay?: Readonly<{ n: number; from: string; until: string }>
}>

/** The types that a name names: one, or those of its family; none where there is no such type. */
export function typesNamed(name: string): readonly EventType[] {
  const family = name.endsWith('.*') ? name.slice(0, -1) : undefined
  return EVENT_TYPES.filter((type) => (family === undefined ? type === name : type.startsWith(family)))
}

/** Which events are an endpoint's: its party's, or all for an operator. */
export function filterOf({ holder, types }: Pick<Endpoint, 'holder' | 'types'>): EventFilter {
  const party = holder.startsWith('pa_') ? { party: holder } : {}
  return types === undefined ? party : { ...party, types: [...new Set(types.flatMap(typesNamed))] }
}

/** The endpoint after a fact about it; undefined when it is gone. */
export function afterFact(before: Endpoint | undefined, fact: WebhookFact): Endpoint | undefined {
  if (fact.type === 'webhook.created') return created(fact)
  if (before === undefined) return undefined
  if (fact.type === 'webhook.changed') return changed(before, fact.data)
  if (fact.type === 'webhook.rotated') {
    const { n, previousUntil } = fact.data
    return { ...before, secret: { n, previousUntil } }
  }
  if (fact.type === 'webhook.failing') return { ...before, failingSince: fact.data.since }
  if (fact.type === 'webhook.recovered') return without(before, 'failingSince')
  if (fact.type === 'webhook.disabled') return { ...before, off: { why: fact.data.why, at: fact.at } }
  if (fact.type === 'webhook.enabled') return without(without(before, 'off'), 'failingSince')
  if (fact.type === 'webhook.replayed') {
    const { n, from, until } = fact.data
    return { ...before, replay: { n, from, until } }
  }
  return undefined
}

function created({ id, at, data }: Extract<WebhookFact, { type: 'webhook.created' }>): Endpoint {
  const { by: _, metadata = {}, ...terms } = data
  return { id, createdAt: at, ...terms, metadata, secret: { n: 1, previousUntil: 0 } }
}

type Changed = Extract<WebhookFact, { type: 'webhook.changed' }>['data']

function changed(before: Endpoint, { url = before.url, metadata = before.metadata, types, description }: Changed): Endpoint {
  const { types: oldTypes, description: oldDescription, ...rest } = before
  const [newTypes, newDescription] = [types === undefined ? oldTypes : types, description === undefined ? oldDescription : description]
  return { ...rest, url, metadata, ...(newTypes ? { types: newTypes } : {}), ...(newDescription ? { description: newDescription } : {}) }
}

function without(endpoint: Endpoint, key: 'off' | 'failingSince'): Endpoint {
  const { [key]: _, ...rest } = endpoint
  return rest
}
