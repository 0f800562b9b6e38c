import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { metadataHash, metadataText } from '../../gateway/wallets/lnurl/metadata.ts'
import { makeInvoice } from './makeInvoice.ts'

/** How the server lies; each is what one attack would do. */
export type Lie =
  | 'amount_over'
  | 'amount_under'
  | 'amount_open'
  | 'description_hash'
  | 'description_text'
  | 'no_invoice'
  | 'not_json'
  | 'range_upside_down'
  | 'no_plain_text'
  | 'status_500'
  | 'huge'
  | 'silent'
  | 'redirect_inside'
  | 'foreign_success'
  | 'unpayable'

/** A payee's server on loopback for `alice`, honest but for `lie`. `extra` is mixed into its first answer. */
export async function startPayServer(o: { lie?: Lie; extra?: Record<string, unknown>; answer?: Record<string, unknown> } = {}) {
  const asked: URL[] = []
  let host = ''
  const metadata = o.lie === 'no_plain_text' ? '[["text/long-desc","x"]]' : metadataText({ text: 'tips for Alice' })

  function terms(): unknown {
    const [minSendable, maxSendable] = o.lie === 'range_upside_down' ? [2_000, 1_000] : [1_000, 100_000_000]
    return { tag: 'payRequest', callback: `http://${host}/cb?session=7`, minSendable, maxSendable, metadata, ...o.extra }
  }

  function invoiceAnswer(url: URL): unknown {
    const amount = BigInt(url.searchParams.get('amount')!)
    const payerData = o.extra?.payerData ? (url.searchParams.get('payerdata') ?? '') : ''
    const hash = metadataHash(o.lie === 'description_hash' ? '[["text/plain","something else"]]' : metadata, payerData).slice(2)
    const amountMsat = { amount_over: amount + 1n, amount_under: amount - 1n, amount_open: undefined }[String(o.lie)] ?? amount
    const described = o.lie === 'description_text' ? { description: 'tips for Alice' } : { descriptionHash: hash }
    const pr = makeInvoice({ ...(o.lie === 'amount_open' ? {} : { amountMsat }), ...described })
    const successAction = o.lie === 'foreign_success' ? { tag: 'url', description: 'x', url: 'https://evil.example/' } : undefined
    return { pr: o.lie === 'unpayable' ? 'lnbcrt1nonsense' : pr, routes: [], successAction, ...o.answer }
  }

  function respond(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', `http://${host}`)
    asked.push(url)
    const send = (body: unknown, status = 200) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (o.lie === 'silent') return
    if (o.lie === 'huge') return void response.end(Buffer.alloc(1 << 20, 32))
    if (o.lie === 'not_json') return void response.end('<html>')
    if (o.lie === 'status_500') return void send(terms(), 500)
    if (o.lie === 'redirect_inside') return void response.writeHead(302, { location: 'https://10.0.0.1/admin' }).end()
    if (url.pathname === '/.well-known/lnurlp/alice') return void send(terms())
    if (url.pathname !== '/cb') return void send({ status: 'ERROR', reason: 'who is that?' }, 404)
    if (o.lie === 'no_invoice') return void send({ status: 'ERROR', reason: 'no\nliquidity' })
    send(invoiceAnswer(url))
  }

  const server = createServer(respond)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  host = `127.0.0.1:${(server.address() as AddressInfo).port}` // A TCP server's address is never a string.
  return {
    host,
    address: `alice@${host}`,
    asked,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
