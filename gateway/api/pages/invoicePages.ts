import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Faces } from '../http/faces.ts'
import { byId } from '../http/wire.ts'
import { fileHeaders, findOwnInvoice } from '../routes/invoices.ts'
import { invoicePdf } from './invoicePdf.ts'

type Needs = Pick<Faces, 'callers' | 'invoices' | 'parties'>

/** An invoice as a PDF, for who may read it. Clients that are made of the contract read text, so it has no row there. */
export function invoicePageRoutes(faces: Needs): FastifyPluginAsyncZod {
  const { callers } = faces
  return async (app) => {
    app.get('/invoices/:id.pdf', { schema: { params: byId, hide: true } }, async (request, reply) => {
      const invoice = findOwnInvoice(faces, callers.authenticate(request), request.params.id)
      const page = `${callers.publicUrl ?? ''}/pay/${invoice.data.intent}`
      return reply
        .headers(fileHeaders(`${invoice.id}.pdf`))
        .type('application/pdf')
        .send(invoicePdf(invoice, page))
    })
  }
}
