import { GatewayError } from '../../errors/gatewayError.ts'
import { type PassToken, readPass } from '../challenge/passToken.ts'
import type { Proof } from './proof.ts'
import { type Expected, lightningClaimKey, type VerifiedProof } from './verifiedProof.ts'
import { checkExpiry } from './verifyChallenge.ts'
import { checkCaveats, checkPreimage } from './verifyPreimage.ts'

/** The token of a pass that holds for a request, and its proof. */
export type VerifiedPass = Readonly<{ pass: PassToken; proof: VerifiedProof }>

/**
 * Verifies the token of a pass for a request of the route `expected.route` (from `passDigest`), without asking anybody. Whether it was bought and what is left
 * of it is for the books to say. A token that has expired (`challenge_expired`) holds but for that.
 */
export function verifyPass(
  { token, preimage }: Extract<Proof, { scheme: 'l402' }>,
  { keys, route, guarded, now }: Pick<Expected, 'keys' | 'route' | 'guarded' | 'now'>,
): VerifiedPass {
  const pass = readPass(token, keys)
  if (!pass) throw new GatewayError('challenge_altered', 'the signature of the L402 token is not ours')
  if (pass.route !== route) throw new GatewayError('challenge_wrong_route', 'the pass was sold for another route')
  checkCaveats(pass.narrowing, guarded)
  const { paymentHash, amount, price } = pass
  checkPreimage(preimage, paymentHash)
  checkExpiry(pass.narrowing.untilS * 1_000, now, 0)
  const claimKey = lightningClaimKey(paymentHash)
  return { pass, proof: { kind: 'preimage', rail: 'lightning', scheme: 'l402', claimKey, amount, price, paymentHash, preimage } }
}
