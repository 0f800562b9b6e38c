import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { BTC } from '../../money/asset.ts'
import { money, parseAmount } from '../../money/money.ts'
import type { PartyId } from '../../ports/ids.ts'
import { writeBitcoinUri } from '../../wallets/bitcoinUri/writeBitcoinUri.ts'
import { showLightningAddress } from '../../wallets/lnurl/lightningAddress.ts'
import { encodeLnurl } from '../../wallets/lnurl/lnurlText.ts'
import type { Address } from '../../wallets/wallet/address.ts'
import type { Keysend } from '../../wallets/wallet/keysends.ts'
import type { PartyInvoice } from '../../wallets/wallet/partyInvoice.ts'
import type { StandingOffer } from '../../wallets/wallet/standingOffers.ts'
import { callerId, requireParty } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { moneyView } from '../http/views.ts'
import { baseUrl } from './lnurlAnswer.ts'
import { byName, createAddress, destinationQuery } from './lnurlWire.ts'

/** One satoshi, and a hundredth of a bitcoin, in msat: what an address takes unless it is told otherwise. */
const MIN_MSAT = 1_000n
const MAX_MSAT = 1_000_000_000n
/** The largest number that JSON carries exactly. */
const SENDABLE_MAX = 9_007_199_254_740_991n
const PAYMENTS_SHOWN = 50

