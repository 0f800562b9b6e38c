import { createHash } from 'node:crypto'
import type { Json } from '../../ports/books.ts'
import type { ListedRail } from './listedRails.ts'
import type { Listing } from './listing.ts'
import { llmsText } from './llmsText.ts'
import { openApiDocument } from './openApiDocument.ts'
import { x402Document } from './x402Document.ts'

/** Where the documents are. */
export const DOCUMENT_PATHS = ['/openapi.json', '/.well-known/x402', '/llms.txt'] as const
export type DocumentPath = (typeof DOCUMENT_PATHS)[number]

/** How long a reader may keep one: as long a price that has changed may still be read. */
export const DOCUMENT_LIFE_S = 60

export type Document = Readonly<{ contentType: string; etag: string; body: string }>

/** All documents of what is sold. `openApi`: in the place of a description that is made of the listing alone. */
export function makeDocuments(listing: Listing, rails: readonly ListedRail[], openApi?: Json): Readonly<Record<DocumentPath, Document>> {
  return {
    '/openapi.json': documentOf('application/json; charset=utf-8', JSON.stringify(openApi ?? openApiDocument(listing, rails))),
    '/.well-known/x402': documentOf('application/json; charset=utf-8', JSON.stringify(x402Document(listing))),
    '/llms.txt': documentOf('text/plain; charset=utf-8', llmsText(listing, rails)),
  }
}

function documentOf(contentType: string, body: string): Document {
  return { contentType, body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` }
}

/** True when the reader has this very document (RFC 9110, section 13.1.2). */
export function isKnown(etag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag)
}

/** The headers of every answer with one, also of one that says it is known. Pages of any origin may read it. */
export function documentHeaders({ etag }: Document): readonly (readonly [string, string])[] {
  return [
    ['etag', etag],
    ['cache-control', `public, max-age=${DOCUMENT_LIFE_S}`],
    ['access-control-allow-origin', '*'],
  ]
}
