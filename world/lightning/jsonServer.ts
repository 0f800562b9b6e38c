import { createServer, type IncomingMessage } from 'node:http'

const BODY_BYTES_MAX = 1 << 20

/** Answers one request; what it throws becomes status 400 with the message. `body` is the raw text. */
export type Route = (request: { query: URLSearchParams; body: string }) => unknown

/** A small HTTP server on 127.0.0.1, at a free port unless one is named; routes are keyed by method and path, `POST /mine`. */
export async function jsonServer(routes: Readonly<Record<string, Route>>, port = 0): Promise<{ url: string; close: () => void }> {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://world')
    const route = routes[`${request.method} ${url.pathname}`]
    const [status, body] = await answer(route, request, url)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function answer(route: Route | undefined, request: IncomingMessage, url: URL): Promise<[number, unknown]> {
  if (!route) return [404, { error: `no such door: ${request.method} ${url.pathname}` }]
  try {
    return [200, await route({ query: url.searchParams, body: await bodyOf(request) })]
  } catch (error) {
    return [400, { error: error instanceof Error ? error.message : String(error) }]
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > BODY_BYTES_MAX) throw new Error('the body is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