/** Lightning Addresses: names under which parties are paid over Lightning. */
export function lightningAddressRoutes({
  callers,
  parties,
  wallets,
}: Pick<Faces, 'callers' | 'parties' | 'wallets'>): FastifyPluginAsyncZod {
  const { addresses, invoices } = wallets.wallet

  function view(address: Address, base: URL) {
    const { name, party, description, minMsat, maxMsat, commentMax, payerData, success, createdAt } = address
    return {
      ...{ object: 'lightning_address', name, address: showLightningAddress({ name, host: base.host }), party, description },
      lnurl: encodeLnurl(new URL(`/.well-known/lnurlp/${encodeURIComponent(name)}`, base)),
      ...{ min: moneyView(money(BTC, minMsat)), max: moneyView(money(BTC, maxMsat)), comment_max: commentMax },
      ...offerView(wallets.wallet.offers.find(name)),
      ...{ payer_data: payerData, success: success ?? null, created_at: new Date(createdAt).toISOString() },
    }
  }

  function paymentView({ paymentHash, purpose, paid }: PartyInvoice & { paid: NonNullable<PartyInvoice['paid']> }) {
    return {
      ...{ payment_hash: paymentHash, to: purpose.of, amount: moneyView(paid.amount), at: new Date(paid.at).toISOString() },
      ...{ comment: purpose.comment ?? null, payer_data: purpose.payerData ?? null, podcast: null },
    }
  }

  /** A keysend has no invoice to say anything; a podcast app's record does. */
  function keysendView({ paymentHash, to, amount, at, podcast }: Keysend) {
    const paid = { payment_hash: paymentHash, to, amount: moneyView(amount), at: new Date(at).toISOString() }
    return { ...paid, comment: null, payer_data: null, podcast }
  }

  return async (app) => {
    app.post(
      '/v1/lightning_addresses',
      { schema: { body: createAddress, tags: ['lightning addresses'], summary: 'Give a party a name@host that it is paid under' } },
      async (request, reply) => {
        const caller = callers.authenticate(request)
        const { body } = request
        requireParty(caller, body.party)
        const party: PartyId = parties.parties.get(body.party).id
        const minMsat = body.min ? parseAmount(body.min.amount, BTC).units : MIN_MSAT
        const maxMsat = body.max ? parseAmount(body.max.amount, BTC).units : MAX_MSAT
        if (minMsat < 1n || minMsat > maxMsat || maxMsat > SENDABLE_MAX) {
          throw new GatewayError('invalid_amount', 'The least must be more than nothing and not more than the most')
        }
        const payerData = Object.fromEntries(Object.entries(body.payer_data).flatMap(([item, wish]) => (wish ? [[item, wish]] : [])))
        const { name, description, comment_max: commentMax, success } = body
        const base = baseUrl(callers, request)
        const terms = { name, party, description, minMsat, maxMsat, commentMax, payerData, success }
        return callers.idempotent(request, reply, callerId(caller), async (record) => {
          await addresses.create({ ...terms, along: (made) => record(201, view(made, base)) })
        })
      },
    )
    app.get(
      '/v1/lightning_addresses',
      { schema: { tags: ['lightning addresses'], summary: 'All of them, or the caller’s' } },
      async (request) => {
        const caller = callers.authenticate(request)
        const base = baseUrl(callers, request)
        const own = addresses.list().filter((a) => caller.kind === 'operator' || a.party === caller.party.id)
        return { data: own.map((a) => view(a, base)) }
      },
    )
    app.get(
      '/v1/lightning_addresses/:name',
      { schema: { params: byName, tags: ['lightning addresses'], summary: 'One address, with the latest payments to it' } },
      async (request) => {
        const address = addresses.get(request.params.name)
        requireParty(callers.authenticate(request), address.party)
        const isTo = ({ purpose }: PartyInvoice) => purpose.kind === 'address' && purpose.of.split('+')[0] === address.name
        const fits = (invoice: PartyInvoice) => invoice.paid !== undefined && isTo(invoice)
        const invoiced = invoices
          .list({ limit: PAYMENTS_SHOWN, fits })
          .flatMap((i) => (i.paid ? [paymentView({ ...i, paid: i.paid })] : []))
        const sent = wallets.wallet.keysends.list(address.name).map(keysendView)
        const byOffer = wallets.wallet.offers.payments(address.name).map((payment) => keysendView({ ...payment, podcast: null }))
        const payments = [...invoiced, ...sent, ...byOffer].sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, PAYMENTS_SHOWN)
        return { ...view(address, baseUrl(callers, request)), payments }
      },
    )
    app.get(
      '/v1/lightning_destinations',
      {
        schema: {
          querystring: destinationQuery,
          tags: ['lightning addresses'],
          summary: 'On what terms a Lightning Address or LNURL of others can be paid; asks its server',
        },
      },
      async (request) => {
        callers.authenticate(request)
        const { host, text, identifier, minMsat, maxMsat, commentMax } = await wallets.addresses.resolve(request.query.to)
        const [min, max] = [minMsat, maxMsat].map((msat) => moneyView(money(BTC, msat)))
        return {
          object: 'lightning_destination',
          host,
          description: text,
          identifier: identifier ?? null,
          min,
          max,
          comment_max: commentMax,
        }
      },
    )
    app.post(
      '/v1/lightning_addresses/:name/offer',
      {
        schema: {
          params: byName,
          tags: ['lightning addresses'],
          summary: 'A BOLT 12 offer that pays the party, any amount, as often as anybody likes; always the same one',
        },
      },
      async (request) => {
        const address = addresses.get(request.params.name)
        requireParty(callers.authenticate(request), address.party)
        return { object: 'lightning_offer', name: address.name, ...offerView(await wallets.wallet.offers.make(address)) }
      },
    )
    app.post(
      '/v1/lightning_addresses/:name/close',
      { schema: { params: byName, tags: ['lightning addresses'], summary: 'End an address; its name stays taken' } },
      async (request, reply) => {
        const caller = callers.authenticate(request)
        const address = addresses.get(request.params.name)
        requireParty(caller, address.party)
        return callers.idempotent(request, reply, callerId(caller), async (record) => {
          await addresses.close(address.name, record(200, { object: 'lightning_address', name: address.name, status: 'closed' }))
        })
      },
    )
  }
}

/** The offer and its URI; both null as long as nobody has asked for one. */
function offerView(standing: StandingOffer | undefined) {
  return { offer: standing?.offer ?? null, uri: standing ? writeBitcoinUri({ offer: standing.offer }) : null }
}
