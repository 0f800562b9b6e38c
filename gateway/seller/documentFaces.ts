import type { Documents, Listed } from './documents.ts'
import { toResponse } from './fetchFace.ts'
import { originOf } from './nodeFace.ts'
import { type NodeRequest, nodeHeader } from './nodeRequest.ts'
import { type NodeResponse, sendReply } from './nodeResponse.ts'

/** The documents for servers of both kinds. */
export function documentFaces(documents: Documents) {
  return {
    /** Undefined for a request that is for no document. */
    async fetch(request: Request): Promise<Response | undefined> {
      const { pathname: path, origin } = new URL(request.url)
      const { method, headers } = request
      if (!documents.isFor({ method, path })) return undefined
      return toResponse(await documents.answer({ method, path, origin, ifNoneMatch: headers.get('if-none-match') ?? undefined }))
    },
    /** These routes in the place of all that were listed before, for who reads the prices from elsewhere. */
    replace: (routes: readonly Listed[], about: Readonly<{ name?: string; description?: string }> = {}): void =>
      documents.replace(routes, about),
    /** A middleware of Express; without `next` it answers whether it has answered. */
    async node(request: NodeRequest & { readonly originalUrl?: string }, response: NodeResponse, next?: () => void): Promise<boolean> {
      const path = (request.originalUrl ?? request.url ?? '/').split('?')[0]!
      const { method = 'GET' } = request
      if (!documents.isFor({ method, path })) {
        next?.()
        return false
      }
      const ifNoneMatch = nodeHeader(request, 'if-none-match')
      sendReply(response, await documents.answer({ method, path, origin: originOf(request), ifNoneMatch }))
      return true
    },
  }
}
