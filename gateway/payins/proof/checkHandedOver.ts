import { keccak256 } from 'viem/utils'
import type { Hex } from '../../ports/ids.ts'
import type { OpenCollector } from '../../ports/receiver.ts'
import { authorizationDigest } from './authorizationDigest.ts'
import { checkTerms, signatureRefusal, type TransferTerms } from './checkTransfer.ts'
import type { SignedTransfer } from './proof.ts'

/**
 * Refuses an authorization that somebody hands over without having been asked for it, unless it pays these terms now and is by who it names: by its
 * key, or by the word of its account's code (ERC-1271; an account that is not deployed has none, and no token would take its ERC-6492 signature).
 * Answers the name of this proof, which binds all that it says and its signature. Nothing may be stored before it.
 */
export async function checkHandedOver(
  t: SignedTransfer,
  terms: TransferTerms,
  { now, accounts }: Readonly<{ now: number; accounts?: Pick<OpenCollector, 'acceptsSignature'> }>,
): Promise<Hex> {
  checkTerms(t, terms, now)
  const digest = authorizationDigest(terms.domain, terms.kind, t)
  const refusal = signatureRefusal(digest, t)
  const digestHex: Hex = `0x${Buffer.from(digest).toString('hex')}`
  if (refusal && !(await accounts?.acceptsSignature(t.from, digestHex, t.signature))) throw refusal
  return keccak256(`${digestHex}${t.signature.slice(2)}`)
}
