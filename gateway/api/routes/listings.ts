import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { USD } from '../../money/asset.ts'
import { parseAmount } from '../../money/money.ts'
import { DOCUMENT_LIFE_S, makeDocuments } from '../discovery/documents.ts'
import { listedRails } from '../discovery/listedRails.ts'
import { boundListing, type ListedPrice, type ListedRoute, type RouteExample } from '../discovery/listing.ts'
import type { Faces } from '../http/faces.ts'
import { type ListingRequest, type ListingRoute, listingRequest } from './listingWire.ts'

/** Many routes, each with examples. */
const LISTING_BYTES_MAX = 1_048_576

type Needs = Readonly<{
  callers: Pick<Faces['callers'], 'authenticate'>
  ground: Pick<Faces['ground'], 'usd' | 'rates'>
  payins: Pick<Faces['payins'], 'receivers'>
}>

/** For sellers whose app is elsewhere: the documents that it serves of what it sells. Nothing of them is kept here. */
export function listingRoutes(faces: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/listings',
      {
        bodyLimit: LISTING_BYTES_MAX,
        schema: {
          body: listingRequest,
          tags: ['sellers'],
          summary: 'The documents by which a seller’s routes are found, made of what it sells',
        },
      },
      async (request) => {
        faces.callers.authenticate(request)
        const documents = makeDocuments(listingOf(request.body), listedRails(faces))
        const data = Object.entries(documents).map(([path, { contentType, etag, body }]) => ({
          path,
          content_type: contentType,
          etag,
          body,
        }))
        return { object: 'listing', fresh_s: DOCUMENT_LIFE_S, documents: data }
      },
    )
  }
}

function listingOf({ url, name, description, routes }: ListingRequest) {
  const { origin } = new URL(url)
  return boundListing({ origin, name: name === '' ? origin : name, description, routes: routes.map(routeOf) })
}

function routeOf({ method, path, description, example, for_agents: isForAgents, ...asked }: ListingRoute): ListedRoute {
  return { method, path, description, example: example as RouteExample | undefined, isForAgents, price: priceOf(asked) } // It was read from JSON.
}

function priceOf({ price, price_range: range }: Pick<ListingRoute, 'price' | 'price_range'>): ListedPrice {
  if (price) return { kind: 'fixed', price: parseAmount(price.amount, USD) }
  if (!range) return { kind: 'asked' }
  const [least, most] = [parseAmount(range.least.amount, USD), parseAmount(range.most.amount, USD)]
  if (least.units > most.units) throw new GatewayError('invalid_request', 'A range of prices ends below its begin')
  return { kind: 'range', least, most }
}
