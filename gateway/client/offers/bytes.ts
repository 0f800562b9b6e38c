import type { Hex } from '../../ports/ids.ts'

/** Random bytes as 0x and hex, by the platform's own generator. */
export function randomHex(bytes: number): Hex {
  return toHex(crypto.getRandomValues(new Uint8Array(bytes)))
}

export function toHex(bytes: Uint8Array): Hex {
  return `0x${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

/** The JSON value as standard base64 of UTF-8. */
export function toBase64Json(value: unknown): string {
  // By the platform's own codec, which has a byte a character.
  return btoa(Array.from(new TextEncoder().encode(JSON.stringify(value)), (byte) => String.fromCharCode(byte)).join(''))
}

/** The JSON value as base64url without padding. */
export function toBase64UrlJson(value: unknown): string {
  return toBase64Json(value).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** The bytes in base64 of either alphabet, padded or not. Throws when it is none. */
export function fromBase64(text: string): Uint8Array {
  const plain = text.trim().replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '')
  return Uint8Array.from(atob(plain), (character) => character.charCodeAt(0))
}

/** The JSON in base64 of either alphabet, padded or not; undefined when it is none. */
export function fromBase64Json(text: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(fromBase64(text)))
  } catch {
    // Whoever wrote it speaks another format; the caller says which one it was to be.
    return undefined
  }
}

/** The JSON in a text; undefined when it is none. */
export function fromJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Other servers' 402 bodies are often no JSON; the headers speak then.
    return undefined
  }
}
