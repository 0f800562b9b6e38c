import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { GatewayError, isGatewayError } from '../../gateway/errors/gatewayError.ts'
import { createSeller, type Seller } from '../../gateway/seller/createSeller.ts'
import { sendReply } from '../../gateway/seller/nodeResponse.ts'
import { problemReply } from '../../gateway/seller/problem.ts'
import { createForwarder } from './forward.ts'
import { readSale, type Sale } from './readSale.ts'
import { isWebSocket, passUpgrade, refuseUpgrade } from './upgrade.ts'
import { watchFileText } from './watchFileText.ts'

const HEADERS_BYTES_MAX = 32_768
/** No work takes longer, so nobody sends a request for longer. */
const REQUEST_MS_MAX = 600_000

type ProxyOptions = Readonly<{
  upstream: URL
  /** The file of prices, which is read again when it changes. */
  prices: string
  gateway: string
  key: string | undefined
  /** Whom the money is for where the file does not say it. */
  split?: string | undefined
  publicUrl?: string | undefined
  log: (line: string) => void
}>

/** A server that sells what the service behind `upstream` does; it does not listen yet. Throws `invalid_prices` and `seller_misconfigured`. */
export function openProxy({ upstream, prices, gateway, key, split, publicUrl, log }: ProxyOptions) {
  const seller = createSeller({ gateway, key, log, ...(publicUrl === undefined ? {} : { publicUrl }) })
  const forwarder = createForwarder(upstream)
  const read = () => readSale(prices, { seller, forwarder, split })
  let sale = read()
  const unwatch = watchFileText(prices, () => {
    try {
      sale = read()
      log(`${prices} is read again: ${sale.routes.length} routes`)
    } catch (error) {
      if (!isGatewayError(error, 'invalid_prices')) throw error
      log(`the prices stay as they were: ${error.message}`)
    }
  })

  const server = createServer({
    maxHeaderSize: HEADERS_BYTES_MAX,
    requestTimeout: REQUEST_MS_MAX,
    shouldUpgradeCallback: isWebSocket,
  })
  server.on(
    'request',
    (request, response) => void answer({ seller, sale }, request, response).catch((error) => broken(response, error, log)),
  )
  server.on('upgrade', (request, socket, head) => {
    const place = sale.table.find(request.method ?? '', request.url ?? '')
    if (place.kind !== 'route') return refuseUpgrade(socket, notSold(place))
    if (sale.routes[place.index]!.free && isWebSocket(request)) return passUpgrade(forwarder, { request, socket, head })
    const hint = 'Send it as a request of HTTP without Upgrade; each is paid for.'
    refuseUpgrade(socket, new GatewayError('invalid_request', 'What is paid for here is a request, and no line that stays open', { hint }))
  })

  return {
    server,
    /** Takes nothing new, and ends when the gateway has every answer. */
    async close(): Promise<void> {
      unwatch()
      await closed(server)
      await seller.settled()
      forwarder.close()
    },
  }
}

type Selling = Readonly<{ seller: Pick<Seller, 'documents'>; sale: Sale }>

/** A document of what is sold comes before a route for any path, and after one that names its path: then it is the service's own. */
async function answer({ seller, sale: { table, routes } }: Selling, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', url = '' } = request
  const place = table.find(method, url)
  const isNamed = place.kind === 'route' && routes[place.index]!.path === url.split('?')[0]
  if (!isNamed && (await seller.documents.node(request, response))) return undefined
  if (place.kind === 'route') return routes[place.index]!.serve(request, response)
  const error = notSold(place)
  sendReply(response, problemReply(error, error.shortMessage))
}

function notSold(place: Exclude<ReturnType<Sale['table']['find']>, { kind: 'route' }>): GatewayError {
  if (place.kind === 'unclear') {
    return new GatewayError('invalid_request', 'The path could be read as that of something else', {
      hint: 'Send it without "..", encoded slashes, semicolons and double encoding.',
    })
  }
  const others = place.allow.join(', ')
  return new GatewayError('not_found', others === '' ? 'Nothing is sold at this path' : `This path is sold for ${others} alone`, {
    hint: 'Look at the path and the method; what its seller has no price for is not passed on.',
  })
}

/** Work that was paid for has its answer by now; of what is free nobody has said anything yet. */
function broken(response: ServerResponse, error: unknown, log: (line: string) => void): void {
  log(isGatewayError(error) ? error.shortMessage : error instanceof Error ? (error.stack ?? error.message) : 'something was thrown')
  if (response.writableEnded || response.destroyed) return
  if (response.headersSent || !isGatewayError(error)) response.destroy()
  else sendReply(response, problemReply(error))
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) return resolve()
    server.close(() => resolve())
    server.closeIdleConnections()
  })
}
