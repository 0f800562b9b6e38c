import { setTimeout as pause } from 'node:timers/promises'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { eventLines, type ReceivedEvent } from './eventLines.ts'
import { refusedBy } from './refusedBy.ts'
import { type Asked, whichGateway } from './whichGateway.ts'

/** How long it waits before it asks a gateway again that has ended the stream, or does not answer. */
const AGAIN_MS = 1_000

/** Which events, of which gateway. */
export type EventsAsked = Asked & Readonly<{ after?: string | undefined; type?: string | undefined; subject?: string | undefined }>

/** An event: its id, and what it says as one line of JSON. */
type TakenEvent = Readonly<{ id: string; data: string }>

/** Events as they come, without end; a stream that broke off goes on behind the last event that was taken. Throws the gateway's words where it refuses. */
export async function* eventsBehind(o: EventsAsked): AsyncGenerator<TakenEvent> {
  const { url, key } = whichGateway(o)
  const wanted = new URLSearchParams(
    Object.entries({ after: o.after, type: o.type, subject: o.subject }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  )
  let last: string | undefined
  for (;;) {
    for await (const { id, data } of streamOf(`${url.replace(/\/$/, '')}/v1/events?${wanted}`, { key, last })) {
      if (data !== undefined) yield { id, data }
      last = id
    }
    await pause(AGAIN_MS)
  }
}

/** The events of one stream, until it breaks off. Throws the gateway's own words when it refuses, or when nobody ever answered. */
async function* streamOf(url: string, { key, last }: { key: string; last: string | undefined }): AsyncGenerator<ReceivedEvent> {
  const headers = { authorization: `Bearer ${key}`, accept: 'text/event-stream', ...(last === undefined ? {} : { 'last-event-id': last }) }
  const response = await fetch(url, { headers }).catch((cause: unknown) => {
    if (last === undefined) throw new GatewayError('no_gateway_answers', `${url} does not answer`, { cause })
    return undefined
  })
  if (!response) return
  // One that has just begun may not show everything yet.
  if (response.status >= 500 && last !== undefined) return
  if (response.status >= 400) throw refusedBy(url, response.status, (await response.json()) as object) // A problem of RFC 9457.
  if (!response.body) return
  try {
    yield* eventLines(response.body)
  } catch (error) {
    // What undici says of a line that broke; anything else is ours.
    if (!(error instanceof TypeError)) throw error
  }
}
