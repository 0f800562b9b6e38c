import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Json } from '../../ports/books.ts'
import { describedRoutes } from './describedRoutes.ts'
import { DOCUMENT_PATHS, type Document, type DocumentPath, documentHeaders, isKnown, makeDocuments } from './documents.ts'
import { listedRails } from './listedRails.ts'
import { boundListing, type ListedRoute } from './listing.ts'

/** What stands in the documents is made anew after this, and not for each reader. */
const KEPT_MS = 2_000
const NAME = 'Switchyard'

type Faces = Parameters<typeof listedRails>[0] & Readonly<{ ground: Readonly<{ clock: Readonly<{ now: () => number }> }> }>
/** `publicUrl`: how payers reach the app, as far as it is known without a request. */
type Options = Readonly<{ publicUrl: () => string | undefined }>

/** The routes with a price of one app, in whatever scope of it they were made. `hidden`: those that are in no document. */
type OwnRoutes = Readonly<{ listed: ListedRoute[]; hidden: Pick<ListedRoute, 'method' | 'path'>[] }>
type Own = OwnRoutes & { isServed: boolean; describe: (() => unknown) | undefined }

/** By the server, which all scopes of an app share. */
const known = new WeakMap<object, Own>()

export function ownRoutes(app: FastifyInstance): OwnRoutes {
  return ownOf(app)
}

function ownOf(app: FastifyInstance): Own {
  const standing = known.get(app.server)
  if (standing) return standing
  const made: Own = { listed: [], hidden: [], isServed: false, describe: undefined }
  known.set(app.server, made)
  return made
}

/** Answers with the documents of an app's priced routes, once an app, and where it has nothing of its own there. `describe`: its other routes, as OpenAPI. */
export function serveDocuments(app: FastifyInstance, faces: Faces, o: Options & Readonly<{ describe?: () => unknown }>): void {
  const routes = ownOf(app)
  if (o.describe) routes.describe = o.describe
  if (routes.isServed) return
  routes.isServed = true
  let kept: Readonly<{ at: number; origin: string; documents: Readonly<Record<DocumentPath, Document>> }> | undefined

  function documentsAt(origin: string): Readonly<Record<DocumentPath, Document>> {
    const at = faces.ground.clock.now()
    if (kept && kept.origin === origin && at >= kept.at && at < kept.at + KEPT_MS) return kept.documents
    const rails = listedRails(faces)
    const listing = boundListing({ origin, name: NAME, description: '', routes: routes.listed })
    const described = routes.describe?.() as Json | undefined // OpenAPI is JSON.
    const documents = makeDocuments(listing, rails, described && describedRoutes(described, { listing, rails, hidden: routes.hidden }))
    kept = { at, origin, documents }
    return documents
  }

  for (const path of DOCUMENT_PATHS) {
    if (app.hasRoute({ method: 'GET', url: path })) continue
    app.get(path, { schema: { hide: true } }, async (request, reply) => {
      return answerDocument(request, reply, documentsAt(o.publicUrl() ?? `${request.protocol}://${request.host}`)[path])
    })
  }
}

function answerDocument(request: FastifyRequest, reply: FastifyReply, document: Document): FastifyReply {
  for (const [name, value] of documentHeaders(document)) reply.header(name, value)
  if (isKnown(document.etag, request.headers['if-none-match'])) return reply.code(304).send()
  return reply.type(document.contentType).send(document.body)
}
