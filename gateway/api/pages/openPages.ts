import type { FastifyReply, FastifyRequest } from 'fastify'
import { prefixesOf } from '../../guard/admission/prefixes.ts'
import { createShares } from '../../guard/admission/shares.ts'
import type { Clock } from '../../ports/clock.ts'

/** Pages that are told of changes at once; who comes later asks again and again. */
const OPEN_MAX = 2_000
/** One network has an eighth of what is free. */
const PARTS = 8
/** A page that is open longer connects again by itself. */
const LIFE_MS = 600_000
/** Proxies let go of lines on which nothing comes for a minute. */
const BEAT_MS = 25_000

/** Open pages that hear of changes by server-sent events (HTML, section 9.2): a bounded number, in fair shares of networks. */
export function createOpenPages(clock: Clock) {
  const shares = createShares({ clock, max: OPEN_MAX, parts: PARTS, lifeMs: LIFE_MS, what: 'open pages' })

  /** `watch` is handed how to tell, and answers how to stop. Throws `too_busy`. */
  return (request: FastifyRequest, reply: FastifyReply, watch: (tell: (data: object) => void) => () => void): void => {
    const { raw } = reply
    const done = shares.take('pages', prefixesOf(request.ip).wide, () => raw.end())
    reply.hijack()
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
    // The browser comes back after so many ms when the line breaks.
    raw.write('retry: 3000\n\n')
    const stop = watch((data) => raw.write(`data: ${JSON.stringify(data)}\n\n`))
    const beat = setInterval(() => raw.write(':\n\n'), BEAT_MS)
    const end = setTimeout(done, LIFE_MS).unref()
    raw.once('close', () => {
      clearInterval(beat)
      clearTimeout(end)
      stop()
      done()
    })
  }
}
