import { createHmac, hash, type KeyObject } from 'node:crypto'
import { invariant } from '../../errors/invariant.ts'

const BLOCK_BYTES = 64
const DIGEST_BYTES = 32

/**
 * HMAC-SHA256. A key that lives long is a KeyObject, prepared once. For a key that is used once, as in the chain of a macaroon, two plain hashes
 * (RFC 2104) take a sixth of the time that preparing a key for `createHmac` does.
 */
export function hmac(key: KeyObject | Uint8Array, data: string | Uint8Array): Buffer {
  return key instanceof Uint8Array ? hmacOnce(key, Buffer.from(data)) : createHmac('sha256', key).update(data).digest()
}

function hmacOnce(key: Uint8Array, data: Uint8Array): Buffer {
  invariant(key.length <= BLOCK_BYTES, 'a key of HMAC-SHA256 fits one block')
  const inner = Buffer.alloc(BLOCK_BYTES + data.length, 0x36)
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES, 0x5c)
  for (const [i, byte] of key.entries()) {
    inner[i] = byte ^ 0x36
    outer[i] = byte ^ 0x5c
  }
  inner.set(data, BLOCK_BYTES)
  outer.set(hash('sha256', inner, 'buffer'), BLOCK_BYTES)
  return hash('sha256', outer, 'buffer')
}
