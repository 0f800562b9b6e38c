import { readFileSync } from 'node:fs'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { Faces } from '../http/faces.ts'
import { baseUrl } from '../walletRoutes/lnurlAnswer.ts'
import { type Description, placedIn } from './description.ts'
import { operationPage } from './operationPage.ts'
import { listPage, REFERENCE_HEADERS } from './page.ts'

const HTML = 'text/html; charset=utf-8'
const search = z.object({ q: z.string().trim().max(100).default('') })
const named = z.strictObject({ id: z.string().max(80) })

type Needs = Readonly<{ callers: Pick<Faces['callers'], 'publicUrl'> }>

/** The API as people read it. `describe`: the description that is served as /openapi.json, once all routes are there. */
export function referenceRoutes({ callers }: Needs, describe: () => unknown): FastifyPluginAsyncZod {
  const style = readFileSync(new URL('./reference.css', import.meta.url), 'utf8')
  return async (app) => {
    app.get('/reference/page.css', { schema: { hide: true } }, async (_, reply) => reply.type('text/css; charset=utf-8').send(style))
    app.get('/reference', { schema: { querystring: search, hide: true } }, async (request, reply) => {
      const description = describe() as Description // Our own document.
      const page = listPage(description, placedIn(description), request.query.q)
      return reply.headers(REFERENCE_HEADERS).type(HTML).send(page)
    })
    app.get('/reference/:id', { schema: { params: named, hide: true } }, async (request, reply) => {
      const description = describe() as Description // Our own document.
      const all = placedIn(description)
      const placed = all.find(({ operation }) => operation.operationId === request.params.id)
      if (!placed) throw new GatewayError('not_found', `There is no operation ${request.params.id.slice(0, 60)}`)
      const [tag] = placed.operation.tags
      const others = all.filter((one) => one !== placed && one.operation.tags[0] === tag)
      const page = operationPage(placed, { description, origin: baseUrl(callers, request).origin, others })
      return reply.headers(REFERENCE_HEADERS).type(HTML).send(page)
    })
  }
}
