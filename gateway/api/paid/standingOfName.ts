import { hash } from 'node:crypto'
import type { PaidRequest } from '../../payins/claim/paidRequest.ts'

/** So often a name is taken again after what it stood for came to nothing. */
const NAMED_AGAIN_MAX = 10

/**
 * What stands under this name, and the claim to take for it. What the request of this `fingerprint` had paid and was given back, or was never taken, is no
 * answer: it takes another claim in its place. The last of them stands as it is.
 */
export async function standingOfName(
  find: (claim: string) => Promise<PaidRequest | undefined>,
  name: string,
  fingerprint: string | undefined,
): Promise<Readonly<{ claim: string; standing: PaidRequest | undefined }>> {
  for (let again = 0; ; again++) {
    const claim = again === 0 ? name : `${name}:${again}`
    const standing = await find(claim)
    const isOpen = standing !== undefined && standing.fingerprint === fingerprint && cameToNothing(standing)
    if (!isOpen || again === NAMED_AGAIN_MAX) return { claim, standing }
  }
}

/** No work is done for it, and nothing is taken. */
function cameToNothing({ state, unserved, settleFirst, started, collection }: PaidRequest): boolean {
  if (state === 'claimed') return settleFirst && !started && collection === 'failed'
  return state === 'interrupted' && unserved === 'back'
}

/** A name that a request gave itself, as part of its claim. */
export function nameHash(name: string): string {
  return hash('sha256', name).slice(0, 32)
}
