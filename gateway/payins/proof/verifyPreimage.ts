import { hash } from 'node:crypto'
import { GatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { BTC } from '../../money/asset.ts'
import { fromBase64UrlJson } from '../challenge/base64Json.ts'
import type { Guarded, Narrowing } from '../challenge/caveats.ts'
import { sameBytes } from '../challenge/challengeKeys.ts'
import { paymentHashOfToken, rootKeyOf, termsOfToken } from '../challenge/l402Token.ts'
import { readBinding } from '../challenge/mppChallenge.ts'
import type { Proof } from './proof.ts'
import { type Expected, lightningClaimKey, type SingleUseProof } from './verifiedProof.ts'
import { checkChallenge, checkExpiry, checkRoute } from './verifyChallenge.ts'
import { lightningRequest } from './wire.ts'

/**
 * How long after its expiry a paid invoice can be redeemed. The node takes no payment of an expired invoice, so a payer who shows up a little later
 * paid in time, and only its proof was on the way.
 */
export const REDEEM_GRACE_MS = 60_000

/** Verifies a lightning charge: our challenge, this route, and the preimage that only paying reveals. */
export function verifyMppLightning(proof: Extract<Proof, { scheme: 'mpp-lightning' }>, expected: Expected): SingleUseProof {
  const { challenge, preimage } = proof
  checkChallenge(challenge, expected, REDEEM_GRACE_MS)
  const request = lightningRequest.parse(fromBase64UrlJson(challenge.request))
  const binding = readBinding(request.externalId)
  invariant(binding, 'a challenge of ours carries its binding')
  checkRoute(binding.route, expected)
  const { paymentHash } = request.methodDetails
  checkPreimage(preimage, paymentHash)
  const amount = { asset: BTC, units: request.amount * 1000n }
  const claimKey = lightningClaimKey(paymentHash)
  return { kind: 'preimage', rail: 'lightning', scheme: 'mpp-lightning', claimKey, amount, price: binding.price, paymentHash, preimage }
}

/** Verifies an L402 token and its preimage. */
export function verifyL402(proof: Extract<Proof, { scheme: 'l402' }>, expected: Expected): SingleUseProof {
  const { token, preimage } = proof
  if (!rootKeyOf(token, expected.keys)) throw new GatewayError('challenge_altered', 'the signature of the L402 token is not ours')
  const { terms, narrowing } = termsOfToken(token)
  checkRoute(terms.route, expected)
  checkCaveats(narrowing, expected.guarded)
  checkExpiry(terms.validUntil * 1000, expected.now, REDEEM_GRACE_MS)
  const paymentHash = paymentHashOfToken(token)
  checkPreimage(preimage, paymentHash)
  const { amount, price } = terms
  return {
    kind: 'preimage',
    rail: 'lightning',
    scheme: 'l402',
    claimKey: lightningClaimKey(paymentHash),
    amount,
    price,
    paymentHash,
    preimage,
  }
}

/** Refuses what a caveat forbids, or one that nobody here understands. */
export function checkCaveats({ unknown, buys }: Pick<Narrowing, 'unknown' | 'buys'>, request: Guarded): void {
  if (unknown !== undefined)
    throw new GatewayError('token_caveat_unknown', `the L402 token has the caveat ${unknown}, which is not understood here`)
  if (!buys(request)) throw new GatewayError('challenge_wrong_route', 'a caveat of the L402 token leaves this request out')
}

/** The payment hash is the SHA-256 of the preimage (BOLT 4). */
export function checkPreimage(preimage: string, paymentHash: string): void {
  const hashed = hash('sha256', Buffer.from(preimage, 'hex'))
  if (!sameBytes(Buffer.from(hashed, 'hex'), Buffer.from(paymentHash, 'hex'))) {
    throw new GatewayError('proof_wrong_preimage', `the preimage does not hash to ${paymentHash}`)
  }
}
