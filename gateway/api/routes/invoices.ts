import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { TraderData } from '../../invoices/facts.ts'
import type { Invoice } from '../../invoices/invoice.ts'
import type { NewInvoice } from '../../invoices/invoices.ts'
import { ublInvoice } from '../../invoices/ublInvoice.ts'
import { type Caller, callerId, findOwn } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { byId } from '../http/wire.ts'
import { answerList } from '../lists/answerList.ts'
import { invoiceView } from './invoiceView.ts'
import { createInvoice, invoicesQuery } from './invoiceWire.ts'
import { isPaid, requireMaker } from './soldFor.ts'

type Needs = Pick<Faces, 'audit' | 'callers' | 'ground' | 'invoices' | 'ledger' | 'parties' | 'payins'>
type Body = z.output<typeof createInvoice>

const tags = ['invoices']

/** Invoices of intents: issued by whoever is paid, of a split's intent by its maker, and read as JSON and as an e-invoice; as a PDF in `pages`. */
export function invoiceRoutes(faces: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    addIssuing(app, faces)
    addReading(app, faces)
    addDocuments(app, faces)
  }
}

function addIssuing(app: RouteApp, { callers, invoices, parties, payins }: Needs): void {
  const summary = 'Issue the invoice of a payment intent, under the next number of its payee'
  app.post('/v1/invoices', { schema: { body: createInvoice, tags, summary } }, async (request, reply) => {
    const caller = callers.authenticate(request)
    const found = findOwn(
      caller,
      () => payins.intents.get(request.body.payment_intent),
      ({ payee }, party) => isPaid(parties, payee, party),
    )
    requireMaker(parties, caller, found)
    const fresh = newInvoice(found.id, request.body)
    return callers.idempotent(request, reply, caller, async (record) => {
      const along = (made: Invoice) => record(201, invoiceView(made, made.data.paid ? 'paid' : 'open'))
      await invoices.issue(fresh, { by: callerId(caller), along })
    })
  })
}

function addReading(app: RouteApp, faces: Needs): void {
  const { callers, invoices } = faces
  const view = async (invoice: Invoice) => invoiceView(invoice, await invoices.statusOf(invoice))
  const listed = { querystring: invoicesQuery, tags, summary: 'Newest first; a party sees those that it issued' }
  app.get('/v1/invoices', { schema: listed }, async (request, reply) => {
    const caller = callers.authenticate(request)
    const { payment_intent: intent, reference, ...query } = request.query
    if (intent !== undefined && reference !== undefined)
      throw new GatewayError('invalid_request', 'payment_intent and reference are one filter', { hint: 'Name one of them.' })
    const show = (id: string) => view(invoices.get(id))
    return answerList(faces, { caller, list: 'invoices', query: { ...query, reference: intent ?? reference }, reply, show })
  })
  const one = { params: byId, tags, summary: 'One invoice, and whether it is paid' }
  app.get('/v1/invoices/:id', { schema: one }, async (request) =>
    view(findOwnInvoice(faces, callers.authenticate(request), request.params.id)),
  )
}

function addDocuments(app: RouteApp, faces: Needs): void {
  const schema = { params: byId, tags, summary: 'The e-invoice: UBL 2.1 by EN 16931' }
  app.get('/v1/invoices/:id.xml', { schema }, async (request, reply) => {
    const invoice = findOwnInvoice(faces, faces.callers.authenticate(request), request.params.id)
    return reply
      .headers(fileHeaders(`${invoice.id}.xml`))
      .type('application/xml; charset=utf-8')
      .send(ublInvoice(invoice))
  })
}

/** Of a document that a browser shows under its name, and keeps nowhere. */
export function fileHeaders(name: string) {
  return { 'content-disposition': `inline; filename="${name}"`, 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' }
}

/** An invoice is of whoever its intent pays. */
export function findOwnInvoice({ invoices, parties }: Pick<Needs, 'invoices' | 'parties'>, caller: Caller, id: string): Invoice {
  return findOwn(
    caller,
    () => invoices.get(id),
    ({ data }, party) => isPaid(parties, data.payee, party),
  )
}

function newInvoice(intent: NewInvoice['intent'], body: Body): NewInvoice {
  const { seller, buyer, lines, exemption_reason: exemption, due: dueOn, metadata } = body
  return {
    intent,
    seller: traderOf(seller),
    buyer: traderOf(buyer),
    lines: lines.map(({ description, quantity, unit_price: price, tax }) => ({ description, quantity, unitPrice: price.amount, tax })),
    ...(exemption === undefined ? {} : { exemption }),
    dueOn,
    metadata,
  }
}

function traderOf({ name, address: { street, city, postal_code: postalCode, country }, vat_id: vatId }: Body['seller']): TraderData {
  const address = {
    ...(street === undefined ? {} : { street }),
    ...(city === undefined ? {} : { city }),
    ...(postalCode === undefined ? {} : { postalCode }),
    country,
  }
  return { name, address, ...(vatId === undefined ? {} : { vatId }) }
}
