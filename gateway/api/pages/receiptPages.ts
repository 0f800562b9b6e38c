import { readFileSync } from 'node:fs'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { chooseWords } from '../html/words/chooseWords.ts'
import type { Faces } from '../http/faces.ts'
import { byId } from '../http/wire.ts'
import { PAGE_HEADERS } from './payPage.ts'
import { receiptNames } from './receiptNames.ts'
import { receiptPage } from './receiptPage.ts'
import { receiptPdf } from './receiptPdf.ts'

type Needs = Readonly<{
  ground: Pick<Faces['ground'], 'assets'>
  audit: Readonly<{ receipts: Pick<Faces['audit']['receipts'], 'sign'> }>
  payins: Pick<Faces['payins'], 'findPayment'>
}>

/** The page of a receipt, and the same as a PDF. Whoever knows its id may read it: only its payer and its payee were told it. */
export function receiptPageRoutes({ audit, ground, payins }: Needs): FastifyPluginAsyncZod {
  const script = readFileSync(new URL('./receiptPageScript.js', import.meta.url), 'utf8')
  const names = receiptNames(ground.assets)
  const missing = (id: string) => new GatewayError('not_found', `There is no receipt ${id.slice(0, 60)}`)
  return async (app) => {
    app.get('/receipts/:id(^rc_[0-9a-f]{32}).pdf', { schema: { params: byId, hide: true } }, async (request, reply) => {
      const { id } = request.params
      const payment = await payins.findPayment(id)
      if (!payment) throw missing(id)
      const signed = audit.receipts.sign(payment.receipt)
      const { state, reason } = payment.status
      const pdf = receiptPdf({ signed, state, reason, words: chooseWords(request.headers['accept-language']), names })
      const headers = {
        'content-disposition': `inline; filename="${id}.pdf"`,
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      }
      return reply.headers(headers).header('vary', 'accept-language').type('application/pdf').send(pdf)
    })
    app.get('/receipts/page.js', { schema: { hide: true } }, async (_, reply) => reply.type('text/javascript; charset=utf-8').send(script))
    app.get(
      '/receipts/:id',
      {
        schema: { params: byId, hide: true },
      },
      async (request, reply) => {
        const payment = await payins.findPayment(request.params.id)
        if (!payment) throw missing(request.params.id)
        const page = receiptPage({
          receipt: payment.receipt,
          state: payment.status.state,
          reason: payment.status.reason,
          words: chooseWords(request.headers['accept-language']),
          names,
        })
        return reply.headers(PAGE_HEADERS).type('text/html; charset=utf-8').send(page)
      },
    )
  }
}
