import { secp256k1 } from '@noble/curves/secp256k1.js'

/** What a login may be for (LUD-04). */
const AUTH_ACTIONS = ['register', 'login', 'link', 'auth'] as const
export type AuthAction = (typeof AUTH_ACTIONS)[number]

const CHALLENGE = /^[0-9a-f]{64}$/
const PUBLIC_KEY = /^0[23][0-9a-f]{64}$/
/** A DER signature of two 256-bit numbers. */
const SIGNATURE = /^30[0-9a-f]{14,142}$/

/**
 * True when `sig` (DER, hex) is `key`'s signature (compressed secp256k1 point, hex) over the 32 bytes of `k1` as they are, not hashed again (LUD-04).
 * Wallets are not asked for low-s signatures: the challenge, not the signature, is good once.
 */
export function authIsSigned(o: { k1: string; sig: string; key: string }): boolean {
  const [k1, sig, key] = [o.k1.toLowerCase(), o.sig.toLowerCase(), o.key.toLowerCase()]
  if (!CHALLENGE.test(k1) || !PUBLIC_KEY.test(key) || !SIGNATURE.test(sig) || sig.length % 2 !== 0) return false
  try {
    const [signature, message, publicKey] = [sig, k1, key].map((hex) => Uint8Array.from(Buffer.from(hex, 'hex')))
    return secp256k1.verify(signature!, message!, publicKey!, { prehash: false, lowS: false, format: 'der' })
  } catch {
    // Not a point of the curve, or not DER.
    return false
  }
}

/** The URL by which a wallet logs in: the service's, with signature and key. Undefined when the login carries no proper challenge. */
export function signAuth(login: URL, privateKey: Uint8Array): URL | undefined {
  const k1 = login.searchParams.get('k1')?.toLowerCase() ?? ''
  if (login.searchParams.get('tag') !== 'login' || !CHALLENGE.test(k1)) return undefined
  const signature = secp256k1.sign(Uint8Array.from(Buffer.from(k1, 'hex')), privateKey, { prehash: false, format: 'der' })
  const signed = new URL(login)
  signed.searchParams.set('sig', Buffer.from(signature).toString('hex'))
  signed.searchParams.set('key', Buffer.from(secp256k1.getPublicKey(privateKey)).toString('hex'))
  return signed
}
