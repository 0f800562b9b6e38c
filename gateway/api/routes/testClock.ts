import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ClockMoves, ClockView } from '../../testMode/clockMoves.ts'
import { callerId, requireOperator } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'

const ON_LOCAL = { tags: ['test mode'] }

const advanceRequest = z
  .strictObject({ by_s: z.int().min(1).optional(), to: z.iso.datetime({ offset: true }).optional() })
  .refine(({ by_s: byS, to }) => (byS === undefined) !== (to === undefined), {
    message: 'needs exactly one of by_s and to',
    path: ['by_s'],
  })

/** The clock of a local network. These routes are not there elsewhere. */
export function testClockRoutes({ callers }: Pick<Faces, 'callers'>, clock: ClockMoves): FastifyPluginAsyncZod {
  return async (app) => {
    app.get('/v1/test/clock', { schema: { ...ON_LOCAL, summary: 'What time it is here' } }, async (request) => {
      requireOperator(callers.authenticate(request))
      return view(clock.view())
    })
    app.post(
      '/v1/test/clock/advance',
      { schema: { ...ON_LOCAL, body: advanceRequest, summary: 'Put the clock forward, and the local world with it' } },
      async (request, reply) => {
        const caller = callers.authenticate(request)
        requireOperator(caller)
        const { by_s: byS, to } = request.body
        return callers.idempotent(request, reply, caller, (record) =>
          clock.advance(byS === undefined ? { to: Date.parse(to!) } : { byS }, {
            by: callerId(caller),
            along: (moved) => record(200, view(moved)),
          }),
        )
      },
    )
  }
}

function view({ now, aheadS }: ClockView) {
  return { object: 'test_clock', now: new Date(now).toISOString(), ahead_s: aheadS }
}
