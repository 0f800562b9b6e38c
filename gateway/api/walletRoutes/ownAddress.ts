import type { FastifyRequest } from 'fastify'
import type { Destination } from '../../ports/sender.ts'
import { readLnurl } from '../../wallets/lnurl/lnurlText.ts'
import type { Faces } from '../http/faces.ts'
import { toDestination } from '../http/wire.ts'
import { baseUrl } from './lnurlAnswer.ts'

const PATH = /^\/\.well-known\/lnurlp\/([^/]+)$/

/**
 * A Lightning Address or standing offer of our own names a party here, which is paid in the books, free and at once; every other destination stays what it is.
 */
export function ownAddress(
  { callers, wallets }: Pick<Faces, 'callers' | 'wallets'>,
  request: FastifyRequest,
  destination: Destination,
): Destination {
  if (destination.kind === 'lightning_offer') {
    const own = wallets.wallet.offers.byText(destination.offer)
    return own ? { kind: 'party', party: own.party } : destination
  }
  const text = destination.kind === 'lightning_address' ? destination.address : destination.kind === 'lnurl' ? destination.lnurl : undefined
  if (text === undefined) return destination
  const { host } = baseUrl(callers, request)
  const url = readLnurl(text, () => false)?.url
  const name = url?.host === host ? PATH.exec(url.pathname)?.[1] : undefined
  const address = name === undefined ? undefined : wallets.wallet.addresses.find(decodeURIComponent(name).split('+')[0]!)
  return address ? { kind: 'party', party: address.party } : destination
}

/** Where a payout is to go, as it was asked for; a party that is named is there. Throws `not_found`. */
export function placeOf(
  faces: Pick<Faces, 'callers' | 'parties' | 'wallets'>,
  request: FastifyRequest,
  said: Parameters<typeof toDestination>[0],
): Destination {
  if (said.kind === 'party') faces.parties.parties.get(said.party)
  return ownAddress(faces, request, toDestination(said))
}
