import { isUtf8 } from 'node:buffer'

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/
const BASE64_URL = /^[A-Za-z0-9_-]*$/

/** The JSON value as standard base64 of UTF-8, for x402 headers. */
export function toBase64Json(value: unknown): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64')
}

/** The text as base64url without padding. */
export function toBase64Url(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url')
}

/** Reads standard base64 of JSON (x402 v2, specs/transports-v2/http.md); throws SyntaxError when it is neither, or not in its one spelling. */
export function fromBase64Json(text: string): unknown {
  return parseOnce(strictBytes(text, 'base64'))
}

/** Reads unpadded base64url of JSON (RFC 4648 section 5); throws SyntaxError when it is neither, or not in its one spelling. */
export function fromBase64UrlJson(text: string): unknown {
  return parseOnce(strictBytes(text, 'base64url'))
}

/** The bytes of either alphabet of base64, padded or not, but wholly in one of them; undefined for anything else. */
export function fromEitherBase64(text: string): Buffer | undefined {
  const plain = text.replace(/=+$/, '')
  if (plain !== text && text.length % 4 !== 0) return undefined
  const encoding = BASE64_URL.test(plain) ? 'base64url' : 'base64'
  if (encoding === 'base64' && !BASE64.test(plain)) return undefined
  const bytes = Buffer.from(plain, encoding)
  return bytes.toString(encoding).replace(/=+$/, '') === plain ? bytes : undefined
}

/** Node skips what is not of the alphabet, and bits behind the end: only what it would write so itself is read. */
function strictBytes(text: string, encoding: 'base64' | 'base64url'): Buffer {
  const bytes = Buffer.from(text, encoding)
  if (text === '' || bytes.toString(encoding) !== text) throw new SyntaxError(`not ${encoding} in its one spelling`)
  return bytes
}

/** JSON in which no object says one thing twice: which of the two counts is for every reader to choose (RFC 8259 section 4). Throws SyntaxError. */
export function parseOnce(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw new SyntaxError('not UTF-8')
  const text = bytes.toString('utf8')
  const value: unknown = JSON.parse(text)
  // What is written again letter by letter has no key twice; it is how most clients write.
  if (JSON.stringify(value) !== text && hasKeyTwice(text)) throw new SyntaxError('an object has a key twice')
  return value
}

/** Texts, the brackets of objects and lists, and what ends a key or a member. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g

/** Whether an object in this well-formed JSON has a key twice, however it is escaped. */
function hasKeyTwice(json: string): boolean {
  const open: Set<string>[] = []
  let last = ''
  for (const [token] of json.matchAll(TOKENS)) {
    if (token === '{' || token === '[') open.push(new Set())
    else if (token === '}' || token === ']') open.pop()
    else if (token === ':') {
      const keys = open.at(-1)!
      const key = JSON.parse(last) as string // A colon stands behind a text.
      if (keys.has(key)) return true
      keys.add(key)
    }
    last = token
  }
  return false
}
