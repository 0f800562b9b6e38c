import { Socket } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { GatewayError } from '../../errors/gatewayError.ts'

/** The host that this process asks itself for. */
export const INSIDE_HOST = 'inside.invalid'

/**
 * Refuses a request that is for another host (RFC 9110, 421). A page whose name points here (DNS rebinding) could otherwise read this gateway from
 * inside a browser, and what we write with our own name in it would carry the name that a stranger sent. Ours are the host of `publicUrl` and the
 * address on which the connection came in, which is `localhost` too on this machine.
 */
export function requireOwnHost(publicUrl: string | undefined): (request: FastifyRequest) => void {
  const named = publicUrl === undefined ? undefined : new URL(publicUrl)
  return ({ headers: { host = '' }, socket }) => {
    // What this process asks itself, as its dashboard does, came over no connection, so from no browser.
    if (host === INSIDE_HOST && !(socket instanceof Socket)) return
    if (host === named?.host || host === `${socket.localAddress}:${socket.localPort}`) return
    if (named && hostOf(named.protocol, host) === named.host) return
    const asked = hostOf('http:', host)
    const own = addressesOf(socket).map((address) => hostOf('http:', `${address}:${socket.localPort}`))
    if (asked === undefined || !own.includes(asked)) {
      throw new GatewayError('misdirected_request', `The request is for the host "${host.slice(0, 100)}"`)
    }
  }
}

/** The host as URLs write it: small letters, and no port where it is the scheme's. Undefined for what is no host. */
function hostOf(protocol: string, host: string): string | undefined {
  return /[/?#@\\\s]/.test(host) ? undefined : URL.parse(`${protocol}//${host}`)?.host
}

/** How the address that a connection came in on may be written. None when there is no connection any more. */
function addressesOf({ localAddress }: FastifyRequest['socket']): string[] {
  if (localAddress === undefined) return []
  // A socket that listens to both families names an IPv4 address as IPv6 does.
  const address = localAddress.replace(/^::ffff:(?=[0-9.]+$)/, '')
  const written = address.includes(':') ? `[${address}]` : address
  return address === '::1' || address.startsWith('127.') ? [written, 'localhost'] : [written]
}
