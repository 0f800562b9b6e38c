import { readFileSync } from 'node:fs'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import { type Caller, callerId } from '../http/authenticate.ts'
import { readForms } from '../http/forms.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { openStream } from '../routes/events.ts'
import { ACTS } from './acts.ts'
import { type Answer, askAs } from './ask.ts'
import { fieldOf, type LoggedIn, loggedIn, type Needs, requireOwnForm, sessionFor } from './browser.ts'
import { addLogin } from './loginRoutes.ts'
import { html } from './pages/markup.ts'
import { PAGE_OF_PATH } from './pages/pageOfPath.ts'
import { refusal } from './pages/parts.ts'
import type { Approval, SuspenseAction } from './pages/shapes.ts'
import { DASHBOARD_HEADERS, documentOf } from './pages/shell.ts'
import type { Page, Problem, View } from './pages/view.ts'
import { bookedLaterPage, stillWaitingPage, waitingPage } from './pages/waitingPage.ts'
import { addPasskeyLogin, addPasskeys } from './passkeyRoutes.ts'

const ID = /^(?!\.+$)[A-Za-z0-9_:.-]{1,200}$/
const JSON_PATH = '/dashboard/json'
const ACT_PATH = '/dashboard/do/'
/** Another person was asked. */
const ACCEPTED = 202
/** As `GET /v1/events` is asked, whose rights the stream needs. */
const EVENTS = { method: 'GET', routeOptions: { url: '/v1/events' } } as const

/** The dashboard: pages, their stream, the JSON behind them, and the acts that their forms ask for. */
export function dashboardRoutes(needs: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    readForms(app)
    app.addHook('onRequest', async (_, reply) => {
      reply.headers(DASHBOARD_HEADERS).type('text/html; charset=utf-8')
    })
    app.setErrorHandler((error, request, reply) => {
      // What is nobody's refusal is told as everywhere.
      if (!isGatewayError(error)) throw error
      const { code, title, hint, status, shortMessage } = error
      // The script of a page shows it in its place.
      if (request.headers['content-type']?.startsWith('application/json'))
        return reply
          .code(status)
          .type('application/json; charset=utf-8')
          .send({ code, trouble: `${shortMessage}. ${hint}` })
      const page = { title, lead: '', body: refusal({ title, detail: `${shortMessage}. ${hint}`, code }) }
      const found = loggedIn(needs, request)
      return reply.code(status).send(documentOf(page, needs.operations.network, found && aroundOf(needs, found, request)))
    })
    addAssets(app)
    addLogin(app, needs)
    addPasskeyLogin(app, needs)
    addPasskeys(app, needs, (request, reply, found, page) => send(needs, found, request, reply, page))
    addPages(app, needs)
    addJson(app, needs)
    addStream(app, needs)
    addActs(app, needs)
  }
}

function addAssets(app: RouteApp): void {
  const script = readFileSync(new URL('./dashboard.js', import.meta.url), 'utf8')
  const style = readFileSync(new URL('./dashboard.css', import.meta.url), 'utf8')
  app.get('/dashboard/assets/dashboard.js', { schema: { hide: true } }, async (_, reply) =>
    reply.type('text/javascript; charset=utf-8').send(script),
  )
  app.get('/dashboard/assets/dashboard.css', { schema: { hide: true } }, async (_, reply) =>
    reply.type('text/css; charset=utf-8').send(style),
  )
}

function addPages(app: RouteApp, needs: Needs): void {
  for (const [path, pageOf] of Object.entries(PAGE_OF_PATH)) {
    app.get(path, { schema: { hide: true } }, async (request, reply) => {
      const found = sessionFor(needs, request, reply)
      if (!found) return reply
      return send(needs, found, request, reply, await pageOf(viewOf(app, needs, found, request), needs.ground.clock.now()))
    })
  }
  app.get('/dashboard/', { schema: { hide: true } }, async (_, reply) => reply.redirect('/dashboard', 308))
  app.get('/dashboard/find', { schema: { hide: true } }, async (request, reply) =>
    reply.redirect(`/dashboard/payments/${encodeURIComponent(fieldOf(request.query, 'id').trim())}`, 303),
  )
}

/** What a page shows, as the API says it. */
function addJson(app: RouteApp, needs: Needs): void {
  app.get(`${JSON_PATH}/*`, { schema: { hide: true } }, async (request, reply) => {
    const found = sessionFor(needs, request, reply)
    if (!found) return reply
    const { status, body } = await askAs(app, found.session, request.ip).get(request.url.slice(JSON_PATH.length))
    return reply
      .code(status)
      .type('application/json; charset=utf-8')
      .send(`${JSON.stringify(body, null, 2)}\n`)
  })
}

