import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { callerId, requireOperator } from '../http/authenticate.ts'
import { boundedWaits } from '../http/boundedWaits.ts'
import type { Faces } from '../http/faces.ts'

/** How long a caller waits for a verification before it is told how far it is, and how many may wait. */
const WAIT_MS = 20_000
const WAITS_MAX = 100

/** Does everything agree? Reading a long journal takes its time: who is told 202 asks again, and finds the same verification further on or done. */
export function verificationRoutes({ audit, callers }: Pick<Faces, 'audit' | 'callers'>): FastifyPluginAsyncZod {
  return async (app) => {
    const waits = boundedWaits(WAITS_MAX)
    app.addHook('preClose', async () => waits.end())
    app.get(
      '/v1/verify',
      {
        schema: {
          tags: ['operations'],
          summary: 'Compare the ledger with itself and with every rail; 202 with how far it is while a long journal is read',
        },
      },
      async (request, reply) => {
        const caller = callers.authenticate(request)
        requireOperator(caller)
        const verification = await waits.during({ caller: callerId(caller), reply }, (signal) => inTime(audit.verify(), signal))
        if (verification) return verification
        return reply
          .code(202)
          .header('retry-after', '1')
          .send({ state: 'running', journal: audit.verifying() ?? null })
      },
    )
  }
}

/** What `work` comes to; undefined when it takes longer than a caller waits, or the caller has gone. The work goes on. */
function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>()
  const stop = () => late.resolve(undefined)
  const timer = setTimeout(stop, WAIT_MS)
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop)
  return Promise.race([work, late.promise]).finally(() => {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  })
}
