import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createSeller, usd } from 'switchyard-seller'

/** An app with a priced route; not listening yet. */
export function openShop({ gateway, key }: { gateway: string; key: string | undefined }) {
  const seller = createSeller({ gateway, key })
  const tellJoke = (_: IncomingMessage, response: ServerResponse) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ joke: 'Two sats walk into a channel.' }))
  }
  return createServer(seller.node({ price: usd('0.002'), description: 'A joke' }, tellJoke))
}
