import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { DEVICE_CODE_INTERVAL_MS, DEVICE_CODE_LIFE_MS, type DeviceCode } from '../../guard/deviceCodes/deviceCodes.ts'
import { parseAmount } from '../../money/money.ts'
import { hashKey, hintOf, secretOfCode } from '../../parties/keys/secret.ts'
import { withApproval } from '../http/approving.ts'
import { callerId } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { moneyView } from '../http/views.ts'
import { byId } from '../http/wire.ts'
import { baseUrl } from '../walletRoutes/lnurlAnswer.ts'
import { agentView, keyTermsOf, orderOf, wholeOf } from './agentOrder.ts'
import { askDeviceKey, createAgent, createDeviceCode } from './agentWire.ts'

/** To ask for a code weighs as much as so many other requests of somebody without a key: it makes something that waits. */
const ASKING_WEIGHT = 10
const MS_PER_S = 1_000
const NO_STORE = { 'cache-control': 'no-store' }

type Needs = Pick<Faces, 'approvals' | 'callers' | 'ground' | 'guard' | 'parties'>

/** How a program without a key gets an agent's: it asks for a code, a person grants it, and the program fetches the key (RFC 8628). */
export function deviceCodeRoutes(faces: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    addAsking(app, faces)
    addKey(app, faces)
    addReading(app, faces)
    addGrant(app, faces)
  }
}

function addAsking(app: RouteApp, { callers, ground, guard }: Needs): void {
  const schema = { body: createDeviceCode, tags: ['agents'], summary: 'A code by which a person makes the program that asks an agent' }
  app.post('/v1/device_codes', { schema, config: { weight: ASKING_WEIGHT } }, async (request, reply) => {
    const { name, request_usd_max: ofRequest, day_usd_max: ofDay } = request.body
    const of = (text: string | undefined) => (text === undefined ? undefined : parseAmount(text, ground.usd))
    const wish = { name, requestMax: of(ofRequest), dayMax: of(ofDay) }
    const { deviceCode, userCode } = guard.deviceCodes.ask({ wish, from: request.ip, keyOf: knownKeyOf })
    const page = new URL('/dashboard/agents', baseUrl(callers, request))
    return reply.headers(NO_STORE).send({
      device_code: deviceCode,
      user_code: userCode,
      verification_uri: page.href,
      verification_uri_complete: `${page.href}?code=${userCode}`,
      expires_in: DEVICE_CODE_LIFE_MS / MS_PER_S,
      interval: DEVICE_CODE_INTERVAL_MS / MS_PER_S,
    })
  })
}

/** The key follows from the code, so nothing has to keep it until it is fetched, and a question that is asked again is answered alike. */
function addKey(app: RouteApp, { ground, guard, parties }: Needs): void {
  const schema = {
    body: askDeviceKey,
    tags: ['agents'],
    summary: 'The key of a code that was granted; else why there is none, by its code',
  }
  app.post('/v1/device_codes/token', { schema }, async (request, reply) => {
    const secret = secretOfCode(request.body.device_code)
    const keyHash = hashKey(secret)
    const key = parties.keys.ofHash(keyHash)
    if (key?.agent !== undefined) {
      if (key.createdAt + DEVICE_CODE_LIFE_MS <= ground.clock.now())
        throw new GatewayError('expired_token', 'The time in which its key can be fetched is over')
      return reply.headers(NO_STORE).send({ access_token: secret, token_type: 'Bearer', agent: key.agent })
    }
    const standing = guard.deviceCodes.standingOf(keyHash)
    switch (standing.kind) {
      case 'pending':
        throw new GatewayError('authorization_pending', 'The code waits for a person', againIn(standing.intervalMs))
      case 'too_soon':
        throw new GatewayError('slow_down', 'It was asked before its interval had passed', againIn(standing.intervalMs))
      case 'denied':
        throw new GatewayError('access_denied', 'The code was denied')
      case 'over':
        throw new GatewayError('expired_token', 'There is no such code any more')
    }
  })
}

function addReading(app: RouteApp, { callers, guard }: Needs): void {
  const schema = { params: byId, tags: ['agents'], summary: 'What a program asks for, as it says itself' }
  app.get('/v1/device_codes/:id', { schema }, async (request) => {
    callers.authenticate(request)
    return waitingView(guard.deviceCodes.find(request.params.id), 'pending')
  })
  const denying = { params: byId, tags: ['agents'], summary: 'Say no; the program is told' }
  app.post('/v1/device_codes/:id/deny', { schema: denying }, async (request) => {
    callers.authenticate(request)
    return waitingView(guard.deviceCodes.deny(request.params.id), 'denied')
  })
}

function addGrant(app: RouteApp, faces: Needs): void {
  const { approvals, callers, guard, parties } = faces
  const summary = 'Make the program an agent, with the limits that this says and not those that it asked for'
  const schema = { params: byId, body: createAgent, tags: ['agents'], summary }
  app.post('/v1/device_codes/:id/grant', { schema }, async (request, reply) => {
    const caller = callers.authenticate(request)
    return callers.idempotent(request, reply, caller, (plain) => {
      const { about, ...matter } = orderOf(faces, caller, request.body)
      return guard.deviceCodes.grant(request.params.id, async ({ keyHash: hash, keyHint: hint }) => {
        let isMade = false
        await withApproval(approvals, { request, caller, record: plain }, matter, async (record) => {
          const by = callerId(caller)
          const { agent, fact, claims: own, onConflict, during } = parties.agents.begin({ ...about, by })
          const { claims, facts } = record(201, agentView(agent, wholeOf(agent)))
          // Whatever becomes of this request, one code is one agent.
          const once = { key: `device_code:${hash}`, fingerprint: agent.id }
          const along = () => ({ claims: [...claims, once, ...own], facts: [fact, ...facts] })
          await during(() => parties.keys.createKnown(keyTermsOf(agent), { hash, hint }, { by, along, onConflict }))
          isMade = true
        })
        return isMade
      })
    })
  })
}

/** The interval as it is now. */
function againIn(intervalMs: number) {
  return { meta: { retry_after_s: intervalMs / MS_PER_S } }
}

function knownKeyOf(deviceCode: string) {
  const secret = secretOfCode(deviceCode)
  return { hash: hashKey(secret), hint: hintOf(secret) }
}

function waitingView({ userCode, wish, from, expiresAt }: DeviceCode, status: 'pending' | 'denied') {
  return {
    object: 'device_code',
    user_code: userCode,
    status,
    name: wish.name,
    request_max: wish.requestMax ? moneyView(wish.requestMax) : null,
    day_max: wish.dayMax ? moneyView(wish.dayMax) : null,
    from,
    expires_at: new Date(expiresAt).toISOString(),
  }
}
