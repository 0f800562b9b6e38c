import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What becomes of a call: it goes through; it is done and the word of it is lost; or it never comes. */
type Fate = 'through' | 'word lost' | 'lost'

/** A gateway that a seller reaches over a bad line. `fates` are those of the next calls; then all go through. */
export async function openLossyProxy(gateway: string) {
  const fates: Fate[] = []
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const fate = fates.shift() ?? 'through'
    if (fate === 'lost') return void response.destroy()
    const { authorization = '', 'content-type': type = '' } = request.headers
    const headers = { authorization, 'content-type': type }
    const answer = await fetch(`${gateway}${request.url}`, { method: 'POST', headers, body: Buffer.concat(chunks) }).catch(() => undefined)
    if (fate === 'word lost' || !answer) {
      await answer?.text()
      return void response.destroy()
    }
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
    // As it comes: a call of a batch may wait for another one's answer.
    for await (const part of answer.body ?? []) response.write(part)
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // It listens on a port.
  return {
    fates,
    url: `http://127.0.0.1:${port}`,
    close(): Promise<void> {
      server.closeAllConnections()
      return new Promise((resolve) => void server.close(() => resolve()))
    },
  }
}
