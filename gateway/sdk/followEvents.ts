import { serverEvents } from '../client/session/serverEvents.ts'
import { queryOf } from './address.ts'
import { readAnswer, refusalOf } from './answer.ts'
import type { Connection } from './call.ts'
import { headersOf } from './call.ts'
import type { SwitchyardEvent } from './generated/events.ts'
import type { Query } from './operation.ts'
import { SwitchyardError } from './switchyardError.ts'

/** A gateway writes something every 15 seconds; longer than this before one answers, or says nothing, is a break. */
const SILENCE_MS_MAX = 45_000
const STREAM_TYPE = 'text/event-stream'
const KNOWN = { operation: 'listEvents', idempotencyKey: undefined, outcome: 'failed' } as const

/** Where a reader stands, and how often in a row nothing was heard. */
export type Place = { after: string | undefined; breaks: number }
type Asked = Readonly<{ query: Query; signal: AbortSignal | undefined }>

/** One stream of events from where `place` stands, which it moves. Ends with the stream; throws a `SwitchyardError` where there is none, or it breaks. */
export async function* followEvents(
  connection: Connection,
  { query, signal }: Asked,
  place: Place,
): AsyncGenerator<SwitchyardEvent, void, undefined> {
  const ending = new AbortController()
  const end = () => ending.abort(signal?.reason)
  signal?.addEventListener('abort', end)
  let timer = setTimeout(end, SILENCE_MS_MAX)
  const heard = () => {
    clearTimeout(timer)
    timer = setTimeout(end, SILENCE_MS_MAX)
  }
  try {
    const url = `${connection.url}/v1/events${queryOf(Object.assign({ after: place.after }, query))}`
    const response = await connection.fetch(url, {
      headers: headersOf(connection, { accept: STREAM_TYPE }),
      redirect: 'manual',
      signal: ending.signal,
    })
    if (!response.body || !response.headers.get('content-type')?.startsWith(STREAM_TYPE))
      throw refusalOf(response, await readAnswer(response), KNOWN)
    for await (const { id, data } of serverEvents(heardOf(response.body, heard), { marks: true })) {
      place.breaks = 0
      if (data !== '') yield JSON.parse(data) as SwitchyardEvent // The gateway's own.
      // Moved when whoever reads has come back for the next: what was not taken comes again.
      if (id !== undefined) place.after = id
    }
  } catch (cause) {
    if (cause instanceof SwitchyardError) throw cause
    throw new SwitchyardError('not_reached', 'the stream broke', { ...KNOWN, cause })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', end)
    ending.abort()
  }
}

async function* heardOf(body: AsyncIterable<Uint8Array>, heard: () => void): AsyncGenerator<Uint8Array> {
  for await (const part of body) {
    heard()
    yield part
  }
}
