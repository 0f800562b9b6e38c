import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Seller } from '../../gateway/seller/createSeller.ts'
import type { Forwarder } from './forward.ts'
import { type PriceRoute, type Prices, passIn, priceIn, readPrices, refusePrices } from './pricesFile.ts'
import { createRouteTable, type RouteTable } from './routeTable.ts'

/** Time for work where the file says nothing, as in `gateway/seller`. */
const ANSWER_S = 120
const MS_PER_S = 1_000

type Listener = (request: IncomingMessage, response: ServerResponse) => Promise<void>
type Needs = Readonly<{
  seller: Pick<Seller, 'node' | 'documents' | 'meter'>
  forwarder: Pick<Forwarder, 'forward'>
  split?: string | undefined
}>

/** What is sold, as of one reading of the file: the route of a request, and what serves it. */
export type Sale = Readonly<{ table: RouteTable; routes: readonly Readonly<{ path: string; free: boolean; serve: Listener }>[] }>

/** Reads what is sold. `split`: whom the money is for where the file does not say it. Throws `invalid_prices` with all that is wrong. */
export function readSale(path: string, needs: Needs): Sale {
  const prices = readPrices(path)
  const { table, refusals } = createRouteTable(prices.routes)
  refusePrices(path, refusals)
  const { name = '', description = '' } = prices
  needs.seller.documents.replace(prices.routes.flatMap(listedAs), { name, description })
  const routes = prices.routes.map((route) => ({
    path: route.path,
    free: route.price === undefined,
    serve: listenerOf(route, prices, needs),
  }))
  return { table, routes }
}

/** What has a price, once for each method that the file names; a route for all methods is shown as `GET`. */
function listedAs({ path, methods = ['GET'], price, listed, description, example, agents }: PriceRoute) {
  if (price === undefined || listed === false) return []
  const said = {
    price: priceIn(price),
    ...(description === undefined ? {} : { description }),
    ...(example === undefined ? {} : { example }),
  }
  const whom = agents === undefined ? {} : { agents }
  return methods.map((method) => ({ ...said, ...whom, listed: `${method} ${path}` }))
}

function listenerOf(route: PriceRoute, prices: Prices, { seller, forwarder, split }: Needs): Listener {
  const { path, methods = ['GET'], price, description, listed, example, agents, answerWithinS = ANSWER_S } = route
  const withinMs = answerWithinS * MS_PER_S
  if (price === undefined) return (request, response) => forwarder.forward(request, response, { withinMs, paid: false })
  return seller.node(
    {
      price: priceIn(price),
      route: path,
      answerWithinS,
      listed: listed ?? `${methods[0]} ${path}`,
      ...(example === undefined ? {} : { example }),
      ...(agents === undefined ? {} : { agents }),
      ...(route.pass && { pass: passIn(route.pass) }),
      ...payeeOf(route, prices, split),
      ...(description === undefined ? {} : { description }),
    },
    (request: IncomingMessage, response: ServerResponse) => {
      const meter = typeof price === 'string' ? undefined : seller.meter(request)
      return forwarder.forward(request, response, { withinMs, paid: true, meter })
    },
  )
}

/** The route's own word first, then the file's, then the command's. */
function payeeOf(route: PriceRoute, prices: Prices, split: string | undefined): { payee?: string; split?: string } {
  for (const one of [route, prices, { split }] as readonly { payee?: string | undefined; split?: string | undefined }[]) {
    if (one.payee !== undefined) return { payee: one.payee }
    if (one.split !== undefined) return { split: one.split }
  }
  return {}
}
