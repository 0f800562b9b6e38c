import { createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import { invariant } from '../../errors/invariant.ts'
import { hmac } from './hmac.ts'

/** A secret shorter than this is refused (mppx demands the same). */
export const SECRET_BYTES_MIN = 32

/** Keys derived from the gateway's secrets, newest first: the first makes challenges, all of them recognise what was made. */
export type ChallengeKeys = Readonly<{ challenge: readonly KeyObject[]; token: readonly KeyObject[]; refund: readonly KeyObject[] }>

/**
 * Derives one key a purpose from the current secret and, while it is rotated, the previous one. A challenge made under the previous secret stays
 * payable; drop the previous secret when the longest challenge has expired.
 */
export function challengeKeys(secrets: { current: Uint8Array; previous?: Uint8Array }): ChallengeKeys {
  const all = secrets.previous ? [secrets.current, secrets.previous] : [secrets.current]
  for (const secret of all) invariant(secret.length >= SECRET_BYTES_MIN, `a challenge secret has at least ${SECRET_BYTES_MIN} bytes`)
  const keysFor = (purpose: string) => all.map((secret) => derive(secret, purpose))
  return {
    challenge: keysFor('switchyard challenge id v1'),
    token: keysFor('switchyard l402 root v1'),
    refund: keysFor('switchyard refund link v1'),
  }
}

/** Compares two byte strings in time that depends only on their lengths. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}

function derive(secret: Uint8Array, purpose: string): KeyObject {
  return createSecretKey(hmac(createSecretKey(secret), purpose))
}
