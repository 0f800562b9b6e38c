import { fromBase64 } from './bytes.ts'

/**
 * What the caveats of an L402 token say, as far as others give them the same names; nothing of one that cannot be read, which its server judges alone. `untilS`
 * in seconds since 1970, `isPass` of a token of ours that buys more than one request.
 */
export type TokenSays = Readonly<{ untilS: number; methods: readonly string[] | undefined; paths: readonly string[]; isPass: boolean }>

/** Version and types of fields of a macaroon (libmacaroons, version 2 of the binary form). */
const VERSION = 2
const [END, IDENTIFIER] = [0, 2] as const
const CAVEAT = /^(\S+?)(?: *[=<] *| +)(.+)$/
const UNTIL = /^(?:.*valid_until|expires_at|ExpiresAt|time-before)$/

/** Reads the token of an `Authorization` of L402. */
export function tokenSays(authorization: string): TokenSays {
  const caveats = caveatsOf(authorization.slice('L402 '.length).split(':')[0] ?? '').map((caveat) => CAVEAT.exec(caveat) ?? [])
  const named = (name: RegExp) => caveats.flatMap(([, key = '', value = '']) => (name.test(key) ? [value] : []))
  const ends = named(UNTIL).map((text) => (/^\d{1,11}$/.test(text) ? Number.parseInt(text, 10) : Date.parse(text) / 1_000))
  const known = ends.filter((end) => !Number.isNaN(end)).sort((a, b) => a - b)
  const [methods] = named(/^(?:method|RequestMethod)$/).filter((text) => /^[A-Za-z, ]+$/.test(text))
  return {
    untilS: known[0] ?? Number.POSITIVE_INFINITY,
    methods: methods?.toUpperCase().split(/[, ]+/),
    paths: named(/^(?:path|RequestPath)$/),
    isPass: named(/^pass$/).length > 0,
  }
}

/** First-party caveats and the others, as text; none where it is no macaroon of this form. */
function caveatsOf(token: string): string[] {
  try {
    const bytes = fromBase64(token)
    const found: string[] = []
    let at = 1
    let sections = 0
    while (bytes[0] === VERSION && at < bytes.length) {
      const type = bytes[at++]
      if (type === END) sections++
      if (type === END) continue
      let [length, shift, byte] = [0, 0, 0]
      do {
        byte = bytes[at++] ?? 0
        length += (byte & 0x7f) * 2 ** shift
        shift += 7
      } while (byte > 0x7f)
      if (type === IDENTIFIER && sections > 0) found.push(new TextDecoder().decode(bytes.subarray(at, at + length)))
      at += length
    }
    return found
  } catch {
    // Not base64: a token may be anything to its server.
    return []
  }
}
