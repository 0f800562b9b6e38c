import { createHash } from 'node:crypto'
import type { AccountPath, Books } from '../../ports/books.ts'

/** Routes that have an account of their own; sellers elsewhere name theirs as they like, and accounts stay for ever. The others share one. */
const ROUTES_MAX = 1_000
/** What of a name is kept as it is. */
const NAME_MAX = 120
const ROUTES: AccountPath = 'exposure:route'

/** The account that counts what is owed for a route, by the route's name. */
export function createRouteAccounts(books: Pick<Books, 'accounts'>): (route: string) => AccountPath {
  let known: Set<AccountPath> | undefined
  return (route) => {
    known ??= new Set(books.accounts(ROUTES).map(({ path }) => path))
    const path = `${ROUTES}:${nameOf(route)}`
    if (known.has(path)) return path
    if (known.size >= ROUTES_MAX) return `${ROUTES}:others`
    known.add(path)
    return path
  }
}

/** One part of a path: a colon begins another. What is long, or begins as another, ends with a hash. */
function nameOf(route: string): string {
  const plain = route.length <= NAME_MAX && !route.includes(':') && route.isWellFormed()
  if (plain) return route
  const start = route.slice(0, NAME_MAX).toWellFormed().replaceAll(':', ';')
  return `${start}~${createHash('sha256').update(route).digest('hex').slice(0, 16)}`
}
