import { formatAmount } from '../../money/money.ts'
import type { Json } from '../../ports/books.ts'
import { type ListedRail, priceInWords } from './listedRails.ts'
import { type ListedPrice, type ListedRoute, type Listing, templateOf } from './listing.ts'

type Tree = Readonly<Record<string, Json>>

const PAYMENT_REQUIRED = {
  description: 'What it costs, in every format: PAYMENT-REQUIRED (x402 v2), WWW-Authenticate (MPP, L402), and all offers in the body.',
}
const NOT_KNOWN = {
  description: 'The request is not signed by an agent that is known here; Accept-Signature says what to sign (Web Bot Auth).',
}
const HAS_BODY = new Set(['POST', 'PUT', 'PATCH'])

/** An OpenAPI 3.1 description of what a server sells, with `x-service-info` and, at each route, `x-payment-info` (MPP discovery). */
export function openApiDocument(listing: Listing, rails: readonly ListedRail[]): Tree {
  const { origin, name, description, routes } = listing
  const paths: Record<string, Record<string, Json>> = {}
  for (const route of routes) {
    const { template } = templateOf(route.path)
    paths[template] = { ...paths[template], [route.method.toLowerCase()]: operation(route, rails) }
  }
  return {
    openapi: '3.1.0',
    info: { title: name, version: '1.0.0', description: description === '' ? 'Each request is paid for by HTTP 402.' : description },
    servers: [{ url: origin }],
    ...serviceInfo(),
    paths,
  }
}

/** What stands at the root of a description of priced routes. */
export function serviceInfo(): Tree {
  return { 'x-service-info': { docs: { apiReference: '/openapi.json', llms: '/llms.txt' } }, 'x-discovery': { llmsTxtUrl: '/llms.txt' } }
}

/** What a route with a price has besides what its own description says. */
export function paidOperation({ price }: ListedRoute, rails: readonly ListedRail[]): Tree {
  return { security: [], 'x-payment-info': paymentInfo(price, rails) }
}

/** The answers of a priced route, by their status. */
export function paidResponses({ isForAgents }: ListedRoute, own: Tree = {}): Tree {
  const refused = isForAgents ? { '403': NOT_KNOWN } : {}
  return { ...('200' in own ? {} : { '200': { description: 'What was paid for.' } }), ...own, '402': PAYMENT_REQUIRED, ...refused }
}

/** What is sent to a priced route, where its method sends anything: its example, or anything at all. */
export function paidBody({ method, example }: ListedRoute): Tree {
  return HAS_BODY.has(method) ? { requestBody: bodyOf(example?.body) } : {}
}

function operation(route: ListedRoute, rails: readonly ListedRail[]): Tree {
  const { path, description, example } = route
  const inPath = templateOf(path).names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
  const inQuery = Object.entries(example?.query ?? {}).map(([name, value]) => ({
    name,
    in: 'query',
    schema: { type: 'string' },
    example: value,
  }))
  const answered = example?.output === undefined ? {} : { '200': withExample('What was paid for.', example.output) }
  return {
    ...(description === '' ? {} : { summary: description }),
    ...(inPath.length + inQuery.length === 0 ? {} : { parameters: [...inPath, ...inQuery] }),
    ...paidBody(route),
    responses: paidResponses(route, answered),
    ...paidOperation(route, rails),
  }
}

function bodyOf(example: Json | undefined): Tree {
  if (example === undefined) return { required: false, content: { '*/*': {} } }
  return { required: true, content: { 'application/json': { example } } }
}

function withExample(description: string, example: Json): Tree {
  const type = typeof example === 'string' ? 'text/plain' : 'application/json'
  return { description, content: { [type]: { example } } }
}

/** `offers` is what MPP's readers take; the names beside it are those of the x402 indexers. Amounts that move with a rate or a request are null. */
function paymentInfo(price: ListedPrice, rails: readonly ListedRail[]): Tree {
  const offers = rails.map((rail) => offer(price, rail))
  const hasChain = rails.some(({ kind }) => kind === 'evm')
  const hasLightning = rails.some(({ kind }) => kind === 'lightning')
  const protocols = [...(hasChain ? ['x402'] : []), ...(hasChain || hasLightning ? ['mpp'] : []), ...(hasLightning ? ['l402'] : [])]
  return { offers: offers.length > 0 ? offers : [byBalance(price)], protocols, ...pricing(price) }
}

function offer(price: ListedPrice, rail: ListedRail): Tree {
  const words = priceInWords(price)
  if (rail.kind === 'lightning') {
    const description = `${words}; in satoshi at the rate of the moment, by an invoice in the 402 (MPP, L402)`
    return { method: 'lightning', intent: 'charge', currency: 'sat', amount: null, description }
  }
  const units = price.kind === 'fixed' ? rail.units(price.price) : undefined
  const description = `${words}; in ${rail.code} on eip155:${rail.chainId}, by a signed authorization (x402 exact, MPP)`
  return { method: 'evm', intent: 'charge', currency: rail.token, amount: units === undefined ? null : units.toString(), description }
}

function byBalance(price: ListedPrice): Tree {
  return { intent: 'charge', currency: 'USD', amount: null, description: `${priceInWords(price)}; from a balance at the gateway` }
}

function pricing(price: ListedPrice): Tree {
  if (price.kind === 'fixed') return { pricingMode: 'fixed', price: formatAmount(price.price) }
  if (price.kind === 'asked') return { pricingMode: 'quote' }
  return { pricingMode: 'range', minPrice: formatAmount(price.least), maxPrice: formatAmount(price.most) }
}
