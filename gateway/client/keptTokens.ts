import * as z from 'zod/mini'
import { tokenSays } from './offers/tokenSays.ts'

/** The oldest goes first: what it opened is paid for anew. */
const TOKENS_MAX = 256
const TOKENS_PER_ORIGIN_MAX = 32
/** A token that is good at more places is asked for before it is shown there. */
const PLACES_MAX = 16
/** No server takes headers much longer than this. */
const LENGTH_MAX = 8_192
const PLACE_LENGTH_MAX = 512
/** So many of a folder are tried before one more is bought. */
const TRIED_MAX = 2

/**
 * A token of L402, and where it is shown unasked. `bought` is an origin and a path, as are the `places`. An empty `value` stands for none: there a
 * token of the folder was refused in a way that does not say whether anything was done.
 */
const form = z.array(z.object({ value: z.string().check(z.regex(/^(L402 [ -~]+)?$/)), bought: z.string(), places: z.array(z.string()) }))
export type KeptToken = z.infer<typeof form>[number]

type Tokens = readonly KeptToken[]
/** A token, at a place. */
type Shown = Readonly<{ value: string; place: string }>

/** Where a URL asks: its origin and path. */
export function placeOf(url: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}

/** What cannot be read is none: nothing is lost by it but a payment. */
export function readTokens(text: string | undefined): Tokens {
  try {
    const read = form.safeParse(JSON.parse(text ?? '[]'))
    return read.success ? read.data.filter(({ bought }) => URL.canParse(bought)) : []
  } catch {
    return []
  }
}

/** The token that is shown at this place unasked. */
export function tokenAt(tokens: Tokens, place: string): KeptToken | undefined {
  return tokens.find(({ places }) => places.includes(place))
}

/**
 * Those whose caveats do not forbid the request: past its end, or with another method, a token is wasted on its server's word. What a caveat of a path means,
 * a server may see otherwise where it took the token already.
 */
export function unforbidden(tokens: Tokens, { method, nowS }: Readonly<{ method: string; nowS: number }>): Tokens {
  const wanted = method === 'HEAD' ? 'GET' : method
  return tokens.filter(({ value }) => {
    const { untilS, methods } = tokenSays(value)
    return nowS < untilS && (methods?.includes(wanted) ?? true)
  })
}

/** What may open a place that asks: its own token, and the newest that name its path or, where they name none, were bought in its very folder. */
export function candidates(tokens: Tokens, place: string): Tokens {
  const own = tokenAt(tokens, place)
  if (own?.value === '') return []
  const others = tokens.filter((token) => token !== own && token.value !== '' && originOf(token.bought) === originOf(place))
  const beside = others.filter(({ value, bought }) => {
    const { paths } = tokenSays(value)
    return paths.length > 0 ? paths.every((path) => isUnder(new URL(place).pathname, path)) : folderOf(bought) === folderOf(place)
  })
  return [...(own ? [own] : []), ...beside.reverse()].slice(0, TRIED_MAX)
}

/** This path, one that begins so where that ends with a star, or one below it: whoever reads it so takes the token there. */
function isUnder(asked: string, path: string): boolean {
  const folder = path.endsWith('*') ? path.slice(0, -1) : path.endsWith('/') ? path : `${path}/`
  return asked === path || asked.startsWith(folder)
}

/** It was bought here, and is shown here in the place of any other; undefined for one that is too long to be kept. */
export function withBought(tokens: Tokens, { value, place }: Shown): Tokens | undefined {
  if (value.length + place.length > LENGTH_MAX) return undefined
  const others = tokens.flatMap((token) => without(token, place))
  const origin = originOf(place)
  const here = others.filter(({ bought }) => originOf(bought) === origin)
  const oldest = here.length < TOKENS_PER_ORIGIN_MAX ? undefined : here[0]
  return [...others.filter((token) => token !== oldest), { value, bought: place, places: [place] }].slice(-TOKENS_MAX)
}

/** It was taken here, and is shown here from now on; undefined when nothing changes by it. */
export function withAccepted(tokens: Tokens, { value, place }: Shown): Tokens | undefined {
  const isKept = tokens.some((token) => token.value === value)
  if (!isKept || place.length > PLACE_LENGTH_MAX || tokenAt(tokens, place)?.value === value) return undefined
  return tokens
    .flatMap((token) => without(token, place))
    .map((token) => (token.value === value ? { ...token, places: [...token.places, place].slice(-PLACES_MAX) } : token))
}

/** It was refused here; `mayBeDone`: and the request may have been done. */
export function withRefused(tokens: Tokens, shown: Shown, mayBeDone: boolean): Tokens {
  const { value, place } = shown
  const left = tokens.flatMap((token) => (token.value === value ? without(token, place) : [token]))
  return mayBeDone && !tokenAt(left, place) ? (withBought(left, { value: '', place }) ?? left) : left
}

/** None of this server's. */
export function withoutOrigin(tokens: Tokens, origin: string): Tokens | undefined {
  const left = tokens.filter(({ bought }) => originOf(bought) !== origin)
  return left.length < tokens.length ? left : undefined
}

/** One that is shown nowhere any more goes. */
function without(token: KeptToken, place: string): Tokens {
  const places = token.places.filter((other) => other !== place)
  return places.length > 0 ? [{ ...token, places }] : []
}

function folderOf(place: string): string {
  return place.slice(0, place.lastIndexOf('/') + 1)
}

function originOf(place: string): string {
  return new URL(place).origin
}
