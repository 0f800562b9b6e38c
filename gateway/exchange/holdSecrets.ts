import { createHash, createHmac } from 'node:crypto'
import type { ExchangeId } from '../ports/ids.ts'

/** The preimages of exchanges. They are computed, never kept: who reads the journal cannot take a payment on its way. */
export type HoldSecrets = Readonly<{
  hashOf(id: ExchangeId): string
  /** The preimage that opens this hash, by the current key or the one before; undefined when neither does. */
  preimageOf(id: ExchangeId, hash: string): string | undefined
}>

/** HMAC-SHA256 under the gateway's challenge secret, which every process that may take over has; `previous` while it is being changed. */
export function holdSecrets(keys: { current: Uint8Array; previous?: Uint8Array | undefined }): HoldSecrets {
  const preimage = (key: Uint8Array, id: ExchangeId) => createHmac('sha256', key).update(`switchyard held payment ${id}`).digest()
  const hashed = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
  return {
    hashOf: (id) => hashed(preimage(keys.current, id)),
    preimageOf(id, hash) {
      for (const key of [keys.current, keys.previous]) {
        const bytes = key && preimage(key, id)
        if (bytes && hashed(bytes) === hash) return bytes.toString('hex')
      }
      return undefined
    },
  }
}
