import { eventLines } from '../../app/cli/eventLines.ts'

export type Told = Readonly<{ id: string; type: string; subject: string; data: Readonly<Record<string, unknown>> }>

/** A stream of events that is read until `close`; `told` grows. `at`: the id where it stands, as a reader that comes again says it. */
export async function readStream(url: string, key: string, o: { after?: string; lastId?: string; more?: string } = {}) {
  const stop = new AbortController()
  const query = new URLSearchParams(o.after === undefined ? {} : { after: o.after })
  const headers = {
    authorization: `Bearer ${key}`,
    accept: 'text/event-stream',
    ...(o.lastId === undefined ? {} : { 'last-event-id': o.lastId }),
  }
  const response = await fetch(`${url}/v1/events?${query}${o.more ?? ''}`, { headers, signal: stop.signal })
  const told: Told[] = []
  const stream = { status: response.status, told, at: o.lastId, ended: Promise.resolve() }
  const reading = async () => {
    for await (const { id, data } of eventLines(response.body!)) {
      if (data !== undefined) told.push(JSON.parse(data) as Told) // The gateway's own.
      stream.at = id
    }
  }
  // Broken off, by whichever side.
  stream.ended = reading().catch(() => undefined)
  return Object.assign(stream, { close: () => stop.abort() })
}
