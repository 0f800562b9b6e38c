import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { isPublicAddress } from './publicAddress.ts'

export type Address = Readonly<{ address: string; family: number }>

/** Asks for all addresses of a name. */
export type Lookup = (name: string) => Promise<readonly Address[]>

/** The system's resolver, as every program here uses it. */
export const systemLookup: Lookup = (name) => lookup(name, { all: true, verbatim: true })

/**
 * The addresses behind a URL's host, each of them public, or `destination_forbidden`. One private address among public ones is enough to refuse: a
 * name that points inside has no business here. `hostname` as WHATWG URLs write it, IPv6 in brackets.
 */
export async function publicAddresses(hostname: string, look: Lookup): Promise<readonly Address[]> {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
  const family = isIP(bare)
  const found = family === 0 ? await lookUp(bare, look) : [{ address: bare, family }]
  const inside = found.find(({ address }) => !isPublicAddress(address))
  // What a name means inside is told to nobody who asks from outside: to whom it would be a map.
  const at = family === 0 ? 'an address that' : `${bare}, which`
  if (inside)
    throw new GatewayError('destination_forbidden', `${hostname} is at ${at} is not on the public internet`, {
      cause: new Error(inside.address),
    })
  return found
}

async function lookUp(name: string, look: Lookup): Promise<readonly Address[]> {
  // A name without a dot is one of this network, not of the internet.
  if (!name.replace(/\.$/, '').includes('.')) throw new GatewayError('destination_forbidden', `${name} is not a public host name`)
  const found = await look(name).catch((cause: unknown) => {
    throw new GatewayError('destination_unreachable', `The host ${name} cannot be found`, { cause })
  })
  if (found.length === 0) throw new GatewayError('destination_unreachable', `The host ${name} has no address`)
  return found
}
