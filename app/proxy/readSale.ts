import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Seller } from '../../gateway/seller/createSeller.ts'
import { usd } from '../../gateway/seller/price.ts'
import type { Forwarder } from './forward.ts'
import { type PriceRoute, type Prices, readPrices, refusePrices } from './pricesFile.ts'
import { createRouteTable, type RouteTable } from './routeTable.ts'

/** Time for work where the file says nothing, as in `gateway/seller`. */
const ANSWER_S = 120
const MS_PER_S = 1_000

type Listener = (request: IncomingMessage, response: ServerResponse) => Promise<void>
type Needs = Readonly<{ seller: Pick<Seller, 'node'>; forwarder: Pick<Forwarder, 'forward'>; split?: string | undefined }>

/** What is sold, as of one reading of the file: the route of a request, and what serves it. */
export type Sale = Readonly<{ table: RouteTable; routes: readonly Readonly<{ free: boolean; serve: Listener }>[] }>

/** Reads what is sold. `split`: whom the money is for where the file does not say it. Throws `invalid_prices` with all that is wrong. */
export function readSale(path: string, needs: Needs): Sale {
  const prices = readPrices(path)
  const { table, refusals } = createRouteTable(prices.routes)
  refusePrices(path, refusals)
  return { table, routes: prices.routes.map((route) => ({ free: route.price === undefined, serve: listenerOf(route, prices, needs) })) }
}

function listenerOf(route: PriceRoute, prices: Prices, { seller, forwarder, split }: Needs): Listener {
  const { path, price, description, answerWithinS = ANSWER_S } = route
  const withinMs = answerWithinS * MS_PER_S
  if (price === undefined) return (request, response) => forwarder.forward(request, response, { withinMs, paid: false })
  return seller.node(
    {
      price: usd(price),
      route: path,
      answerWithinS,
      ...payeeOf(route, prices, split),
      ...(description === undefined ? {} : { description }),
    },
    (request: IncomingMessage, response: ServerResponse) => forwarder.forward(request, response, { withinMs, paid: true }),
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
