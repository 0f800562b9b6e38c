import type { FastifyInstance } from 'fastify'

/** What a payer's page sends: its proof or its key, and what makes a request its own. */
const ALLOWED_HEADERS = 'Authorization, PAYMENT-SIGNATURE, Idempotency-Key, Accept-Payment, Content-Type, Range, If-Range, Last-Event-ID'
/** What it has to read; without these names a browser hides them. */
const EXPOSED_HEADERS =
  'WWW-Authenticate, PAYMENT-REQUIRED, PAYMENT-RESPONSE, Payment-Receipt, Switchyard-Receipt, Switchyard-Refund, Idempotent-Replayed, Retry-After, Link, Content-Range, ETag, Switchyard-Cut'
const PREFLIGHT_S = '7200'

/**
 * Lets pages of any origin pay and read (CORS, the Fetch standard), without credentials: a payment is said in a header that the page must have, and a
 * browser adds no cookie and no login of its own, so a page can do here only what any program can. `OPTIONS` is answered before anything is asked for.
 */
export function addCrossOrigin(app: FastifyInstance): void {
  const methods = new Map<string, Set<string>>()

  app.addHook('onRoute', ({ url, method, config }) => {
    if (config?.price === undefined) return
    const known = methods.get(url)
    const allowed = known ?? new Set<string>()
    for (const name of [method].flat()) allowed.add(name)
    methods.set(url, allowed)
    if (known) return
    app.options(url, { schema: { hide: true } }, async (_, reply) => {
      reply.header('access-control-allow-origin', '*')
      reply.header('access-control-allow-methods', [...allowed].join(', '))
      reply.header('access-control-allow-headers', ALLOWED_HEADERS)
      reply.header('access-control-max-age', PREFLIGHT_S)
      return reply.code(204).send()
    })
  })

  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.price === undefined || request.headers.origin === undefined) return
    reply.header('access-control-allow-origin', '*')
    reply.header('access-control-expose-headers', EXPOSED_HEADERS)
  })
}
