import { Transform } from 'node:stream'
import type { FastifyReply, FastifyRequest, RequestPayload } from 'fastify'
import { GatewayError } from '../../errors/gatewayError.ts'

/** Bounds of large bodies. Times in milliseconds. */
type BodyBounds = Readonly<{
  /** Bytes of them that are in memory, of all callers. */
  bytesMax: number
  /** Within this a body has to be here. */
  readMsMax: number
  /** One that has been read for so long gives way to others when there is no room. */
  graceMs: number
}>

type Held = { caller: string; bytes: number; readingSince: number | undefined; cut: (why: GatewayError) => void; timer: NodeJS.Timeout }

/**
 * Large bodies in memory. Each counts with what of it has arrived, until it is answered: one that is announced and not sent takes no room. A caller has one at
 * a time, with no more than stays free, so a few large ones leave room for small ones. Where there is no room, the body that has been read longest gives way,
 * so who sends slowly keeps nobody out.
 */
export function heldBodies(bounds: BodyBounds, now: () => number = performance.now.bind(performance)) {
  const all = new Set<Held>()
  let bytes = 0

  function enter(caller: string, cut: Held['cut']) {
    if ([...all].some((one) => one.caller === caller))
      throw busy('Another batch of this caller is being read', 'Send one batch after the other; nothing was taken of this one.')
    const slow = () =>
      cut(busy(`The batch was not here within ${bounds.readMsMax / 1_000} s`, 'Nothing was taken. Send fewer rows, or over a faster line.'))
    const held: Held = { caller, bytes: 0, readingSince: now(), cut, timer: setTimeout(slow, bounds.readMsMax) }
    all.add(held)
    return {
      /** So many bytes more are here. Refuses with `too_busy` when there is no room for them. */
      hold(more: number): void {
        makeRoom(held, more)
        held.bytes += more
        bytes += more
      },
      /** All of it is here. */
      read(): void {
        held.readingSince = undefined
        clearTimeout(held.timer)
      },
      leave: () => leave(held),
    }
  }

  function leave(held: Held): void {
    clearTimeout(held.timer)
    if (all.delete(held)) bytes -= held.bytes
  }

  function makeRoom(held: Held, more: number): void {
    while (held.bytes + more > bounds.bytesMax - bytes - more) {
      const oldest = [...all].find((one) => one !== held && one.readingSince !== undefined && one.bytes > 0)
      if (!oldest || now() - oldest.readingSince! < bounds.graceMs)
        throw busy(
          'Batches of others leave no memory for one so large',
          'Nothing was taken. Ask again after the seconds in Retry-After, or with fewer rows.',
        )
      leave(oldest)
      oldest.cut(busy('The batch came too slowly, and others need its place', 'Nothing was taken. Send fewer rows, or over a faster line.'))
    }
  }

  return { enter, bytes: () => bytes }
}

function busy(words: string, hint: string): GatewayError {
  return new GatewayError('too_busy', words, { hint })
}

/** The hooks of a route that reads large bodies. `callerOf` throws for whom it does not know: he is refused before anything of it is read. */
export function holdingBodies(bodies: ReturnType<typeof heldBodies>, callerOf: (request: FastifyRequest) => string) {
  const entered = new WeakMap<FastifyRequest, { body: ReturnType<typeof bodies.enter>; counted: Transform }>()
  return {
    async onRequest(request: FastifyRequest, reply: FastifyReply): Promise<void> {
      const cut = (why: GatewayError) => {
        reply.header('connection', 'close')
        entered.get(request)?.counted.destroy(why)
      }
      const body = bodies.enter(callerOf(request), cut)
      const counted = new Transform({
        transform(chunk: Buffer, _, done) {
          try {
            body.hold(chunk.length)
            done(null, chunk)
          } catch (error) {
            reply.header('connection', 'close')
            done(error as Error) // A refusal.
          }
        },
        flush(done) {
          body.read()
          done()
        },
      })
      entered.set(request, { body, counted })
      reply.raw.once('close', () => {
        body.leave()
        counted.destroy()
      })
    },
    async preParsing(request: FastifyRequest, _: FastifyReply, payload: RequestPayload): Promise<RequestPayload> {
      const { counted } = entered.get(request)!
      payload.once('error', (error) => counted.destroy(error))
      // What comes after a refusal is let go, so that the refusal can be read.
      counted.once('error', () => void payload.unpipe(counted).resume())
      return payload.pipe(counted)
    },
    /** It is answered: what its connection does with the answer, behind others or to somebody who reads none, holds nothing. */
    async onSend(request: FastifyRequest): Promise<void> {
      entered.get(request)?.body.leave()
      request.body = undefined
    },
  }
}
