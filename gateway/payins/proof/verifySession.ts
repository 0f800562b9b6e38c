import { GatewayError } from '../../errors/gatewayError.ts'
import type { Hex } from '../../ports/ids.ts'
import { fromBase64UrlJson } from '../challenge/base64Json.ts'
import { type MppChallenge, readBinding } from '../challenge/mppChallenge.ts'
import type { Expected } from './verifiedProof.ts'
import { checkChallenge, checkRoute } from './verifyChallenge.ts'
import { sessionRequest } from './wire.ts'

/** What a session's challenge has promised, in units of the token: what a request costs, or may cost, at most, and what a voucher adds at least. */
type SessionPromise = Readonly<{ chainId: number; token: Hex; hub: Hex; most: bigint; deltaMin: bigint }>

/** Verifies the challenge of a session, which is good for each request of its route until it expires. Asks nobody. Throws what `checkChallenge` throws. */
export function verifySession(challenge: MppChallenge, expected: Pick<Expected, 'realm' | 'route' | 'now' | 'keys'>): SessionPromise {
  checkChallenge(challenge, expected, 0)
  // Our own words, by their HMAC.
  const { amount, currency, externalId, methodDetails } = sessionRequest.parse(fromBase64UrlJson(challenge.request))
  const binding = readBinding(externalId)
  if (!binding) throw new GatewayError('challenge_altered', 'the challenge is bound to nothing')
  checkRoute(binding.route, expected)
  const { chainId, escrowContract: hub, minVoucherDelta: deltaMin, maxPerRequest } = methodDetails
  return { chainId, token: currency, hub, most: maxPerRequest ?? amount, deltaMin }
}
