import type { Json } from '../../ports/books.ts'
import type { ListedRail } from './listedRails.ts'
import { type ListedRoute, type Listing, templateOf } from './listing.ts'
import { openApiDocument, paidBody, paidOperation, paidResponses, serviceInfo } from './openApiDocument.ts'

type Tree = Readonly<Record<string, Json>>
type Priced = Readonly<{ listing: Listing; rails: readonly ListedRail[]; hidden: readonly Pick<ListedRoute, 'method' | 'path'>[] }>

/** An app's own OpenAPI description with what its priced routes cost, and without those that are in no document. */
export function describedRoutes(described: Json, { listing, rails, hidden }: Priced): Json {
  const document = treeOf(described)
  const own = treeOf(document.paths)
  const prices = new Map(listing.routes.map((route) => [`${route.method.toLowerCase()} ${templateOf(route.path).template}`, route]))
  const unlisted = new Set(hidden.map(({ method, path }) => `${method.toLowerCase()} ${templateOf(path).template}`))
  const paths = Object.entries(own).flatMap(([template, item]) => {
    const operations = Object.entries(treeOf(item)).filter(([method]) => !unlisted.has(`${method} ${template}`))
    const priced = operations.map(([method, operation]) => {
      const route = prices.get(`${method} ${template}`)
      prices.delete(`${method} ${template}`)
      return [method, route ? withPrice(treeOf(operation), route, rails) : operation] as const
    })
    return priced.length === 0 ? [] : [[template, Object.fromEntries(priced)] as const]
  })
  const others = openApiDocument({ ...listing, routes: [...prices.values()] }, rails)
  return { ...document, ...serviceInfo(), paths: joined(Object.fromEntries(paths), treeOf(others.paths)) }
}

/** What the description says by itself of the request stays as it is. */
function withPrice(operation: Tree, route: ListedRoute, rails: readonly ListedRail[]): Tree {
  const summary = operation.summary === undefined && route.description !== '' ? { summary: route.description } : {}
  const responses = paidResponses(route, treeOf(operation.responses))
  return { ...paidBody(route), ...operation, ...summary, ...paidOperation(route, rails), responses }
}

function joined(one: Tree, other: Tree): Tree {
  const added = Object.entries(other).map(([template, item]) => [template, { ...treeOf(one[template]), ...treeOf(item) }])
  return { ...one, ...Object.fromEntries(added) }
}

function treeOf(value: Json | undefined): Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Tree) : {} // No list.
}
