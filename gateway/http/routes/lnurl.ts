import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { showLightningAddress } from '../../lnurl/lightningAddress.ts'
import { metadataHash, metadataText } from '../../lnurl/metadata.ts'
import { readPayerData } from '../../lnurl/payerData.ts'
import type { Json } from '../../ports/books.ts'
import type { Address } from '../../wallet/lightningAddresses.ts'
import type { InvoicePurpose } from '../../wallet/partyInvoices.ts'
import type { Gateway } from '../context.ts'
import { baseUrl, lnurlAnswer, readQuery } from '../lnurlAnswer.ts'
import { authQuery, byName, payQuery, withdrawCallbackQuery, withdrawQuery } from '../lnurlWire.ts'
import { byId } from '../wire.ts'

/** Wallets pay at once or not at all. */
const INVOICE_LIFE_S = 600

/** What wallets call: Lightning Addresses (LUD-06, 09, 12, 16, 18, 21), withdrawal links (LUD-03) and logins (LUD-04). Nobody needs a key here. */
export function lnurlRoutes(g: Gateway): FastifyPluginAsyncZod {
  const { addresses, invoices, withdrawLinks, logins } = g.wallet
  const schema = (summary: string, params?: typeof byName | typeof byId) => ({ tags: ['lnurl'], summary, ...(params ? { params } : {}) })

  /** `name+tag` is `name`, with a word for the payee's own sorting (LUD-16). */
  const addressOf = (name: string): Address => addresses.get(name.toLowerCase().split('+')[0]!)

  function metadataOf(address: Address, name: string, host: string): string {
    return metadataText({ text: address.description, identifier: showLightningAddress({ name: name.toLowerCase(), host }) })
  }

  async function makeInvoice(name: string, base: URL, query: { amount: bigint; comment: string; payerdata: string }): Promise<unknown> {
    const address = addressOf(name)
    const { amount, comment, payerdata } = query
    const { minMsat, maxMsat, commentMax } = address
    if (amount < minMsat || amount > maxMsat) throw new GatewayError('invalid_amount', `The amount must be ${minMsat} to ${maxMsat} msat`)
    if ([...comment].length > commentMax) throw new GatewayError('invalid_request', `The comment is longer than ${commentMax} characters`)
    const asks = Object.keys(address.payerData).length > 0
    const payer = asks ? readPayerData(payerdata, address.payerData) : {}
    if (typeof payer === 'string') throw new GatewayError('invalid_request', payer)
    // LUD-18: what was asked for and sent is committed to as it was sent.
    const descriptionHash = metadataHash(metadataOf(address, name, base.host), asks ? payerdata : '')
    const purpose: InvoicePurpose = {
      ...{ kind: 'address', of: name.toLowerCase(), description: address.description },
      ...(comment === '' ? {} : { comment }),
      ...(Object.keys(payer).length === 0 ? {} : { payerData: payer as Json }),
    }
    const made = await invoices.make({ party: address.party, amountMsat: amount, expiresInS: INVOICE_LIFE_S, descriptionHash, purpose })
    return {
      ...{ pr: made.invoice, routes: [], disposable: false },
      ...(address.success ? { successAction: address.success } : {}),
      verify: String(new URL(`/lnurl/verify/${made.paymentHash}`, base)),
    }
  }

  return async (app) => {
    app.get(
      '/.well-known/lnurlp/:name',
      { schema: schema('A Lightning Address: on what terms it can be paid', byName) },
      (request, reply) =>
        lnurlAnswer(reply, async () => {
          const { name } = request.params as { name: string } // Matched by the schema.
          const address = addressOf(name)
          const base = baseUrl(g, request)
          const { payerData, commentMax, minMsat, maxMsat } = address
          return {
            tag: 'payRequest',
            callback: String(new URL(`/lnurl/pay/${encodeURIComponent(name)}`, base)),
            // LNURL writes millisatoshi as JSON numbers; the limits of an address are far below 2^53.
            ...{ minSendable: Number(minMsat), maxSendable: Number(maxMsat), metadata: metadataOf(address, name, base.host) },
            ...(commentMax > 0 ? { commentAllowed: commentMax } : {}),
            ...(Object.keys(payerData).length > 0 ? { payerData } : {}),
          }
        }),
    )
    app.get('/lnurl/pay/:name', { schema: schema('An invoice of a Lightning Address', byName) }, (request, reply) =>
      lnurlAnswer(reply, async () => {
        const { name } = request.params as { name: string } // Matched by the schema.
        return makeInvoice(name, baseUrl(g, request), readQuery(request, payQuery))
      }),
    )
    app.get('/lnurl/verify/:id', { schema: schema('Whether an invoice of a Lightning Address is paid (LUD-21)', byId) }, (request, reply) =>
      lnurlAnswer(reply, async () => {
        const { id } = request.params as { id: string } // Matched by the schema.
        const invoice = invoices.get(id.toLowerCase())
        if (invoice?.purpose.kind !== 'address') throw new GatewayError('not_found', 'Not found')
        const { paid } = invoice
        return { status: 'OK', settled: paid !== undefined, preimage: paid?.preimage ?? null, pr: invoice.invoice }
      }),
    )
    app.get('/lnurl/withdraw/:id', { schema: schema('What can be withdrawn by a link', byId) }, (request, reply) =>
      lnurlAnswer(reply, async () => {
        const { id } = request.params as { id: string } // Matched by the schema.
        const { k1 } = readQuery(request, withdrawQuery)
        const { link, minMsat, maxMsat } = withdrawLinks.terms(id, k1)
        const callback = String(new URL(`/lnurl/withdraw/${id}/pay`, baseUrl(g, request)))
        return {
          ...{ tag: 'withdrawRequest', callback, k1, defaultDescription: link.description },
          ...{ minWithdrawable: Number(minMsat), maxWithdrawable: Number(maxMsat) },
        }
      }),
    )
    app.get('/lnurl/withdraw/:id/pay', { schema: schema('Withdraw to an invoice', byId) }, (request, reply) =>
      lnurlAnswer(reply, async () => {
        const { id } = request.params as { id: string } // Matched by the schema.
        const { k1, pr } = readQuery(request, withdrawCallbackQuery)
        await withdrawLinks.withdraw(id, k1, pr)
        return { status: 'OK' }
      }),
    )
    app.get('/lnurl/auth', { schema: schema('Sign a login') }, (request, reply) =>
      lnurlAnswer(reply, async () => {
        logins.sign(readQuery(request, authQuery))
        return { status: 'OK' }
      }),
    )
  }
}
