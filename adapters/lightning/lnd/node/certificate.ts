import { connect } from 'node:tls'

const PROBE_DEADLINE_MS = 3_000
/** What connections fail with when no certificate was seen at all. */
const NO_CONNECTION = /^(?:ECONN|EHOST|ENET|ENOTFOUND|EAI_|ETIMEDOUT|EPIPE)/

/**
 * gRPC says the same (code 14) of a node that is down and of a certificate that is not the one we were given. A TLS handshake of our own tells them
 * apart: what is wrong with the certificate, or undefined when nothing is, or nobody answers.
 */
export function certificateTrouble({ socket, cert }: Readonly<{ socket: string; cert?: string }>): Promise<string | undefined> {
  const colon = socket.lastIndexOf(':')
  const host = socket.slice(0, colon)
  const port = Number(socket.slice(colon + 1)) // A port.
  return new Promise((resolve) => {
    const tls = connect({ host, port, servername: host, ...(cert === undefined ? {} : { ca: decoded(cert) }), timeout: PROBE_DEADLINE_MS })
    const end = (trouble: string | undefined) => {
      tls.destroy()
      resolve(trouble)
    }
    tls.once('secureConnect', () => end(undefined))
    tls.once('timeout', () => end(undefined))
    tls.once('error', (error: NodeJS.ErrnoException) => end(NO_CONNECTION.test(error.code ?? '') ? undefined : error.message))
  })
}

/** The certificate as LND's file holds it. */
function decoded(serialized: string): Buffer {
  return Buffer.from(serialized, /^(?:[0-9a-f]{2})+$/i.test(serialized) ? 'hex' : 'base64')
}
