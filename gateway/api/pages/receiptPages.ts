import { readFileSync } from 'node:fs'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { Faces } from '../http/faces.ts'
import { byId } from '../http/wire.ts'
import { PAGE_HEADERS } from './payPage.ts'
import { receiptPage } from './receiptPage.ts'
import { chooseWords } from './words/chooseWords.ts'

type Needs = Readonly<{ ground: Pick<Faces['ground'], 'assets'>; payins: Pick<Faces['payins'], 'findPayment'> }>

/** The page of a receipt. Whoever knows its id may read it: only its payer and its payee were told it. */
export function receiptPageRoutes({ ground, payins }: Needs): FastifyPluginAsyncZod {
  const script = readFileSync(new URL('./receiptPageScript.js', import.meta.url), 'utf8')
  const codes = new Map(ground.assets.map(({ id, code }) => [id, code]))
  return async (app) => {
    app.get('/receipts/page.js', { schema: { hide: true } }, async (_, reply) => reply.type('text/javascript; charset=utf-8').send(script))
    app.get(
      '/receipts/:id',
      {
        schema: { params: byId, hide: true },
      },
      async (request, reply) => {
        const payment = await payins.findPayment(request.params.id)
        if (!payment) throw new GatewayError('not_found', `There is no receipt ${request.params.id.slice(0, 60)}`)
        const page = receiptPage({
          receipt: payment.receipt,
          state: payment.status.state,
          words: chooseWords(request.headers['accept-language']),
          codeOf: (id) => codes.get(id) ?? id,
        })
        return reply.headers(PAGE_HEADERS).type('text/html; charset=utf-8').send(page)
      },
    )
  }
}
