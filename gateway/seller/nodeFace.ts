import { GatewayError, isGatewayError } from '../errors/gatewayError.ts'
import type { Documents } from './documents.ts'
import type { FaceOptions } from './faceOptions.ts'
import { holdAnswer } from './holdAnswer.ts'
import { type NodeRequest, nodeBodyDigest, nodeHeader } from './nodeRequest.ts'
import { headersBefore, type NodeResponse, sendReply } from './nodeResponse.ts'
import { checkPriced } from './pass.ts'
import type { Asked, Paywall } from './paywall.ts'
import type { Priced } from './price.ts'
import { problemReply } from './problem.ts'
import type { Reply } from './wire.ts'

const BROKEN: Reply = { status: 500, headers: [['content-type', 'text/plain; charset=utf-8']], body: 'Internal Server Error' }

/** A handler of `node:http` that is paid for. */
export function nodeFace(paywall: Paywall, documents: Pick<Documents, 'add'>, { publicUrl, meters }: FaceOptions) {
  return <Q extends NodeRequest, S extends NodeResponse>(priced: Priced<Q>, handler: (request: Q, response: S) => unknown) => {
    checkPriced(priced)
    documents.add(priced)
    return async (request: Q, response: S): Promise<void> => {
      if (typeof request?.socket !== 'object' || typeof response?.writeHead !== 'function') {
        throw new GatewayError('seller_misconfigured', 'The handler was not called with a request and a response of node:http', {
          hint: 'Use seller.fetch for a handler that is called with a Request.',
        })
      }
      const path = request.url ?? '/'
      const entry = await paywall.admit(
        priced,
        nodeAsked(request, { url: `${publicUrl ?? originOf(request)}${path}`, route: path.split('?')[0]! }),
      )
      if (entry.kind === 'reply') return sendReply(response, entry.reply, headersBefore(response))
      if (entry.kind === 'run') meters.keep(request, entry)
      const held = entry.kind === 'run' ? holdAnswer(response, entry.finish) : undefined
      try {
        await handler(request, response)
      } catch (error) {
        // It goes on to say nothing: the answer is ours to give, and the money goes back.
        held?.fail(isGatewayError(error, 'upstream_unreachable') ? problemReply(error) : BROKEN)
        throw error
      }
    }
  }
}

export function nodeAsked<Q extends NodeRequest>(
  request: Q,
  o: { url: string; route: string; from?: string | undefined; isRouted?: boolean },
): Asked<Q> {
  return {
    isRouted: o.isRouted === true,
    request,
    method: request.method ?? 'GET',
    url: o.url,
    route: o.route,
    header: (name) => nodeHeader(request, name),
    bodyDigest: () => nodeBodyDigest(request),
    from: addressOf(o.from ?? request.socket.remoteAddress),
  }
}

export function originOf(request: NodeRequest): string {
  return `${request.socket.encrypted ? 'https' : 'http'}://${nodeHeader(request, 'host') ?? 'localhost'}`
}

/** An IPv4 address as such, though the socket takes both families; nothing where it names a zone. */
function addressOf(address: string | undefined): string | undefined {
  const plain = address?.replace(/^::ffff:(?=[0-9.]+$)/, '')
  return plain !== undefined && /^[0-9a-fA-F.:]{2,45}$/.test(plain) ? plain : undefined
}
