import { PassThrough } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { Money } from '../../gateway/money/money.ts'

/** 200,000 bytes that are no text, each run of four of them a number of its own. */
export const LONG = Buffer.from(Uint32Array.from({ length: 50_000 }, (_, n) => 0xff000000 + n).buffer)
/** What `/little` keeps of an answer. */
export const LITTLE_BYTES = 150_000

/** `give` sends the next part of the stream that runs now, `end` ends it; `ended` says that its source was read to the end or broken off. */
export type LongWork = Readonly<{ give: (part: string | Uint8Array) => void; end: () => void; breaks: () => void; isDone: () => boolean }>

/** Routes whose answers the journal does not keep. */
export function sellLong(app: FastifyInstance, o: Readonly<{ price: Money; payee: string }>, count: () => number): LongWork {
  let source = new PassThrough()
  const stream = () => {
    count()
    source = new PassThrough()
    return source
  }
  app.get('/long', { config: o }, async (_, reply) => {
    count()
    return reply.type('application/octet-stream').send(LONG)
  })
  app.get('/little', { config: { ...o, keep: LITTLE_BYTES } }, async (_, reply) => reply.type('application/octet-stream').send(stream()))
  app.get('/stream', { config: o }, async (_, reply) => reply.type('application/octet-stream').send(stream()))
  app.get('/events', { config: o }, async (_, reply) => reply.type('text/event-stream').send(stream()))
  app.get('/once', { config: { ...o, keep: 0 } }, async (_, reply) => {
    count()
    return reply.type('application/octet-stream').send(LONG)
  })
  return {
    give: (part) => void source.write(part),
    end: () => void source.end(),
    breaks: () => void source.destroy(new Error('the work broke')),
    isDone: () => source.destroyed || source.readableEnded,
  }
}
