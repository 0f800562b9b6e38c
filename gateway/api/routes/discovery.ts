import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { ListingData } from '../../facilitator/facts.ts'
import type { Listing } from '../../facilitator/listings.ts'
import { terms } from '../../facilitator/wire.ts'
import type { Faces } from '../http/faces.ts'
import { sellerOf } from './sellerOf.ts'

type Needs = Pick<Faces, 'callers' | 'facilitator'>

const PATH = '/x402/discovery/resources'
const OWN = '/x402/listings'
const X402_VERSION = 2
/** The limits of x402's own service metadata: printable ASCII, so that every language counts alike. */
const label = z.string().regex(/^[\x20-\x7e]{1,32}$/, 'is not 1 to 32 printable ASCII characters')
const resource = z.url({ protocol: /^https?$/ }).max(2_048)

const listed = z.strictObject({
  resource,
  type: z.literal('http').default('http'),
  accepts: z.array(terms).min(1).max(8),
  description: z.string().max(500).optional(),
  mimeType: z.string().max(100).optional(),
  serviceName: label.optional(),
  tags: z.array(label).max(5).optional(),
})

const asked = z.object({
  type: z.string().max(20).optional(),
  network: z.string().max(100).optional(),
  scheme: z.string().max(100).optional(),
  payTo: z.string().max(100).optional(),
  extensions: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
})

/** What sellers who settle here sell, as x402's clients look for it. Whoever sells says so with its key; who pays says nothing. */
export function discoveryRoutes({ callers, facilitator }: Needs): FastifyPluginAsyncZod {
  const { listings, served } = facilitator
  return async (app) => {
    app.get(
      PATH,
      { schema: { querystring: asked, tags: ['facilitator'], summary: 'What sellers who settle here sell' } },
      async (request) => {
        const { type = 'http', extensions, limit, offset, ...filter } = request.query
        // Resources over HTTP without extensions are all that is listed.
        const none = type !== 'http' || extensions !== undefined
        const { items, total } = none ? { items: [], total: 0 } : listings.page(filter, { limit, offset })
        return { x402Version: X402_VERSION, items: items.map(listingView), pagination: { limit, offset, total } }
      },
    )
    app.post(
      OWN,
      { schema: { body: listed, tags: ['facilitator'], summary: 'List a resource of yours, or say anew what it costs' } },
      async (request, reply) => {
        const seller = sellerOf(callers, request)
        const { type: _, accepts, ...data } = request.body
        const listing = await listings.publish(seller, { ...data, accepts: accepts.map((one) => settled(one, served())) } as ListingData) // No member is undefined: JSON has none.
        return reply.code(201).send(listingView(listing))
      },
    )
    app.delete(
      OWN,
      { schema: { querystring: z.object({ resource }), tags: ['facilitator'], summary: 'Take a resource of yours off the list' } },
      async (request, reply) => {
        await listings.withdraw(sellerOf(callers, request), request.query.resource)
        return reply.code(204).send()
      },
    )
  }
}

/** The terms as they are listed: only what could be settled here, so that nobody is led to pay otherwise. */
function settled(asks: z.infer<typeof terms>, served: ReturnType<Needs['facilitator']['served']>): ListingData['accepts'][number] {
  const { scheme, network, asset, payTo, amount, maxTimeoutSeconds, extra } = asks
  const here = served.find((chain) => chain.network === network)
  if (scheme !== 'exact' || here?.token.toLowerCase() !== asset || extra?.name === undefined || extra.version === undefined) {
    throw new GatewayError('invalid_request', 'accepts: names terms that are not settled here', {
      hint: 'List exact on a network and in a token of GET /x402/supported, with the name and version of the token in extra.',
    })
  }
  const { name, version } = extra
  return { scheme, network, asset, payTo, amount: `${amount}`, maxTimeoutSeconds, extra: { name, version } }
}

function listingView({ seller: _, updatedAt, ...listing }: Listing) {
  return { ...listing, type: 'http', x402Version: X402_VERSION, lastUpdated: new Date(updatedAt).toISOString() }
}
