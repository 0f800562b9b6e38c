import { z } from 'zod'
import { answers, decimal, idempotent, idOf, metadata, money, pageOf, time } from './shapes.ts'

const trader = z.strictObject({
  name: z.string(),
  address: z.strictObject({
    street: z.string().nullable(),
    city: z.string().nullable(),
    postal_code: z.string().nullable(),
    country: z.string(),
  }),
  vat_id: z.string().nullable(),
})
const category = z.enum(['S', 'Z', 'E', 'AE', 'O'])

const invoice = z
  .strictObject({
    id: idOf('inv'),
    object: z.literal('invoice'),
    number: z.string().meta({ description: 'Of its payee, without gaps.' }),
    status: z.enum(['open', 'paid', 'refunded', 'void']).meta({ description: 'As its intent stands; void: that ended unpaid.' }),
    payment_intent: idOf('pi'),
    party: idOf('pa').optional(),
    split: idOf('sp').optional(),
    seller: trader,
    buyer: trader,
    lines: z.array(
      z.strictObject({
        description: z.string(),
        quantity: decimal,
        unit_price: money,
        net: money,
        tax: z.strictObject({ category, rate: decimal }),
      }),
    ),
    taxes: z.array(z.strictObject({ category, rate: decimal, base: money, amount: money })),
    net: money,
    tax: money,
    total: money,
    exemption_reason: z.string().nullable(),
    issued_on: z.iso.date(),
    due_on: z.iso.date(),
    paid_at_issue: z.boolean().meta({ description: 'Whether its documents ask for nothing, because it was paid when it was issued.' }),
    page: z.string().meta({ description: 'Where a person pays it: a path on this gateway.' }),
    pdf: z.string().meta({ description: 'Its PDF: a path on this gateway, read with the same key.' }),
    xml: z.string().meta({ description: 'Its e-invoice, in the same way.' }),
    metadata,
    created_by: z.string(),
    created_at: time,
  })
  .meta({ id: 'Invoice', description: 'What a payment intent is for, on paper. It never changes; only its status follows its intent.' })

export const invoiceOperations = {
  'POST /v1/invoices': idempotent('createInvoice', { 201: invoice }),
  'GET /v1/invoices': answers('listInvoices', { 200: pageOf(invoice) }),
  'GET /v1/invoices/:id': answers('getInvoice', { 200: invoice }),
  'GET /v1/invoices/:id.xml': answers('getInvoiceXml', { 200: z.string() }, { media: ['application/xml'] }),
}
