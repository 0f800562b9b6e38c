/** A request as the caveats of a token see it. `path`: as it was sent, without its query. */
export type Guarded = Readonly<{ method: string; path: string }>

/**
 * What caveats leave of a token: until when it is good (seconds since 1970), which requests it buys, and where it lets less be spent than before: the
 * places of those caveats among all, and how much. `unknown`: the name of one that is not understood here, so that nobody knows what it forbids.
 */
export type Narrowing = Readonly<{
  untilS: number
  buys: (request: Guarded) => boolean
  limits: readonly Readonly<{ place: number; units: bigint }>[]
  unknown?: string
}>

/** The one service of every gateway, and the one thing that a token lets its holder do. */
export const SERVICE = 'switchyard'
export const CAPABILITY = 'use'

const CAVEAT = /^([A-Za-z][A-Za-z0-9_-]{0,63})(?: *[=<] *| +)([ -~]*)$/
const FOREVER_S = 99_999_999_999
const WHOLE = /^[0-9]{1,30}$/

type Meaning = (value: string) => Partial<Pick<Narrowing, 'untilS' | 'buys'>> | undefined

const until: Meaning = (value) => {
  const seconds = /^[0-9]{1,11}$/.test(value) ? Number.parseInt(value, 10) : secondsOf(value)
  return seconds === undefined ? undefined : { untilS: seconds }
}
const method: Meaning = (value) => {
  const allowed = listOf(value.toUpperCase())
  return { buys: (request) => allowed.includes(request.method === 'HEAD' ? 'GET' : request.method.toUpperCase()) }
}
const path: Meaning = (value) => ({ buys: (request) => isUnder(request.path, value) })
const service: Meaning = (value) => {
  const names = listOf(value).map((one) => one.split(':')[0])
  return { buys: () => names.includes(SERVICE) }
}
const capabilities: Meaning = (value) => {
  const names = listOf(value)
  return { buys: () => names.includes(CAPABILITY) }
}

/** Caveats that only narrow, under the names that other makers of L402 and macaroons give them. */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map([
  ['services', service],
  [`${SERVICE}_capabilities`, capabilities],
  [`${SERVICE}_valid_until`, until],
  ['valid_until', until],
  ['expires_at', until],
  ['ExpiresAt', until],
  ['time-before', until],
  ['time', until],
  ['method', method],
  ['RequestMethod', method],
  ['path', path],
  ['RequestPath', path],
])

/**
 * Reads the caveats from `first` on, all of which count. `limit` is the name of what a holder may take less of, where there is such a thing. A caveat that
 * must say again what was said (`same`) changes nothing where it does.
 */
export function readCaveats(
  caveats: readonly string[],
  { first, limit, same }: Readonly<{ first: number; limit?: string | undefined; same: readonly string[] }>,
): Narrowing {
  const tests: Narrowing['buys'][] = []
  const limits: { place: number; units: bigint }[] = []
  let untilS = FOREVER_S
  for (const [i, caveat] of caveats.slice(first).entries()) {
    if (same.includes(caveat)) continue
    const [, name = '', value = ''] = CAVEAT.exec(caveat) ?? []
    if (name !== '' && name === limit && WHOLE.test(value)) {
      limits.push({ place: first + i, units: BigInt(value) })
      continue
    }
    const meaning = MEANINGS.get(name)?.(value.trim())
    if (!meaning) return { untilS, buys: () => false, limits, unknown: name || 'of no name' }
    if (meaning.untilS !== undefined && meaning.untilS < untilS) untilS = meaning.untilS
    if (meaning.buys) tests.push(meaning.buys)
  }
  return { untilS, buys: (request) => tests.every((test) => test(request)), limits }
}

/** Whether the path is this one or, where that ends with a star, begins so. A path that could be read as another is under none. */
function isUnder(asked: string, allowed: string): boolean {
  if (!allowed.endsWith('*')) return asked === allowed
  const isPlain = !/(?:^|\/)(?:\.|%2e)+(?:\/|$)|\/\/|\\|%2f|%5c|;/i.test(asked)
  return isPlain && asked.startsWith(allowed.slice(0, -1))
}

function listOf(value: string): string[] {
  return value.split(',').map((one) => one.trim())
}

/** Of a time by RFC 3339; undefined for anything else. */
function secondsOf(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)$/.test(text)) return undefined
  const ms = Date.parse(text)
  return Number.isNaN(ms) || ms < 0 ? undefined : (ms - (ms % 1_000)) / 1_000
}
