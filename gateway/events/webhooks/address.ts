import type { EndpointId } from '../../ports/ids.ts'
import type { PostAnswer } from '../../ports/publicHttp.ts'
import type { EventFilter, ReadModel } from '../../ports/readModel.ts'
import type { WebhookOutbox } from '../../ports/webhookOutbox.ts'
import type { OffReason } from './facts.ts'

/** An endpoint as the courier needs it. `former`: the secret that signs too until `formerUntil` (ms). */
export type Address = Readonly<{
  id: EndpointId
  holder: string
  url: string
  version: string
  filter: EventFilter
  start: string
  secret: string
  former: string | undefined
  formerUntil: number
  off: boolean
  failingSince: number | undefined
  replay: Readonly<{ n: number; from: string; until: string }> | undefined
}>

/** What others should know of an endpoint. */
export type Notice =
  | Readonly<{ kind: 'failing'; endpoint: EndpointId; since: number }>
  | Readonly<{ kind: 'recovered'; endpoint: EndpointId }>
  | Readonly<{ kind: 'off'; endpoint: EndpointId; why: Exclude<OffReason, 'asked'> }>

/** Messages on their way: of all holders, of one, and to one endpoint, of as many subjects. */
export type CourierLimits = Readonly<{ all: number; ofHolder: number; ofEndpoint: number }>
export const COURIER_LIMITS: CourierLimits = { all: 512, ofHolder: 32, ofEndpoint: 8 }

export type CourierParts = Readonly<{
  reads: Pick<ReadModel, 'events' | 'event' | 'lastEvent'>
  outbox: WebhookOutbox
  /** Throws where nothing was answered. */
  post: (url: URL, o: Readonly<{ headers: Readonly<Record<string, string>>; body: string }>) => Promise<PostAnswer>
  now: () => number
  /** What a signature is dated by, where that is not `now`: a receiver goes by its own clock, which no test has moved. */
  signedAt?: () => number
  /** From 0 to 1. */
  random: () => number
  tell: (notice: Notice) => void
  limits?: CourierLimits
}>
