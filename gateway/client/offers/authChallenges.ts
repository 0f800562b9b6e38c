/**
 * One challenge of a `WWW-Authenticate` header: its scheme in small letters and its parameters, by their names in small letters. `isRepeated`: one of them is
 * there twice, and the first is here.
 */
export type AuthChallenge = Readonly<{ scheme: string; params: ReadonlyMap<string, string>; isRepeated: boolean }>

/** More challenges than this in one answer are nobody's. */
const CHALLENGES_MAX = 64

const TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+"
const SEPARATOR = /[\s,]*/y
const PARAM = new RegExp(`(${TOKEN})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s,"]+))(?=\\s*(?:,|$))`, 'y')
const SCHEME = new RegExp(`(${TOKEN})(?=\\s|,|$)`, 'y')
/** What some schemes carry instead of parameters (RFC 9110, token68). */
const TOKEN_68 = /\s+[A-Za-z0-9\-._~+/]+=*(?=\s*(?:,|$))/y
/** What is none of these, up to the comma after it. */
const STRAY = /(?:"(?:[^"\\]|\\.)*"|[^",])+/y

/**
 * Reads the challenges of a `WWW-Authenticate` header as fetch hands it over, all values joined by commas (RFC 9110, section 11.6.1). What is no challenge is
 * passed over, but for a quote without an end; of a parameter that is there twice the first counts.
 */
export function authChallenges(header: string): AuthChallenge[] {
  const found: { scheme: string; params: Map<string, string>; isRepeated: boolean }[] = []
  let at = 0
  const next = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at
    const match = pattern.exec(header)
    if (match) at = pattern.lastIndex
    return match ?? undefined
  }
  while (found.length <= CHALLENGES_MAX) {
    next(SEPARATOR)
    const current = found.at(-1)
    const param = current && next(PARAM)
    if (param) {
      const name = param[1]!.toLowerCase()
      const value = param[3] ?? param[2]!.replace(/\\(.)/g, '$1')
      if (current.params.has(name)) current.isRepeated = true
      else current.params.set(name, value)
      continue
    }
    const scheme = next(SCHEME)
    if (!scheme) {
      if (!next(STRAY)) return found
      continue
    }
    found.push({ scheme: scheme[1]!.toLowerCase(), params: new Map(), isRepeated: false })
    next(TOKEN_68)
  }
  return found
}
