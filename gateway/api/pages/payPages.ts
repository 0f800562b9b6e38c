import { readFileSync } from 'node:fs'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { authorizationNonce } from '../../split/authorizationNonce.ts'
import type { Faces } from '../http/faces.ts'
import { byId, payIntent } from '../http/wire.ts'
import { ASKS_A_CHAIN, payOnChain } from '../routes/payOnChain.ts'
import { PAGE_HEADERS, payPage } from './payPage.ts'

/**
 * The page that a person pays an intent on. Whoever knows the intent's id may open it and pay, and learns what it costs and whether it is paid; nothing
 * else of the intent is shown, such as its metadata or payee.
 */
export function payPageRoutes({ ground, guard, payins }: Pick<Faces, 'ground' | 'guard' | 'payins'>): FastifyPluginAsyncZod {
  const asset = (name: string) => readFileSync(new URL(`./${name}`, import.meta.url), 'utf8')
  const [script, style] = [asset('payPageScript.js'), asset('payPage.css')]
  const authorization = payIntent.options[1]

  return async (app) => {
    app.get('/pay/page.js', { schema: { hide: true } }, async (_, reply) => reply.type('text/javascript; charset=utf-8').send(script))
    app.get('/pay/page.css', { schema: { hide: true } }, async (_, reply) => reply.type('text/css; charset=utf-8').send(style))
    app.get(
      '/pay/:id',
      {
        schema: {
          params: byId,
          tags: ['payment intents'],
          summary: 'A page to pay the intent on: QR code, WebLN, browser wallets, bank',
          response: { 200: z.string() },
        },
      },
      async (request, reply) => {
        const page = payPage(payins.intents.get(request.params.id), { now: ground.clock.now(), nonceOf: authorizationNonce })
        return reply.headers(PAGE_HEADERS).type('text/html; charset=utf-8').send(page)
      },
    )
    app.get('/pay/:id/status', { schema: { params: byId, hide: true } }, async (request, reply) => {
      const { status, paid } = payins.intents.get(request.params.id)
      return reply.header('cache-control', 'no-store').send({ status, receipt: paid?.receipt ?? null })
    })
    app.post(
      '/pay/:id/authorization',
      {
        config: { weight: ASKS_A_CHAIN },
        schema: {
          params: byId,
          body: authorization,
          tags: ['payment intents'],
          summary: 'Hand over a signed authorization that pays the intent; needs no key',
        },
      },
      async (request, reply) => {
        const { rail, authorization: signed } = request.body
        return reply
          .code(202)
          .send(
            await payOnChain({ ground, guard, payins }, payins.intents.get(request.params.id), { choice: rail, signed, ip: request.ip }),
          )
      },
    )
  }
}
