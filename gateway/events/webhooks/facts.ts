import { type FactOf, factKinds } from '../../ports/factKinds.ts'
import type { EndpointId } from '../../ports/ids.ts'

/** `holder`: a party, or an operator as the books name one. `start`: behind which event it begins. `version`: of the API, as its maker spoke it. */
type EndpointData = Readonly<{
  holder: string
  url: string
  version: string
  start: string
  by: string
  types?: readonly string[]
  description?: string
  metadata?: Readonly<Record<string, string>>
}>

/** What is changed; `types` and `description` null where there are none any more. */
export type ChangeData = Readonly<{
  by: string
  url?: string
  types?: readonly string[] | null
  description?: string | null
  metadata?: Readonly<Record<string, string>>
}>

/** `n`: which secret is the current one, from 1. The one before it signs too until `previousUntil` (ms). */
type RotationData = Readonly<{ n: number; previousUntil: number; by: string }>
/** Why nothing is brought: somebody asked for it, nothing arrived for three days, or the receiver said that it is gone (410). */
export type OffReason = 'asked' | 'failing' | 'gone'
type OffData = Readonly<{ why: OffReason; by: string }>
/** `n` counts replays of an endpoint, from 1. `from` and `until` are the first and the last event of them. */
type ReplayData = Readonly<{ n: number; from: string; until: string; by: string }>

/** Every fact that this room writes. */
export type WebhookFact =
  | FactOf<'webhook.created', EndpointId, EndpointData>
  | FactOf<'webhook.changed', EndpointId, ChangeData>
  | FactOf<'webhook.rotated', EndpointId, RotationData>
  | FactOf<'webhook.failing', EndpointId, Readonly<{ since: number }>>
  | FactOf<'webhook.recovered', EndpointId, Readonly<Record<string, never>>>
  | FactOf<'webhook.disabled', EndpointId, OffData>
  | FactOf<'webhook.enabled', EndpointId, Readonly<{ by: string }>>
  | FactOf<'webhook.replayed', EndpointId, ReplayData>
  | FactOf<'webhook.deleted', EndpointId, Readonly<{ by: string }>>

const kinds = factKinds<WebhookFact>({
  'webhook.created': true,
  'webhook.changed': true,
  'webhook.rotated': true,
  'webhook.failing': true,
  'webhook.recovered': true,
  'webhook.disabled': true,
  'webhook.enabled': true,
  'webhook.replayed': true,
  'webhook.deleted': true,
})

/** A fact of this room as the journal takes it. */
export const toWebhookFact = kinds.write
/** The fact as this room wrote it; undefined for another room's. */
export const readWebhookFact = kinds.read
