import type { Money } from '../../money/money.ts'
import type { Json } from '../../ports/books.ts'

/** What a route costs: one price, one between two, or one that is told for each request by its 402. All in USD. */
export type ListedPrice =
  | Readonly<{ kind: 'fixed'; price: Money }>
  | Readonly<{ kind: 'range'; least: Money; most: Money }>
  | Readonly<{ kind: 'asked' }>

/** A request of the route that is answered, and how: what a reader learns the parameters from. */
export type RouteExample = Readonly<{
  query?: Readonly<Record<string, string>> | undefined
  body?: Json | undefined
  output?: Json | undefined
}>

/** A priced route that may be shown to anybody. `path` has its parameters as `:id`, and `*` at its end for any rest. */
export type ListedRoute = Readonly<{
  method: string
  path: string
  price: ListedPrice
  description: string
  example?: RouteExample | undefined
  /** Only programs that sign their requests are told the price. */
  isForAgents?: boolean | undefined
}>

/** What a server sells. `origin`: how payers reach it, such as https://api.example.com. `unlisted`: how many routes more there are than are shown. */
export type Listing = Readonly<{ origin: string; name: string; description: string; routes: readonly ListedRoute[]; unlisted: number }>

/** So many routes are in one document; a reader is told how many more there are. */
const LISTED_ROUTES_MAX = 250
/** Text of a seller in a document that others read by the line. */
const TEXT_CHARS_MAX = 200

/** The listing with no more routes than a document has, each method of a path once. */
export function boundListing(o: Omit<Listing, 'unlisted'>): Listing {
  const routes = [...new Map(o.routes.map((route) => [`${route.method} ${route.path}`, route])).values()]
  const shown = routes.slice(0, LISTED_ROUTES_MAX)
  const { origin, name, description } = o
  return { origin, name: oneLine(name), description: oneLine(description), routes: shown, unlisted: routes.length - shown.length }
}

/** The text on one line and not too long: it is a stranger's, in a document whose lines mean something. */
export function oneLine(text: string): string {
  return [...text.replace(/[\s\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim()].slice(0, TEXT_CHARS_MAX).join('')
}

/** The path as OpenAPI writes it, and the names of its parameters; the rest of a path that ends with `*` is `rest`. */
export function templateOf(path: string): Readonly<{ template: string; names: readonly string[] }> {
  const names: string[] = []
  const template = path
    .split('/')
    .map((segment) => {
      const name = segment === '*' ? 'rest' : /^:([A-Za-z_]\w*)/.exec(segment)?.[1]
      if (name === undefined) return segment
      names.push(name)
      return `{${name}}`
    })
    .join('/')
  return { template, names }
}
