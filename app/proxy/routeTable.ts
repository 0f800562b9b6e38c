import findMyWay from 'find-my-way'
import { invariant } from '../../gateway/errors/invariant.ts'
import type { Refusal } from '../config/refusal.ts'
import { generousReading, pathOf } from './pathReadings.ts'
import { METHODS, type PriceRoute } from './pricesFile.ts'

type Method = (typeof METHODS)[number]

/** Which route a request is for. `unclear`: the path could be read as another one's; `none`: it has none, though it has for the methods of `allow`. */
type Place = Readonly<{ kind: 'route'; index: number } | { kind: 'unclear' } | { kind: 'none'; allow: readonly Method[] }>

export type RouteTable = Readonly<{ find: (method: string, target: string) => Place }>

/** Longer than the longest path that is sold. */
const PARAMETER_CHARS_MAX = 16_384
/** Routes are only looked up: the router calls nothing. */
const NEVER = () => invariant(false, 'a route of the table is not called')

/** The routes of a file of prices, and what of them collides. Paths are the same whatever their case and their slashes, for services differ in that. */
export function createRouteTable(routes: readonly PriceRoute[]): Readonly<{ table: RouteTable; refusals: readonly Refusal[] }> {
  const router = newRouter()
  const refusals = routes.flatMap((route, index) => {
    const faults = methodsOf(route).flatMap((method) => {
      const fault = faultOf(() => router.on(method, route.path, NEVER, { index }))
      return fault === undefined ? [] : [refusalOf(routes, { index, method, fault })]
    })
    return faults.slice(0, 1)
  })

  // What `on` was given.
  const indexAt = (method: Method, path: string) => (router.find(method, path)?.store as { index: number } | undefined)?.index

  const table: RouteTable = {
    find(method, target) {
      const path = pathOf(target)
      const generous = path === undefined ? undefined : generousReading(path)
      if (path === undefined || generous === undefined) return { kind: 'unclear' }
      const known = METHODS.find((one) => one === method)
      const index = known && indexAt(known, path)
      if (known && indexAt(known, generous) !== index) return { kind: 'unclear' }
      if (index !== undefined) return { kind: 'route', index }
      return { kind: 'none', allow: METHODS.filter((one) => indexAt(one, path) !== undefined) }
    },
  }
  return { table, refusals }
}

function newRouter() {
  return findMyWay({ caseSensitive: false, ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: PARAMETER_CHARS_MAX })
}

function methodsOf({ methods = [...METHODS] }: PriceRoute): readonly Method[] {
  return methods
}

/** Two routes collide when the router does not take both. */
function refusalOf(routes: readonly PriceRoute[], { index, method, fault }: { index: number; method: Method; fault: string }): Refusal {
  const setting = `routes.${index}.path`
  const { path } = routes[index]!
  const other = routes.slice(0, index).findIndex((earlier) => {
    const two = newRouter()
    return (
      methodsOf(earlier).includes(method) &&
      !faultOf(() => two.on(method, earlier.path, NEVER)) &&
      faultOf(() => two.on(method, path, NEVER))
    )
  })
  if (other >= 0 && /already declared/.test(fault))
    return { setting, message: `${setting} sells ${method} ${path}, as routes.${other} does`, hint: 'Remove one of the two.' }
  return { setting, message: `${setting} cannot be looked up: ${fault}`, hint: 'Write it as /books, /books/:id or /files/*.' }
}

function faultOf(add: () => void): string | undefined {
  try {
    add()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : 'it is no path'
  }
}
