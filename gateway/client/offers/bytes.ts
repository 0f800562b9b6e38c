import { base64, base64nopad, base64urlnopad } from '@scure/base'
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
  return base64.encode(new TextEncoder().encode(JSON.stringify(value)))
}

/** The JSON value as base64url without padding. */
export function toBase64UrlJson(value: unknown): string {
  return base64urlnopad.encode(new TextEncoder().encode(JSON.stringify(value)))
}

/** The JSON in base64 of either alphabet, padded or not; undefined when it is none. */
export function fromBase64Json(text: string): unknown {
  const plain = text.trim().replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '')
  try {
    return JSON.parse(new TextDecoder().decode(base64nopad.decode(plain)))
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
