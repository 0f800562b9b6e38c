import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { prefixesOf } from '../../guard/admission/prefixes.ts'
import type { Json } from '../../ports/books.ts'
import { showLightningAddress } from '../../wallets/lnurl/lightningAddress.ts'
import { metadataHash, metadataText } from '../../wallets/lnurl/metadata.ts'
import { readPayerData } from '../../wallets/lnurl/payerData.ts'
import type { Address } from '../../wallets/wallet/address.ts'
import { toMsatNumber } from '../../wallets/wallet/appWire.ts'
import { NAME_RECORD } from '../../wallets/wallet/keysends.ts'
import type { InvoicePurpose } from '../../wallets/wallet/partyInvoice.ts'
import type { Wallet } from '../../wallets/wallet/wallet.ts'
import type { Faces } from '../http/faces.ts'
import { byId } from '../http/wire.ts'
import { baseUrl, lnurlAnswer, readQuery } from './lnurlAnswer.ts'
import { byName, type PayQuery, payQuery } from './lnurlWire.ts'

/** Wallets pay at once or not at all. */
const INVOICE_LIFE_S = 600

/** What wallets call to pay a Lightning Address (LUD-06, 09, 12, 16, 18, 21). Nobody needs a key here. */
export function lnurlPayRoutes({ callers, wallets }: Pick<Faces, 'callers' | 'wallets'>): FastifyPluginAsyncZod {
  const schema = <P extends typeof byName | typeof byId>(summary: string, params: P) => ({ params, tags: ['lnurl'], summary })

  return async (app) => {
    app.get(
      '/.well-known/lnurlp/:name',
      { schema: schema('A Lightning Address: on what terms it can be paid', byName) },
      (request, reply) => lnurlAnswer(reply, async () => termsOf(wallets.wallet, request.params.name, baseUrl(callers, request))),
    )
    app.get(
      '/lnurl/pay/:name',
      { exposeHeadRoute: false, config: { weight: 2 }, schema: schema('An invoice of a Lightning Address', byName) },
      (request, reply) =>
        lnurlAnswer(reply, () => {
          const asked = { name: request.params.name, base: baseUrl(callers, request), asker: prefixesOf(request.ip).wide }
          return makeInvoice(wallets.wallet, asked, readQuery(request, payQuery))
        }),
    )
    app.get(
      '/.well-known/keysend/:name',
      { schema: schema('By which keysend a Lightning Address can be paid', byName) },
      (request, reply) =>
        lnurlAnswer(reply, async () => {
          const { name } = addressOf(wallets.wallet, request.params.name)
          const keysendNode = wallets.wallet.keysendNode()
          if (keysendNode === undefined) throw new GatewayError('not_found', 'No keysend is taken here')
          return { status: 'OK', tag: 'keysend', pubkey: keysendNode, customData: [{ customKey: NAME_RECORD, customValue: name }] }
        }),
    )
    app.get('/lnurl/verify/:id', { schema: schema('Whether an invoice of a Lightning Address is paid (LUD-21)', byId) }, (request, reply) =>
      lnurlAnswer(reply, async () => {
        const invoice = wallets.wallet.invoices.get(request.params.id.toLowerCase())
        if (invoice?.purpose.kind !== 'address') throw new GatewayError('not_found', 'Not found')
        const { paid } = invoice
        return { status: 'OK', settled: paid !== undefined, preimage: paid?.preimage ?? null, pr: invoice.invoice }
      }),
    )
  }
}

/** `name+tag` is `name`, with a word for the payee's own sorting (LUD-16). */
function addressOf(wallet: Wallet, name: string): Address {
  return wallet.addresses.get(name.toLowerCase().split('+')[0]!)
}

function metadataOf(address: Address, name: string, host: string): string {
  return metadataText({ text: address.description, identifier: showLightningAddress({ name: name.toLowerCase(), host }) })
}

function termsOf(wallet: Wallet, name: string, base: URL): unknown {
  const address = addressOf(wallet, name)
  const { payerData, commentMax, minMsat, maxMsat } = address
  return {
    tag: 'payRequest',
    callback: String(new URL(`/lnurl/pay/${encodeURIComponent(name)}`, base)),
    // The limits of an address are below 2^53, so that these are exact.
    minSendable: toMsatNumber(minMsat),
    maxSendable: toMsatNumber(maxMsat),
    metadata: metadataOf(address, name, base.host),
    ...(commentMax > 0 ? { commentAllowed: commentMax } : {}),
    ...(Object.keys(payerData).length > 0 ? { payerData } : {}),
  }
}

type Asked = Readonly<{ name: string; base: URL; asker: string }>

async function makeInvoice(wallet: Wallet, { name, base, asker }: Asked, { amount, comment, payerdata }: PayQuery): Promise<unknown> {
  const address = addressOf(wallet, name)
  const { minMsat, maxMsat, commentMax } = address
  if (amount < minMsat || amount > maxMsat) throw new GatewayError('invalid_amount', `The amount must be ${minMsat} to ${maxMsat} msat`)
  if ([...comment].length > commentMax) throw new GatewayError('invalid_request', `The comment is longer than ${commentMax} characters`)
  const asks = Object.keys(address.payerData).length > 0
  const payer = asks ? readPayerData(payerdata, address.payerData) : {}
  if (typeof payer === 'string') throw new GatewayError('invalid_request', payer)
  // LUD-18: what was asked for and sent is committed to as it was sent.
  const descriptionHash = metadataHash(metadataOf(address, name, base.host), asks ? payerdata : '')
  const purpose: InvoicePurpose & { kind: 'address' } = {
    kind: 'address',
    of: name.toLowerCase(),
    description: address.description,
    ...(comment === '' ? {} : { comment }),
    ...(Object.keys(payer).length === 0 ? {} : { payerData: payer as Json }), // Texts, and an object of texts.
  }
  const wanted = { party: address.party, amountMsat: amount, expiresInS: INVOICE_LIFE_S, descriptionHash, purpose, asker }
  const made = await wallet.invoices.make(wanted)
  return {
    pr: made.invoice,
    routes: [],
    disposable: false,
    ...(address.success ? { successAction: address.success } : {}),
    verify: String(new URL(`/lnurl/verify/${made.paymentHash}`, base)),
  }
}
