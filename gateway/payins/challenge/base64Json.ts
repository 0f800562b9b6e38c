/** Standard base64 as x402 v2 accepts it (specs/transports-v2/http.md). */
const STANDARD = /^[A-Za-z0-9+/]+={0,2}$/
/** Base64url without padding, as the Payment scheme writes it (RFC 4648 section 5). */
const URL_SAFE = /^[A-Za-z0-9_-]+$/

/** The JSON value as standard base64 of UTF-8, for x402 headers. */
export function toBase64Json(value: unknown): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64')
}

/** The text as base64url without padding. */
export function toBase64Url(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url')
}

/** Reads standard base64 of JSON; throws SyntaxError when it is neither. */
export function fromBase64Json(text: string): unknown {
  if (!STANDARD.test(text)) throw new SyntaxError('not standard base64')
  return JSON.parse(Buffer.from(text, 'base64').toString('utf8'))
}

/** Reads unpadded base64url of JSON; throws SyntaxError when it is neither. */
export function fromBase64UrlJson(text: string): unknown {
  if (!URL_SAFE.test(text)) throw new SyntaxError('not unpadded base64url')
  return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
}
