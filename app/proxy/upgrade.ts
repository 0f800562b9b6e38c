import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { problemReply } from '../../gateway/seller/problem.ts'
import type { Reply } from '../../gateway/seller/wire.ts'
import type { Forwarder } from './forward.ts'

const PROTOCOL = 'websocket'

/** Others, such as HTTP/2 in plain text, may be left unheard (RFC 9110, section 7.8): the request is answered as it is. */
export function isWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === PROTOCOL
}

/** Joins a line of the payer's to one of the service's. */
export function passUpgrade(
  { ask }: Pick<Forwarder, 'ask'>,
  { request, socket, head }: { request: IncomingMessage; socket: Duplex; head: Buffer },
): void {
  const asked = ask(request, PROTOCOL)
  socket.once('error', () => asked.destroy())
  socket.once('close', () => asked.destroy())
  asked.once('error', (error) => refuseUpgrade(socket, new GatewayError('upstream_unreachable', error.message)))
  // It does not change the protocol: what it says is handed on, and the line ends.
  asked.once('response', (answer) => {
    socket.write(headOf(answer, ['Connection', 'close']))
    answer.pipe(socket)
  })
  asked.once('upgrade', (answer, line, begun) => {
    socket.write(headOf(answer, []))
    socket.write(begun)
    line.write(head)
    line.once('error', () => socket.destroy())
    line.once('close', () => socket.destroy())
    socket.once('close', () => line.destroy())
    line.pipe(socket).pipe(line)
  })
  asked.end()
}

export function refuseUpgrade(socket: Duplex, error: GatewayError): void {
  if (!socket.writable) return
  const { status, headers, body }: Reply = problemReply(error, error.shortMessage)
  const fields = [...headers, ['content-length', `${Buffer.byteLength(body)}`], ['connection', 'close']].map((pair) => pair.join(': '))
  socket.end(`${[`HTTP/1.1 ${status} ${error.title}`, ...fields].join('\r\n')}\r\n\r\n${body}`)
}

function headOf({ statusCode, statusMessage, rawHeaders }: IncomingMessage, more: readonly string[]): string {
  const raw = [
    ...rawHeaders.filter((_, i) => more.length === 0 || !/^(?:connection|transfer-encoding|keep-alive)$/i.test(rawHeaders[i - (i % 2)]!)),
    ...more,
  ]
  const lines = raw.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${raw[i + 1]}`] : []))
  return `${[`HTTP/1.1 ${statusCode} ${statusMessage}`, ...lines].join('\r\n')}\r\n\r\n`
}
