import { GatewayError } from '../errors/gatewayError.ts'
import type { GatewayAddress } from './gatewayCalls.ts'
import type { Price, Priced } from './price.ts'
import { problemReply } from './problem.ts'
import type { Reply } from './wire.ts'

/** By these addresses others find what a server sells. */
const PATHS: readonly string[] = ['/openapi.json', '/.well-known/x402', '/llms.txt']
/** Stands for the server's own address, where each request says it, until a document is given. It is nobody's (RFC 2606). */
const NO_ORIGIN = 'https://seller.invalid'
const ORIGIN = /^https?:\/\/[0-9A-Za-z.:[\]_-]{1,255}$/
const PATH = '/v1/listings'
const DEADLINE_MS = 5_000
/** As long as the gateway does not answer, what it said before is given; and it is asked again no sooner than this. */
const STALE_MS_MAX = 3_600_000
const ASK_AGAIN_MS = 2_000
const MS_PER_S = 1_000
/** What a metered request costs at least. */
const NOTHING: Price = { asset: 'USD', amount: '0' }
/** As many as the gateway takes. */
const ROUTES_MAX = 1_000
const TEXT_CHARS_MAX = 4_194_304

type Document = Readonly<{ path: string; content_type: string; etag: string; body: string }>
type Listing = Readonly<{ fresh_s: number; documents: readonly Document[] }>
/** What is said of a priced route; `method` and `path` where the framework tells them. */
export type Listed = Pick<Priced<never>, 'price' | 'priceRange' | 'description' | 'listed' | 'example' | 'agents'>
/** What the app is called, and in a sentence what it is. */
type About = Readonly<{ name: string; description: string }>
type Place = Readonly<{ method: string; path: string }>

/** A request for a document. `origin`: how this one reached the server. */
type DocumentAsked = Readonly<{ method: string; path: string; origin: string; ifNoneMatch: string | undefined }>
export type Documents = ReturnType<typeof createDocuments>

/** What this seller sells, for whoever looks: the gateway writes the documents, a minute's worth at a time, and nobody's request makes it write more. */
export function createDocuments(o: GatewayAddress & About & Readonly<{ publicUrl: string | undefined }>) {
  /** Another one each time that what is listed changes, so that what was asked before does not stand for it. */
  let routes: ReadonlyMap<string, object> = new Map()
  let about: About = { name: o.name, description: o.description }
  let kept: Readonly<{ at: number; listing: Listing }> | undefined
  let asking: Promise<void> | undefined
  let askedAt = Number.NEGATIVE_INFINITY

  async function ask(): Promise<void> {
    const asked = routes
    const body = JSON.stringify({ url: o.publicUrl ?? NO_ORIGIN, ...about, routes: [...asked.values()] })
    const headers = { authorization: `Bearer ${o.key}`, 'content-type': 'application/json' }
    try {
      const signal = AbortSignal.timeout(DEADLINE_MS)
      const answer = await fetch(`${o.gateway}${PATH}`, { method: 'POST', headers, body, redirect: 'error', signal })
      const text = await answer.text()
      const isKept = answer.status === 200 && text.length <= TEXT_CHARS_MAX && asked === routes
      if (isKept) kept = { at: Date.now(), listing: JSON.parse(text) as Listing } // The gateway is trusted with its shape.
    } catch {
      // Not reached, cut off or too late: what was said before is given, or the reader is told to come again.
    }
  }

  /** What the gateway said, no older than it may be. */
  async function listing(): Promise<Listing | undefined> {
    const now = Date.now()
    const fresh = kept && now < kept.at + kept.listing.fresh_s * MS_PER_S
    if (!fresh && !asking && now >= askedAt + ASK_AGAIN_MS) {
      askedAt = now
      asking = ask().finally(() => {
        asking = undefined
      })
    }
    if (!fresh) await asking
    return kept && Date.now() < kept.at + STALE_MS_MAX ? kept.listing : undefined
  }

  return {
    /** Whether a request is for one, so that nothing else waits for it. */
    isFor: ({ method, path }: Place) => (method === 'GET' || method === 'HEAD') && PATHS.includes(path) && routes.size > 0,
    /** Throws `seller_misconfigured` for a route that is no method and path. Of more routes than a gateway takes the first ones are shown. */
    add(priced: Listed, place?: Place): void {
      const entry = entryOf(priced, place)
      if (!entry || routes.size === ROUTES_MAX) return
      routes = new Map([...routes, entry])
      kept = undefined
    },
    /** These in the place of all that was listed before, for who reads prices from elsewhere. */
    replace(all: readonly Listed[], named: Partial<About> = {}): void {
      about = { name: named.name ?? o.name, description: named.description ?? o.description }
      const entries = all.map((priced) => entryOf(priced)).filter((entry) => entry !== undefined)
      routes = new Map(entries.slice(0, ROUTES_MAX))
      kept = undefined
    },
    /** The document, or what its reader does instead. */
    async answer({ path, origin, ifNoneMatch }: DocumentAsked): Promise<Reply> {
      const document = (await listing())?.documents.find((one) => one.path === path)
      if (!document) return problemReply(new GatewayError('gateway_unreachable', 'The gateway does not say what is sold here'))
      const own = o.publicUrl ?? (ORIGIN.test(origin) ? origin : NO_ORIGIN)
      const etag = o.publicUrl === undefined ? `"${document.etag.slice(1, -1)} ${own}"`.replaceAll(' ', '-') : document.etag
      const headers: Reply['headers'] = [
        ['etag', etag],
        ['cache-control', 'public, max-age=60'],
        ['access-control-allow-origin', '*'],
      ]
      if (ifNoneMatch?.split(',').some((one) => one.trim().replace(/^W\//, '') === etag)) return { status: 304, headers, body: '' }
      return { status: 200, headers: [...headers, ['content-type', document.content_type]], body: document.body.replaceAll(NO_ORIGIN, own) }
    },
  }
}

/** Undefined for what is in no document. */
function entryOf(priced: Listed, place?: Place): readonly [string, object] | undefined {
  const at = priced.listed === false ? undefined : (place ?? placeOf(priced.listed))
  if (!at || at.method === 'HEAD' || at.method === 'OPTIONS') return undefined
  return [`${at.method} ${at.path}`, { ...at, ...saidOf(priced) }]
}

/** 'GET /books/:id' */
function placeOf(listed: string | undefined): Place | undefined {
  if (listed === undefined) return undefined
  const found = /^([A-Z]{3,10}) (\/[!-~]*)$/.exec(listed)
  if (found) return { method: found[1]!, path: found[2]! }
  throw new GatewayError('seller_misconfigured', `A route is listed as "${listed.slice(0, 100)}", which is no method and path`, {
    hint: "Write it as listed: 'GET /books/:id', or listed: false to keep it out of the documents.",
  })
}

function saidOf({ price, priceRange, description, example, agents }: Listed): object {
  const [least, most] = priceRange ?? []
  return {
    ...(typeof price === 'function' || 'upto' in price ? {} : { price }),
    ...('upto' in price ? { price_range: { least: NOTHING, most: price.upto } } : {}),
    ...(typeof price === 'function' && least && most ? { price_range: { least, most } } : {}),
    ...(description === undefined ? {} : { description }),
    ...(example === undefined ? {} : { example }),
    ...(agents === undefined ? {} : { for_agents: true }),
  }
}
