import type { RequestListener } from 'node:http'
import { Readable } from 'node:stream'

/** How servers give a Request to a handler and send its Response. */
export function toNode(handler: (request: Request) => Response | Promise<Response>): RequestListener {
  return (req, res) => {
    const body = req.method === 'GET' ? {} : { body: Readable.toWeb(req) as ReadableStream, duplex: 'half' as const }
    const headers = Object.entries(req.headersDistinct).flatMap(([name, values = []]) =>
      values.map((value): [string, string] => [name, value]),
    )
    const request = new Request(`http://${req.headers.host}${req.url}`, { method: req.method ?? 'GET', headers, ...body })
    Promise.resolve(handler(request)).then(
      async (response) => {
        res.writeHead(response.status, Object.fromEntries(response.headers))
        const reader = response.body?.getReader()
        res.once('close', () => void reader?.cancel().catch(() => {}))
        try {
          for (let part = await reader?.read(); part && !part.done; part = await reader!.read()) res.write(part.value)
          res.end()
        } catch {
          res.destroy()
        }
      },
      () => res.writeHead(500).end('broken'),
    )
  }
}
