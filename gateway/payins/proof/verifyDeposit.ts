import { GatewayError } from '../../errors/gatewayError.ts'
import { BTC } from '../../money/asset.ts'
import { type Money, money } from '../../money/money.ts'
import { fromBase64UrlJson } from '../challenge/base64Json.ts'
import { readBinding } from '../challenge/mppChallenge.ts'
import { depositRequest } from './depositWire.ts'
import type { DepositCredential } from './proof.ts'
import type { Expected } from './verifiedProof.ts'
import { checkChallenge, checkRoute } from './verifyChallenge.ts'
import { checkPreimage, REDEEM_GRACE_MS } from './verifyPreimage.ts'

/** Who shows a preimage pays nothing new, and has no newer challenge while its session lasts. */
const SHOWN_FOR_MS = 86_400_000
const MSAT_PER_SAT = 1_000n

/** What the challenge of a lightning session has promised. `most`: what a request costs at most, in msat. */
export type DepositPromise = Readonly<{ paymentHash: string; deposit: Money; price: Money; most: bigint; network: string }>

/**
 * Verifies a credential of a lightning session: our challenge of this route, and the preimage. That of an `open` and a `topUp` is of the challenge's own
 * invoice, any other one is of the session that it names. Asks nobody. Throws what `checkChallenge` throws, and `proof_wrong_preimage`.
 */
export function verifyDeposit(
  { challenge, session }: DepositCredential,
  expected: Pick<Expected, 'realm' | 'route' | 'now' | 'keys'>,
): DepositPromise {
  const brings = session.action === 'open' || session.action === 'topUp'
  checkChallenge(challenge, expected, brings ? REDEEM_GRACE_MS : SHOWN_FOR_MS)
  // Our own words, by their HMAC.
  const { depositAmount, paymentHash, externalId, methodDetails } = depositRequest.parse(fromBase64UrlJson(challenge.request))
  const binding = readBinding(externalId)
  if (!binding) throw new GatewayError('challenge_altered', 'the challenge is bound to nothing')
  checkRoute(binding.route, expected)
  checkPreimage(session.preimage, session.action === 'bearer' || session.action === 'close' ? session.sessionId : paymentHash)
  const { maxPerRequest, network } = methodDetails
  const deposit = money(BTC, depositAmount * MSAT_PER_SAT)
  return { paymentHash, deposit, price: binding.price, most: maxPerRequest * MSAT_PER_SAT, network }
}
