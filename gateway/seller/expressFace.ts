import { GatewayError } from '../errors/gatewayError.ts'
import type { Documents } from './documents.ts'
import type { FaceOptions } from './faceOptions.ts'
import { holdAnswer } from './holdAnswer.ts'
import { nodeAsked } from './nodeFace.ts'
import type { NodeRequest } from './nodeRequest.ts'
import { headersBefore, type NodeResponse, sendReply } from './nodeResponse.ts'
import { checkPriced } from './pass.ts'
import type { Paywall } from './paywall.ts'
import type { Priced } from './price.ts'

/** What is used of Express's request. */
type ExpressRequest = NodeRequest & {
  readonly originalUrl: string
  readonly baseUrl: string
  readonly path: string
  readonly protocol: string
  readonly ip?: string | undefined
  readonly route?: { readonly path?: unknown }
}

/** A middleware that makes the handlers behind it paid for. Put it behind what parses bodies, so that another body is another request. */
export function expressFace(paywall: Paywall, documents: Pick<Documents, 'add'>, { publicUrl, meters }: FaceOptions) {
  return <Q extends ExpressRequest>(priced: Priced<Q>) => {
    checkPriced(priced)
    documents.add(priced)
    return async (request: Q, response: NodeResponse, next: (error?: unknown) => void): Promise<void> => {
      if (typeof request?.originalUrl !== 'string' || typeof next !== 'function') {
        throw new GatewayError('seller_misconfigured', 'The middleware was not called by Express 4 or 5', {
          hint: "Write app.get('/path', seller.express({ price }), handler); without Express use seller.node.",
        })
      }
      const { originalUrl, baseUrl, path, protocol, ip: from } = request
      const url = `${publicUrl ?? `${protocol}://${request.headers.host ?? 'localhost'}`}${originalUrl}`
      const pattern = request.route?.path
      const route = `${baseUrl}${typeof pattern === 'string' ? pattern : path}`
      const entry = await paywall.admit(priced, nodeAsked(request, { url, route, from }))
      if (entry.kind === 'reply') return sendReply(response, entry.reply, headersBefore(response))
      if (entry.kind === 'run') {
        meters.keep(request, entry)
        holdAnswer(response, entry.finish)
      }
      next()
    }
  }
}
