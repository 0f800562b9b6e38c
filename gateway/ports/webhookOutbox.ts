import type { EndpointId } from './ids.ts'

/** One try of a delivery. `status`: what was answered, 0 where nothing was; `detail`: what was wrong. Times in ms. */
export type DeliveryTry = Readonly<{ at: number; tookMs: number; status: number; detail: string }>

export type DeliveryState = 'waiting' | 'delivered' | 'dead'

/** An event on its way to an endpoint, or what became of it. `nextAt`: when it is tried next, while it waits. */
export type Delivery = Readonly<{
  event: string
  type: string
  subject: string
  state: DeliveryState
  nextAt: number
  tries: readonly DeliveryTry[]
}>

/** Where an endpoint stands: the last event that was taken for it, and of a replay under way its number and its own. */
export type OutboxLine = Readonly<{ cursor: string; replay: number; replayCursor: string; failingSince: number | undefined }>

/** What waits for each endpoint. Each call is all or nothing and survives a crash of the process, so that no event is lost, and one may come twice. */
export interface WebhookOutbox {
  /** Where an endpoint stands, which begins behind `start` when it is new. */
  line(endpoint: EndpointId, start: string): OutboxLine
  /** What waits for it, in the order of the journal. */
  waiting(endpoint: EndpointId): Delivery[]
  /** Takes events for it, which wait from now on, and moves its line. */
  take(endpoint: EndpointId, events: readonly Delivery[], line: OutboxLine): void
  /** What became of tries. */
  record(done: readonly Readonly<{ endpoint: EndpointId; delivery: Delivery }>[]): void
  /** Since when nothing arrives; undefined once something did. */
  failing(endpoint: EndpointId, since: number | undefined): void
  /** Forgets all of it. */
  forget(endpoint: EndpointId): void
  /** The endpoints that it knows. */
  known(): EndpointId[]
  close(): void
}

/** The same, to be seen. */
export interface WebhookLog {
  /** Deliveries of an endpoint, the newest event first, before the event `after` where one is named. */
  deliveries(
    endpoint: EndpointId,
    o: Readonly<{ limit: number; after?: string | undefined; state?: DeliveryState | undefined }>,
  ): Delivery[]
  close(): void
}
