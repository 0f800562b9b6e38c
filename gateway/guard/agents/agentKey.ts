import { createHash, createPublicKey, type KeyObject } from 'node:crypto'

/** A public key of Ed25519 as a JWK (RFC 8037). Times in seconds. */
export type AgentJwk = Readonly<{
  kty: 'OKP'
  crv: 'Ed25519'
  x: string
  kid?: string | undefined
  nbf?: number | undefined
  exp?: number | undefined
}>

/** A key by its thumbprint (RFC 7638), and between which times (seconds) it counts. */
export type AgentKey = Readonly<{ keyId: string; key: KeyObject; from: number; until: number }>

export function agentKeyOf({ kty, crv, x, nbf = 0, exp = Number.MAX_SAFE_INTEGER }: AgentJwk): AgentKey {
  return { keyId: thumbprintOf(x), key: createPublicKey({ key: { kty, crv, x }, format: 'jwk' }), from: nbf, until: exp }
}

/** RFC 8037, appendix A.3: the members in this order, and nothing else. */
function thumbprintOf(x: string): string {
  return createHash('sha256')
    .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
    .digest('base64url')
}
