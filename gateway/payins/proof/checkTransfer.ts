import { GatewayError } from '../../errors/gatewayError.ts'
import { floorDivCount } from '../../money/integers.ts'
import type { Hex } from '../../ports/ids.ts'
import type { Authorization } from '../../ports/receiver.ts'
import { authorizationDigest, type TokenDomain } from './authorizationDigest.ts'
import type { SignedTransfer } from './proof.ts'
import { recoverSigner } from './recoverSigner.ts'

/** What is left of an authorization's life must exceed this, or it ends before it can be collected (x402: validBefore < now + 6 s). */
const VALID_BEFORE_MARGIN_S = 6n

/** What an authorization must say: `amount` of the token, to `payTo`. */
export type TransferTerms = Readonly<{ kind: Authorization['kind']; domain: TokenDomain; payTo: Hex; amount: bigint }>

/** Refuses an authorization that does not pay exactly these terms now, cheap checks first, the signature last. `now` in ms. No remote call. */
export function checkTransfer(t: SignedTransfer, terms: TransferTerms, now: number): void {
  checkTerms(t, terms, now)
  const refusal = signatureRefusal(authorizationDigest(terms.domain, terms.kind, t), t)
  if (refusal) throw refusal
}

/** All of it but the signature. */
export function checkTerms(t: SignedTransfer, terms: Omit<TransferTerms, 'domain' | 'kind'>, now: number): void {
  const nowS = BigInt(floorDivCount(now, 1000))
  if (t.to !== terms.payTo.toLowerCase()) {
    throw new GatewayError('proof_wrong_payee', `the authorization pays ${t.to}, the offer ${terms.payTo}`)
  }
  checkAmount(t.value, terms.amount)
  if (t.validBefore < nowS + VALID_BEFORE_MARGIN_S) {
    throw new GatewayError('proof_expires_soon', `the authorization ends at ${t.validBefore}, it is ${nowS} now`)
  }
  // The token wants block time > validAfter (EIP-3009).
  if (t.validAfter >= nowS)
    throw new GatewayError('proof_not_yet_valid', `the authorization begins after ${t.validAfter}, it is ${nowS} now`)
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
