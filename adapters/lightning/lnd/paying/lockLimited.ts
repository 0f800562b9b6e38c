import type { AuthenticatedLnd } from 'lightning'
import { lockBlocksMax } from '../../lockLimit.ts'

type Request = Readonly<Record<string, unknown>>

/**
 * The same LND, asked for payments and routes of this amount that lock it for so long at most. The client can name a height only, and asks LND by a stream for
 * the one it is at before each call; LND's own requests take blocks, so they are named there.
 */
export function lockLimited(lnd: AuthenticatedLnd, amountMsat: bigint): AuthenticatedLnd {
  const limit = { cltv_limit: lockBlocksMax(amountMsat) }
  const router = Object.assign(Object.create(lnd.router), {
    sendPaymentV2: (request: Request, ...more: unknown[]) => lnd.router.sendPaymentV2({ ...request, ...limit }, ...more),
  })
  const main = Object.assign(Object.create(lnd.default), {
    queryRoutes: (request: Request, ...more: unknown[]) => lnd.default.queryRoutes({ ...request, ...limit }, ...more),
  })
  return { ...lnd, router, default: main }
}
