import { keccak256 } from 'viem/utils'
import type { Hex } from '../../ports/ids.ts'
import type { CodeWord } from '../../ports/receiver.ts'
import { authorizationDigest } from './authorizationDigest.ts'
import { checkEnd, checkTerms, type TransferTerms, type Unproved, unprovedBy } from './checkTransfer.ts'
import type { SignedTransfer } from './proof.ts'
import { requireYes } from './unwrapped.ts'

/**
 * Refuses an authorization that somebody hands over without having been asked for it, unless it pays these terms now and is by who it names: by its
 * key, or by the word of its account's code (ERC-1271), which is asked where `ask` is given.
 * Answers the name of this proof, which binds all that it says and its signature. Nothing may be stored before it.
 */
export async function checkHandedOver(
  t: SignedTransfer,
  terms: TransferTerms,
  { now, ask, isWrapped = false }: Readonly<{ now: number; ask?: (question: Unproved) => Promise<CodeWord>; isWrapped?: boolean }>,
): Promise<Hex> {
  checkTerms(t, terms, now)
  checkEnd(t, now)
  const digest = authorizationDigest(terms.domain, terms.kind, t)
  const unproved = unprovedBy(digest, t)
  if (unproved && !ask) throw unproved.refusal
  if (unproved && ask) requireYes(unproved, { word: await ask(unproved), isWrapped })
  return keccak256(Buffer.concat([digest, Buffer.from(t.signature.slice(2), 'hex')]))
}
