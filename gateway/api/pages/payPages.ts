import { readFileSync } from 'node:fs'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Intent } from '../../payins/intent/intent.ts'
import { authorizationNonce } from '../../split/authorizationNonce.ts'
import { chooseWords } from '../html/words/chooseWords.ts'
import type { Faces } from '../http/faces.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { byId, payIntent } from '../http/wire.ts'
import { ASKS_A_CHAIN, payOnChain } from '../routes/payOnChain.ts'
import { createOpenPages } from './openPages.ts'
import { pageState, type Seen } from './pageState.ts'
import { headersOf, payPage } from './payPage.ts'
import { addTestPanel, testPanel } from './testPanel.ts'

/** Authorizations that were handed over, of which the rail has told nothing yet: the newest. */
const SEEN_KEPT = 10_000

type Needs = Pick<Faces, 'ground' | 'guard' | 'payins' | 'testMode'>
/** Pages of one gateway: the state of an intent as they show it, and how they hear of another. */
type Pages = Readonly<{ stateOf: (intent: Intent) => ReturnType<typeof pageState>; see: (id: string, seen: Seen) => void }>

/**
 * The page that a person pays an intent on. Whoever knows the intent's id may open it and pay, and learns what it costs, who sells it and whether it is
 * paid; nothing else of the intent is shown, such as its metadata.
 */
export function payPageRoutes(faces: Needs): FastifyPluginAsyncZod {
  const seen = new Map<string, Seen>()
  const pages: Pages = {
    stateOf: (intent) => pageState(intent, { now: faces.ground.clock.now(), seen: seen.get(intent.id) }),
    see(id, what) {
      seen.set(id, what)
      if (seen.size > SEEN_KEPT) seen.delete(seen.keys().next().value!)
    },
  }
  return async (app) => {
    addPage(app, faces, pages)
    addStates(app, faces, pages)
    addAuthorization(app, faces, pages)
    if (faces.testMode) addTestPanel(app, faces.testMode)
  }
}

function addPage(app: RouteApp, { ground, payins, testMode }: Pick<Needs, 'ground' | 'payins' | 'testMode'>, { stateOf }: Pages): void {
  addElement(app)
  const script = readFileSync(new URL('./payPageScript.js', import.meta.url), 'utf8')
  const style = readFileSync(new URL('../html/page.css', import.meta.url), 'utf8')
  app.get('/pay/page.js', { schema: { hide: true } }, async (_, reply) => reply.type('text/javascript; charset=utf-8').send(script))
  app.get('/pay/page.css', { schema: { hide: true } }, async (_, reply) => reply.type('text/css; charset=utf-8').send(style))
  app.get(
    '/pay/:id',
    {
      schema: {
        params: byId,
        tags: ['payment intents'],
        summary: 'A page to pay the intent on, in the language of the browser: QR codes, WebLN, browser wallets, bank',
        response: { 200: z.string() },
      },
    },
    async (request, reply) => {
      const intent = await payins.intents.look(request.params.id)
      const words = chooseWords(request.headers['accept-language'])
      const state = stateOf(intent)
      const panel = testMode ? testPanel(state) : ''
      const page = payPage(intent, { now: ground.clock.now(), state, words, nonceOf: authorizationNonce, panel })
      return reply.headers(headersOf(intent)).type('text/html; charset=utf-8').send(page)
    },
  )
}

/** What a shop loads to show the page inside its own, and what the page then tells it. */
function addElement(app: RouteApp): void {
  const element = readFileSync(new URL('./checkoutElement.js', import.meta.url), 'utf8')
  const frame = readFileSync(new URL('./framedPage.js', import.meta.url), 'utf8')
  app.get('/pay/checkout.js', { schema: { hide: true } }, async (_, reply) => {
    // A module of another origin is loaded only where that is allowed, and so is what carries its own hash.
    reply.header('access-control-allow-origin', '*').header('cross-origin-resource-policy', 'cross-origin')
    return reply.type('text/javascript; charset=utf-8').send(element)
  })
  app.get('/pay/frame.js', { schema: { hide: true } }, async (_, reply) => reply.type('text/javascript; charset=utf-8').send(frame))
}

/** What became of it, once or as it changes. */
function addStates(app: RouteApp, { ground, payins }: Pick<Needs, 'ground' | 'payins'>, { stateOf }: Pages): void {
  const view = (intent: Intent) => ({ status: intent.status, state: stateOf(intent).kind, receipt: intent.paid?.receipt ?? null })
  const openPage = createOpenPages(ground.clock)
  app.get('/pay/:id/status', { schema: { params: byId, hide: true } }, async (request, reply) =>
    reply.header('cache-control', 'no-store').send(view(payins.intents.get(request.params.id))),
  )
  app.get('/pay/:id/events', { schema: { params: byId, hide: true } }, async (request, reply) => {
    const { id } = request.params
    payins.intents.get(id)
    openPage(request, reply, (tell) => {
      tell(view(payins.intents.get(id)))
      return payins.intents.watch(id, (intent) => tell(view(intent)))
    })
    return reply
  })
}

function addAuthorization(app: RouteApp, faces: Needs, { see }: Pages): void {
  const authorization = payIntent.options[1]
  app.post(
    '/pay/:id/authorization',
    {
      config: { weight: ASKS_A_CHAIN },
      schema: {
        params: byId,
        body: authorization,
        tags: ['payment intents'],
        summary: 'Hand over a signed authorization that pays the intent; needs no key',
      },
    },
    async (request, reply) => {
      const { rail, authorization: signed } = request.body
      const intent = faces.payins.intents.get(request.params.id)
      const told = await payOnChain(faces, intent, { choice: rail, signed, ip: request.ip })
      see(intent.id, told.outcome === 'settled' ? 'detected' : 'unknown')
      return reply.code(202).send(told)
    },
  )
}
