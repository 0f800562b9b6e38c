import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import type { IssuerKey } from '../gateway/guard/mandates/sdJwt.ts'

/** A value as a part of a token. */
export const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
/** Values that an SD-JWT discloses, and the digest in whose place they stand. */
export const disclosure = (...values: unknown[]): string => encoded(['salt', ...values])
export const behind = (shown: string) => ({ '...': createHash('sha256').update(shown).digest('base64url') })

/** Somebody who signs mandates of AP2, as its examples have them. */
export function mandateIssuer() {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { kty, crv, x, y } = keys.publicKey.export({ format: 'jwk' })

  /** An SD-JWT of this payload. */
  function signed(payload: object, disclosed: readonly string[] = [], header: object = { alg: 'ES256', typ: 'dc+sd-jwt' }): string {
    const input = `${encoded(header)}.${encoded(payload)}`
    const signature = sign('sha256', Buffer.from(input), { key: keys.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')
    return [`${input}.${signature}`, ...disclosed, ''].join('~')
  }
  return {
    issuerKey: { kty, crv, x, y } as IssuerKey, // Of P-256.
    signed,
    /** A mandate, the whole of it behind a digest. */
    mandate(content: object, disclosed: readonly string[] = [], outer: object = {}): string {
      const whole = disclosure(content)
      return signed({ delegate_payload: [behind(whole)], _sd_alg: 'sha-256', ...outer }, [...disclosed, whole])
    },
  }
}
