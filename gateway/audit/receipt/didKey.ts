import type { KeyObject } from 'node:crypto'
import { base58 } from '@scure/base'
import { invariant } from '../../errors/invariant.ts'

/** Ed25519 public keys in the multicodec table: 0xed as an unsigned varint. */
const ED25519_CODEC = [0xed, 0x01]

/** A public key of Ed25519 as a DID URL that carries it (did:key): who reads it needs no network to check a signature. */
export function didKeyOf(publicKey: KeyObject): string {
  const { crv, x } = publicKey.export({ format: 'jwk' })
  invariant(crv === 'Ed25519' && x !== undefined, 'receipts are signed with Ed25519')
  const name = `z${base58.encode(Uint8Array.from([...ED25519_CODEC, ...Buffer.from(x, 'base64url')]))}`
  return `did:key:${name}#${name}`
}
