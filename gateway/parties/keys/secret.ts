import { createHash, hash, randomBytes } from 'node:crypto'

const SECRET_BYTES = 24
const HINT_CHARACTERS = 4

/** A new API key: 192 random bits. `pk_` says that it is no secret. */
export function newSecret(prefix: 'sk_' | 'pk_' = 'sk_'): string {
  return `${prefix}${randomBytes(SECRET_BYTES).toString('base64url')}`
}

/** The API key that goes with a code which its program alone knows. Who knows the key's hash, or the key, learns nothing of the code. */
export function secretOfCode(code: string): string {
  return `sk_${createHash('sha256').update('switchyard: the key of a device code\n').update(code).digest('base64url')}`
}

/** API keys are stored as this hash only. */
export function hashKey(key: string): string {
  return hash('sha256', key)
}

/** By which a person tells keys apart: 24 of its 192 bits. */
export function hintOf(key: string): string {
  return key.slice(-HINT_CHARACTERS)
}
