import { createHash, type KeyObject } from 'node:crypto'

/**
 * The name of a log, and of the key that signs it: C2SP wants it unique. It is made of the key, so that a public key alone says which log is meant
 * and a gateway that begins again with another key is another log. The hex digits are the receipts' `key_id`.
 */
export function logOrigin(publicKey: KeyObject): string {
  return `switchyard/journal/${keyDigits(publicKey)}`
}

/** The log of the same key that had receipts and no blocks. It is not written any more; its checkpoints and proofs are still read. */
export function receiptsOrigin(publicKey: KeyObject): string {
  return `switchyard/audit/${keyDigits(publicKey)}`
}

function keyDigits(publicKey: KeyObject): string {
  const der = publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(der).digest('hex').slice(0, 16)
}
