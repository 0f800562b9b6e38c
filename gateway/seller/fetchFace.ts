import { GatewayError } from '../errors/gatewayError.ts'
import type { Documents } from './documents.ts'
import type { FaceOptions } from './faceOptions.ts'
import type { Finish } from './finishRun.ts'
import { flowing } from './flow.ts'
import { heldParts, KEPT_BYTES_MAX, keptText, STREAM_AFTER_MS } from './keptText.ts'
import { checkPriced } from './pass.ts'
import type { Asked, Paywall } from './paywall.ts'
import type { Priced } from './price.ts'
import { isDigested, sha256 } from './sha256.ts'
import type { Reply } from './wire.ts'

type Handler<R, Rest extends unknown[]> = (request: R, ...rest: Rest) => Response | Promise<Response>

/** A handler from Request to Response that is paid for, for any server that takes one. */
export function fetchFace(paywall: Paywall, documents: Pick<Documents, 'add'>, { publicUrl, meters }: FaceOptions) {
  return <R extends Request, Rest extends unknown[]>(priced: Priced<R>, handler: Handler<R, Rest>) => {
    checkPriced(priced)
    documents.add(priced)
    return async (request: R, ...rest: Rest): Promise<Response> => {
      if (!(request instanceof Request)) {
        throw new GatewayError('seller_misconfigured', 'The handler was not called with a Request', {
          hint: 'In Next.js use it in a route handler (app/.../route.ts); for (req, res) use seller.node or seller.express.',
        })
      }
      const entry = await paywall.admit(priced, askedBy(request, request, { publicUrl }))
      if (entry.kind === 'free') return handler(request, ...rest)
      if (entry.kind === 'reply') return toResponse(entry.reply)
      meters.keep(request, entry)
      return finishWith(entry.finish, () => handler(request, ...rest))
    }
  }
}

/** `own` is the request as its framework has it, which the price function is given. */
export function askedBy<R>(request: Request, own: R, o: { publicUrl: string | undefined; route?: string }): Asked<R> {
  const { pathname, search, origin } = new URL(request.url)
  return {
    request: own,
    method: request.method,
    url: `${o.publicUrl ?? origin}${pathname}${search}`,
    route: o.route ?? pathname,
    header: (name) => request.headers.get(name) ?? undefined,
    async bodyDigest() {
      if (request.body === null || request.bodyUsed || !isDigested(request.headers.get('content-length'))) return undefined
      return sha256(new Uint8Array(await request.clone().arrayBuffer()))
    },
  }
}

/** Runs the work, has its answer kept, and gives it. */
async function finishWith(finish: Finish, work: () => Response | Promise<Response>): Promise<Response> {
  return finishResponse(finish, await orFailed(finish, async () => work()))
}

/** Work that throws, or whose answer does before it begins, has failed, and its framework says so. */
async function orFailed<T>(finish: Finish, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    await finish({ status: 500, contentType: 'text/plain; charset=utf-8', body: '', open: false })
    throw error
  }
}

export async function finishResponse(finish: Finish, response: Response): Promise<Response> {
  const { status, statusText } = response
  const { body, text } = await orFailed(finish, () => begun(response))
  const contentType = response.headers.get('content-type') ?? 'text/plain; charset=utf-8'
  const finished = await finish({ status, contentType, body: text, open: text === undefined })
  if (finished.kind === 'reply') {
    void body?.cancel().catch(() => {})
    return toResponse(finished.reply)
  }
  const headers = new Headers(response.headers)
  for (const [name, value] of finished.headers) headers.set(name, value)
  const { flow } = finished
  return new Response(body && flow ? flowing(body, flow, heldParts()) : body, { status, statusText, headers })
}

export function toResponse({ status, headers, body }: Reply): Response {
  const fields = new Headers()
  // Values of one name are one field each, in this order.
  for (const [name, value] of headers) fields.append(name, value)
  return new Response(status === 304 ? null : body, { status, headers: fields })
}

type Begun = Readonly<{ body: ReadableStream<Uint8Array> | null; text: string | undefined }>

/** Reads what may be kept: `text` where the whole body is short text, and in any case a body that is still whole. */
async function begun({ body }: Response): Promise<Begun> {
  if (!body) return { body: null, text: '' }
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let bytes = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), STREAM_AFTER_MS)
  })
  try {
    for (;;) {
      const next = reader.read()
      const part = await Promise.race([next, late])
      if (part === 'late') return { body: rest(chunks, reader, next), text: undefined }
      if (part.done) return { body: rest(chunks), text: keptText(chunks) }
      chunks.push(part.value)
      bytes += part.value.byteLength
      if (bytes > KEPT_BYTES_MAX) return { body: rest(chunks, reader), text: undefined }
    }
  } finally {
    clearTimeout(timer)
  }
}

type Reader = ReadableStreamDefaultReader<Uint8Array>
type Part = ReturnType<Reader['read']>

/** The chunks that were read, then what the reader still has; `next` is a read that was begun. */
function rest(chunks: Uint8Array[], reader?: Reader, next?: Part): ReadableStream<Uint8Array> {
  let begun = next
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const chunk = chunks.shift()
      if (chunk) return controller.enqueue(chunk)
      const part = await (begun ?? reader?.read())
      begun = undefined
      if (!part || part.done) controller.close()
      else controller.enqueue(part.value)
    },
    cancel: (reason) => reader?.cancel(reason),
  })
}
