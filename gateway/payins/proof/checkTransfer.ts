import { GatewayError } from '../../errors/gatewayError.ts'
import { floorDivCount } from '../../money/integers.ts'
import type { Hex } from '../../ports/ids.ts'
import { authorizationDigest, type TokenDomain } from './authorizationDigest.ts'
import type { SignedTransfer } from './proof.ts'
import { recoverSigner } from './recoverSigner.ts'

/** What is left of an authorization's life must exceed this, or it ends before it can be collected (x402: validBefore < now + 6 s). */
const VALID_BEFORE_MARGIN_S = 6n

/** What an authorization must say: `amount` of the token, to `payTo`. */
type TransferTerms = Readonly<{ domain: TokenDomain; payTo: Hex; amount: bigint }>

/** Refuses an authorization that does not pay exactly these terms now, cheap checks first, the signature last. `now` in ms. No remote call. */
export function checkTransfer(t: SignedTransfer, terms: TransferTerms, now: number): void {
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
  const signer = recoverSigner(authorizationDigest(terms.domain, t), t.signature)
  if (signer === undefined) {
    throw new GatewayError('proof_bad_signature', 'the signature is not 65 bytes r, s, v with s in the lower half and v 27 or 28')
  }
  if (signer !== t.from) throw new GatewayError('proof_bad_signature', `the signature is by ${signer}, not by ${t.from}`)
}

/** Refuses any other amount than the one offered, in either direction. */
export function checkAmount(got: bigint, wanted: bigint): void {
  if (got === wanted) return
  throw new GatewayError('proof_wrong_amount', `the authorization is for ${got}, the offer for ${wanted} units`, {
    meta: { expected: wanted, received: got },
  })
}
