import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { BTC } from '../../money/asset.ts'
import { money, parseAmount } from '../../money/money.ts'
import type { PartyId } from '../../ports/ids.ts'
import type { Address } from '../../wallets/wallet/address.ts'
import type { PartyInvoice } from '../../wallets/wallet/partyInvoice.ts'
import type { Wallet } from '../../wallets/wallet/wallet.ts'
import { findOfParty, requireParty } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { moneyView } from '../http/views.ts'
import { answerList } from '../lists/answerList.ts'
import { byMetadata, listQuery } from '../lists/listQuery.ts'
import { addressView, keysendView, offerView, paymentView } from './addressViews.ts'
import { baseUrl } from './lnurlAnswer.ts'
import { byName, createAddress, destinationQuery } from './lnurlWire.ts'

/** One satoshi, and a hundredth of a bitcoin, in msat: what an address takes unless it is told otherwise. */
const DEFAULT_MSAT_MIN = 1_000n
const DEFAULT_MSAT_MAX = 1_000_000_000n
/** The largest number that JSON carries exactly. */
const SENDABLE_MAX = 9_007_199_254_740_991n
const PAYMENTS_SHOWN = 50

const addressesQuery = listQuery(byMetadata)

/** Lightning Addresses: names under which parties are paid over Lightning. */
export function lightningAddressRoutes(
  faces: Pick<Faces, 'audit' | 'callers' | 'ground' | 'ledger' | 'parties' | 'wallets'>,
): FastifyPluginAsyncZod {
  return async (app) => {
    addCreation(app, faces)
    addReading(app, faces)
    addTermsOfOthers(app, faces)
    addOffer(app, faces)
    addClosing(app, faces)
  }
}

function addCreation(app: RouteApp, { callers, parties, wallets: { wallet } }: Pick<Faces, 'callers' | 'parties' | 'wallets'>): void {
  app.post(
    '/v1/lightning_addresses',
    { schema: { body: createAddress, tags: ['lightning addresses'], summary: 'Give a party a name@host that it is paid under' } },
    async (request, reply) => {
      const caller = callers.authenticate(request)
      const { body } = request
      requireParty(caller, body.party)
      const party: PartyId = parties.parties.get(body.party).id
      const { name, description, comment_max: commentMax, success, metadata } = body
      const terms = { name, party, description, ...limitsOf(body), commentMax, payerData: payerDataOf(body), success, metadata }
      const base = baseUrl(callers, request)
      return callers.idempotent(request, reply, caller, async (record) => {
        await wallet.addresses.create({ ...terms, along: (made) => record(201, shown(wallet, made, base)) })
      })
    },
  )
}

function addReading(app: RouteApp, faces: Pick<Faces, 'audit' | 'callers' | 'ground' | 'ledger' | 'wallets'>): void {
  const { callers, wallets } = faces
  const { wallet } = wallets
  const listed = { querystring: addressesQuery, tags: ['lightning addresses'], summary: 'Newest first, all of them or the caller’s' }
  app.get('/v1/lightning_addresses', { schema: listed }, async (request, reply) => {
    const caller = callers.authenticate(request)
    const base = baseUrl(callers, request)
    const show = (name: string) => shownIfOpen(wallet, name, base)
    return answerList(faces, { caller, list: 'lightning_addresses', query: request.query, reply, show })
  })
  app.get(
    '/v1/lightning_addresses/:name',
    { schema: { params: byName, tags: ['lightning addresses'], summary: 'One address, with the latest payments to it' } },
    async (request) => {
      const address = findOfParty(callers.authenticate(request), () => wallet.addresses.get(request.params.name))
      const payments = latestPayments(wallet, address.name)
      return { ...shown(wallet, address, baseUrl(callers, request)), payments }
    },
  )
}

/** A name that was closed is nobody's. */
function shownIfOpen(wallet: Wallet, name: string, base: URL) {
  const address = wallet.addresses.find(name)
  return address && shown(wallet, address, base)
}

function addTermsOfOthers(app: RouteApp, { callers, wallets }: Pick<Faces, 'callers' | 'wallets'>): void {
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
}

function addOffer(app: RouteApp, { callers, wallets: { wallet } }: Pick<Faces, 'callers' | 'wallets'>): void {
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
      const address = findOfParty(callers.authenticate(request), () => wallet.addresses.get(request.params.name))
      return { object: 'lightning_offer', name: address.name, ...offerView(await wallet.offers.make(address)) }
    },
  )
}

function addClosing(app: RouteApp, { callers, wallets: { wallet } }: Pick<Faces, 'callers' | 'wallets'>): void {
  app.post(
    '/v1/lightning_addresses/:name/close',
    { schema: { params: byName, tags: ['lightning addresses'], summary: 'End an address; its name stays taken' } },
    async (request, reply) => {
      const caller = callers.authenticate(request)
      const address = findOfParty(caller, () => wallet.addresses.get(request.params.name))
      return callers.idempotent(request, reply, caller, async (record) => {
        await wallet.addresses.close(address.name, record(200, { object: 'lightning_address', name: address.name, status: 'closed' }))
      })
    },
  )
}

/** The least and the most that an address takes. Refuses with `invalid_amount`. */
function limitsOf({ min, max }: Pick<z.infer<typeof createAddress>, 'min' | 'max'>): Pick<Address, 'minMsat' | 'maxMsat'> {
  const minMsat = min ? parseAmount(min.amount, BTC).units : DEFAULT_MSAT_MIN
  const maxMsat = max ? parseAmount(max.amount, BTC).units : DEFAULT_MSAT_MAX
  if (minMsat < 1n || minMsat > maxMsat || maxMsat > SENDABLE_MAX) {
    throw new GatewayError('invalid_amount', 'The least must be more than nothing and not more than the most')
  }
  return { minMsat, maxMsat }
}

/** What payers are asked to say of themselves, without what was left open. */
function payerDataOf({ payer_data }: Pick<z.infer<typeof createAddress>, 'payer_data'>): Address['payerData'] {
  return Object.fromEntries(Object.entries(payer_data).flatMap(([item, wish]) => (wish ? [[item, wish]] : [])))
}

function shown(wallet: Wallet, address: Address, base: URL) {
  return addressView(address, { base, standing: wallet.offers.find(address.name) })
}

/** What came to this name by invoice, by keysend and by its offer, the newest first. */
function latestPayments(wallet: Wallet, name: string) {
  const isTo = ({ purpose }: PartyInvoice) => purpose.kind === 'address' && purpose.of.split('+')[0] === name
  const fits = (invoice: PartyInvoice) => invoice.paid !== undefined && isTo(invoice)
  const invoiced = wallet.invoices
    .list({ limit: PAYMENTS_SHOWN, fits })
    .flatMap((i) => (i.paid ? [paymentView({ ...i, paid: i.paid })] : []))
  const sent = wallet.keysends.list(name).map(keysendView)
  const byOffer = wallet.offers.payments(name).map((payment) => keysendView({ ...payment, podcast: null }))
  return [...invoiced, ...sent, ...byOffer].sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, PAYMENTS_SHOWN)
}
