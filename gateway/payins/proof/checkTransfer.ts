import { GatewayError } from '../../errors/gatewayError.ts'
import { floorDivCount } from '../../money/integers.ts'
import type { Hex } from '../../ports/ids.ts'
import { type AuthorizationKind, authorizationDigest, type TokenDomain } from './authorizationDigest.ts'
import type { SignedTransfer } from './proof.ts'
import { recoverSigner } from './recoverSigner.ts'

/** What is left of an authorization's life must exceed this, or it ends before it can be collected (x402: validBefore < now + 6 s). */
const VALID_BEFORE_MARGIN_S = 6n

/** An authorization that is refused as things are is tried until it ends, so it has to end. An offer lives for minutes. */
export const LIFE_S_MAX = 86_400n

/** What an authorization must say: `amount` of the token, to `payTo`. */
export type TransferTerms = Readonly<{ kind: AuthorizationKind; domain: TokenDomain; payTo: Hex; amount: bigint }>

/**
 * Refuses an authorization that does not pay exactly these terms now. `now` in ms. No remote call. Answers what is left to ask where the signature is not by
 * the key of who it names.
 */
export function checkTransfer(t: SignedTransfer, terms: TransferTerms, now: number): Unproved | undefined {
  checkTerms(t, terms, now)
  checkEnd(t, now)
  return unprovedBy(authorizationDigest(terms.domain, terms.kind, t), t)
}

/** What only the code of the account could say: whether a signature over `digest` is its own (ERC-1271). `refusal`: what is said where it does not. */
export type Unproved = Readonly<{ account: Hex; digest: Hex; signature: Hex; refusal: GatewayError }>

/** Undefined when the signature over `digest` is by the key of `from`. */
export function unprovedBy(digest: Uint8Array, t: Pick<SignedTransfer, 'from' | 'signature'>): Unproved | undefined {
  const refusal = signatureRefusal(digest, t)
  return refusal && { account: t.from, digest: `0x${Buffer.from(digest).toString('hex')}`, signature: t.signature, refusal }
}

/** `fromIncluded`: it may be collected from the second of its `validAfter` on, and not after it. */
type Terms = Omit<TransferTerms, 'domain' | 'kind'> & Readonly<{ fromIncluded?: true }>

/** All of it but the signature. */
export function checkTerms(t: SignedTransfer, terms: Terms, now: number): void {
  if (t.to !== terms.payTo.toLowerCase()) {
    throw new GatewayError('proof_wrong_payee', `the authorization pays ${t.to}, the offer ${terms.payTo}`)
  }
  checkAmount(t.value, terms.amount)
  checkWindow(t, now, terms)
}

/** Refuses an authorization that is not valid now, or not for long enough to be collected. `now` in ms. */
export function checkWindow(
  t: Pick<SignedTransfer, 'validAfter' | 'validBefore'>,
  now: number,
  { fromIncluded }: Pick<Terms, 'fromIncluded'> = {},
): void {
  const nowS = BigInt(floorDivCount(now, 1000))
  if (t.validBefore < nowS + VALID_BEFORE_MARGIN_S) {
    throw new GatewayError('proof_expires_soon', `the authorization ends at ${t.validBefore}, it is ${nowS} now`)
  }
  // The token wants block time > validAfter (EIP-3009).
  if (fromIncluded ? t.validAfter > nowS : t.validAfter >= nowS)
    throw new GatewayError('proof_not_yet_valid', `the authorization begins after ${t.validAfter}, it is ${nowS} now`)
}

/** Refuses an authorization that would have to be kept for too long. `now` in ms. */
export function checkEnd({ validBefore }: SignedTransfer, now: number): void {
  const latest = BigInt(floorDivCount(now, 1000)) + LIFE_S_MAX
  if (validBefore > latest)
    throw new GatewayError('proof_ends_late', `the authorization ends at ${validBefore}, and may end at ${latest} at the latest`)
}

/** Why the signature over `digest` is not by the key of `from`; undefined when it is. */
export function signatureRefusal(
  digest: Uint8Array,
  { from, signature }: Pick<SignedTransfer, 'from' | 'signature'>,
): GatewayError | undefined {
  const signer = recoverSigner(digest, signature)
  if (signer === undefined) {
    return new GatewayError('proof_bad_signature', 'the signature is not 65 bytes r, s, v with s in the lower half and v 27 or 28')
  }
  return signer === from ? undefined : new GatewayError('proof_bad_signature', `the signature is by ${signer}, not by ${from}`)
}

/** Refuses any other amount than the one offered, in either direction. */
export function checkAmount(got: bigint, wanted: bigint): void {
  if (got === wanted) return
  throw new GatewayError('proof_wrong_amount', `the authorization is for ${got}, the offer for ${wanted} units`, {
    meta: { expected: wanted, received: got },
  })
}
