import { GatewayError } from '../errors/gatewayError.ts'
import type { Documents } from './documents.ts'
import type { FaceOptions } from './faceOptions.ts'
import { askedBy, finishResponse, toResponse } from './fetchFace.ts'
import { checkPriced } from './pass.ts'
import type { Paywall } from './paywall.ts'
import type { Priced } from './price.ts'

/** What is used of Hono's context. */
type HonoContext = {
  readonly req: { readonly raw: Request; readonly routePath: string }
  get res(): Response
  set res(response: Response | undefined)
}

/** A middleware that makes the route behind it paid for. */
export function honoFace(paywall: Paywall, documents: Pick<Documents, 'add'>, { publicUrl, meters }: FaceOptions) {
  return <C extends HonoContext>(priced: Priced<C>) => {
    checkPriced(priced)
    documents.add(priced)
    return async (context: C, next: () => Promise<void>): Promise<Response | undefined> => {
      if (!(context?.req?.raw instanceof Request)) {
        throw new GatewayError('seller_misconfigured', 'The middleware was not called with a context of Hono 4', {
          hint: "Install hono 4 and write app.get('/path', seller.hono({ price }), handler).",
        })
      }
      const { raw, routePath: route } = context.req
      const entry = await paywall.admit(priced, askedBy(raw, context, { publicUrl, route }))
      if (entry.kind === 'reply') return toResponse(entry.reply)
      if (entry.kind === 'run') meters.keep(context, entry)
      await next()
      if (entry.kind === 'free') return undefined
      // Work that threw has its answer by now: Hono asked its error handler for it.
      const answered = await finishResponse(entry.finish, context.res)
      // Headers of the answer before would be merged into this one.
      context.res = undefined
      context.res = answered
      return undefined
    }
  }
}