/** Events as they happen, of those that this key may read, as `GET /v1/events` streams them. */
function addStream(app: RouteApp, needs: Needs): void {
  app.get('/dashboard/stream', { schema: { hide: true } }, async (request, reply) => {
    const found = loggedIn(needs, request)
    if (!found) throw new GatewayError('unauthorized', 'This browser is not logged in')
    const asked = {
      headers: { authorization: `Bearer ${found.session.secret}` },
      ip: request.ip,
      method: EVENTS.method,
      routeOptions: EVENTS.routeOptions,
    }
    const caller = needs.callers.authenticate(asked)
    const filter = caller.kind === 'party' ? { party: caller.party.id } : {}
    // A page that is open is somebody who is there; a session that was ended hears nothing more.
    const may = () => loggedIn(needs, request) !== undefined
    return openStream(needs.events, { caller, filter, after: undefined, request, reply, may })
  })
}

function addActs(app: RouteApp, needs: Needs): void {
  for (const [path, act] of Object.entries(ACTS)) {
    app.post(path, { schema: { hide: true } }, async (request, reply) => {
      const found = sessionFor(needs, request, reply)
      if (!found) return reply
      requireOwnForm(request, found.session)
      const { body } = request
      const id = idOf(request)
      const how = { repeat: fieldOf(body, 'repeat'), approval: fieldOf(body, 'approval') }
      const answer = await askAs(app, found.session, request.ip).post(act.path(id), act.body(body), how)
      const back = act.shown(id)
      if (answer.status < 300 && answer.status !== ACCEPTED) return reply.redirect(back, 303)
      const view = viewOf(app, needs, found, request)
      return send(
        needs,
        found,
        request,
        reply.code(answer.status),
        notDone(view, answer, { path: request.url, back, fields: sentAgain(body) }),
      )
    })
  }
}

type Undone = Readonly<{ path: string; back: string; fields: Readonly<Record<string, string>> }>

/** Why it was not done: somebody has to agree first, or it was refused. */
function notDone(view: View, { status, body }: Answer, { path, back, fields }: Undone): Page {
  const asked = { path: path.slice(ACT_PATH.length), fields, back }
  if (status === ACCEPTED) {
    const waits = body as Approval | SuspenseAction // As the routes answer that another person is asked with.
    return waits.object === 'approval' ? waitingPage(view, waits, asked) : bookedLaterPage(waits, back)
  }
  const problem = body as Problem // RFC 9457.
  if (problem.code === 'approval_needed' && fields.approval) return stillWaitingPage(view, problem, asked)
  return { title: problem.title, lead: 'It was not done.', body: html`${refusal(problem)}<p><a href="${back}">Back</a></p>` }
}

/** What a form has said, without what is good for one sending of it. */
function sentAgain(fields: unknown): Readonly<Record<string, string>> {
  const names = Object.keys(fields as object).filter((name) => name !== 'token' && name !== 'repeat') // A form is an object: its token was found in it.
  return Object.fromEntries(names.map((name) => [name, fieldOf(fields, name)]))
}

function viewOf(app: Pick<FastifyInstance, 'inject'>, needs: Needs, { session, caller }: LoggedIn, request: FastifyRequest): View {
  const query = request.query as Record<string, unknown> // Fastify's own.
  return {
    ask: askAs(app, session, request.ip),
    id: idOf(request),
    query: Object.fromEntries(Object.keys(query).map((name) => [name, fieldOf(query, name)])),
    operator: caller.kind === 'operator',
    party: caller.kind === 'party' ? caller.party.id : undefined,
    formToken: session.formToken,
    repeat: () => crypto.randomUUID(),
    assets: needs.ground.assets,
  }
}

/** '' for a page that is about no one thing. */
function idOf({ params }: FastifyRequest): string {
  const id = fieldOf(params, 'id')
  if (id !== '' && !ID.test(id)) throw new GatewayError('not_found', 'There is nothing under such an id')
  return id
}

function aroundOf({ operations: { network } }: Needs, { session, caller }: LoggedIn, { url }: FastifyRequest) {
  return { network, path: url.split('?')[0]!, who: whoIs(caller), operator: caller.kind === 'operator', formToken: session.formToken }
}

function whoIs(caller: Caller): string {
  return caller.kind === 'party' ? caller.party.name : callerId(caller)
}

function send(needs: Needs, found: LoggedIn, request: FastifyRequest, reply: FastifyReply, page: Page): FastifyReply {
  return reply.send(documentOf(page, needs.operations.network, aroundOf(needs, found, request)))
}
