import { type IncomingMessage, request } from 'node:http'
import { Readable } from 'node:stream'
import { eventLines } from '../../app/cli/eventLines.ts'

export type Told = Readonly<{ id: string; type: string; subject: string; data: Readonly<Record<string, unknown>> }>

/** A stream of events that is read until `close`; `told` grows. `at`: the id where it stands, as a reader that comes again says it. */
export async function readStream(url: string, key: string, o: { after?: string; lastId?: string; more?: string } = {}) {
  const query = new URLSearchParams(o.after === undefined ? {} : { after: o.after })
  const headers = {
    authorization: `Bearer ${key}`,
    accept: 'text/event-stream',
    ...(o.lastId === undefined ? {} : { 'last-event-id': o.lastId }),
  }
  // With a connection of its own: one that fetch breaks off makes it open another, which asks nothing, and a server that closes waits for it.
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${url}/v1/events?${query}${o.more ?? ''}`, { headers, agent: false }, resolve)
      .on('error', reject)
      .end()
  })
  const told: Told[] = []
  const stream = { status: response.statusCode, told, at: o.lastId, ended: Promise.resolve() }
  const reading = async () => {
    for await (const { id, data } of eventLines(Readable.toWeb(response) as ReadableStream<Uint8Array>)) {
      if (data !== undefined) told.push(JSON.parse(data) as Told) // The gateway's own.
      stream.at = id
    }
  }
  // Broken off, by whichever side.
  stream.ended = reading().catch(() => undefined)
  return Object.assign(stream, { close: () => void response.destroy() })
}
