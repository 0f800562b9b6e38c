import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { Refusal } from '../../facilitator/reasons.ts'
import { parseOnce } from '../../payins/challenge/base64Json.ts'
import { boundedWaits } from '../http/boundedWaits.ts'
import type { Faces } from '../http/faces.ts'
import { facilitatorProblem } from '../http/facilitatorProblem.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { moneyView } from '../http/views.ts'
import { networkIn, settleView, verifyView } from './facilitatorViews.ts'
import { sellerOf } from './sellerOf.ts'

type Needs = Pick<Faces, 'callers' | 'facilitator'>

const BASE = '/x402'
/** Callers who wait for a block at a time. */
const WAITS_MAX = 5_000

/** A facilitator of x402 v2 for sellers elsewhere, each with the key of a party: what their HTTPFacilitatorClient calls under `<gateway>/x402`. */
export function facilitatorRoutes(faces: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_: unknown, body: Buffer) => parsed(body))
    app.addHook('preSerialization', async (request, reply, payload) => {
      if (reply.statusCode < 400 || typeof payload !== 'object' || payload === null) return payload
      return facilitatorProblem(payload, request.routeOptions.url ?? '', networkIn(request.body))
    })
    addCalls(app, faces)
    addReading(app, faces)
  }
}

function addCalls(app: RouteApp, { callers, facilitator }: Needs): void {
  const waits = boundedWaits(WAITS_MAX)
  app.addHook('preClose', async () => waits.end())
  app.post(
    `${BASE}/verify`,
    { schema: { tags: ['facilitator'], summary: 'Whether a payment of x402 v2 is good to settle now (exact, EIP-3009)' } },
    async (request, reply) => {
      reply.header('cache-control', 'no-store')
      const verdict = await facilitator.verify(sellerOf(callers, request), request.body)
      if (verdict.kind === 'bad') refuseMalformed(verdict.refusal)
      return verifyView(verdict)
    },
  )
  app.post(
    `${BASE}/settle`,
    { schema: { tags: ['facilitator'], summary: 'Settle a payment of x402 v2 on its chain, once; settlement_pending is asked again' } },
    async (request, reply) => {
      reply.header('cache-control', 'no-store')
      const seller = sellerOf(callers, request)
      const settling = await waits.during({ caller: seller, reply }, (signal) => facilitator.settle(seller, request.body, signal))
      if (settling.kind === 'bad') refuseMalformed(settling.refusal)
      if (settling.kind === 'settled' && settling.repeated) reply.header('idempotent-replayed', 'true')
      return settleView(settling, networkIn(request.body))
    },
  )
}

function addReading(app: RouteApp, { callers, facilitator }: Needs): void {
  app.get(`${BASE}/supported`, { schema: { tags: ['facilitator'], summary: 'What is settled here, and by which accounts' } }, async () => {
    const served = facilitator.served()
    return {
      kinds: served.map(({ network }) => ({ x402Version: 2, scheme: 'exact', network })),
      extensions: [],
      signers: Object.fromEntries(served.map(({ network, signers }) => [network, signers])),
    }
  })
  app.get(
    `${BASE}/account`,
    { schema: { tags: ['facilitator'], summary: 'What a payment costs its seller now, what is under way, and what of today is used up' } },
    async (request) => {
      const { open, taken, failed, limits } = facilitator.usage(sellerOf(callers, request))
      return {
        object: 'facilitator_account',
        in_flight: { used: open, most: limits.inFlight },
        today: { taken: { used: taken, most: limits.perDay }, failed: { used: failed, most: limits.failedPerDay } },
        assets: facilitator
          .served()
          .map(({ network, token, name, version, fee }) => ({ network, token, extra: { name, version }, fee: moneyView(fee) })),
      }
    },
  )
}

/** What cannot be read is the caller's mistake, and no judgement of a payment. */
function refuseMalformed({ isMalformed, message, reason }: Refusal): void {
  if (isMalformed) throw new GatewayError('invalid_request', message, { hint: 'Send what x402 v2 says.', meta: { reason } })
}

/** A key that stands twice in an object could mean one thing to us and another to the seller. */
function parsed(body: Buffer): unknown {
  try {
    return parseOnce(body)
  } catch {
    throw new GatewayError('invalid_request', 'The body is not JSON in which every key stands once', {
      meta: { reason: 'invalid_payload' },
    })
  }
}
