import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { type OtherServer, x402Express } from '../client/otherServers.ts'

export async function listening(server: Server): Promise<OtherServer> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // listening on TCP.
  return { url: `http://127.0.0.1:${port}/paid`, close: () => new Promise((resolve) => server.close(() => resolve())) }
}

export type Lost = { proofs: string[]; answer: (request: IncomingMessage, response: ServerResponse) => void }
export const hangUp: Lost['answer'] = (request) => void request.socket.destroy()
export const cutOff: Lost['answer'] = (_, response) =>
  void response.writeHead(200, { 'content-length': 1_000 }).write('half', () => response.destroy())
export const busy: Lost['answer'] = (_, response) => void response.writeHead(503).end()

/** Asks as x402 does, and answers a proof as it is told. */
export async function lossy(lost: Lost): Promise<OtherServer> {
  const offer = await x402Express()
  onTestFinished(() => offer.close())
  const server = createServer(async (request, response) => {
    const proof = request.headers['payment-signature']
    if (proof === undefined) {
      const asked = await fetch(offer.url)
      response.writeHead(402, Object.fromEntries(asked.headers)).end(await asked.text())
      return
    }
    lost.proofs.push(String(proof))
    lost.answer(request, response)
  })
  return listening(server)
}
