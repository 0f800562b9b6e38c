import type { FastifyRequest } from 'fastify'
import { addressAllows } from '../../parties/keys/key.ts'
import { hashKey } from '../../parties/keys/secret.ts'
import { callerId } from '../http/authenticate.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { codeOf, countWrong, endSession, fieldOf, loggedIn, type Needs, placeAfterLogin, requireOwnForm, startSession } from './browser.ts'
import { html } from './pages/markup.ts'
import { documentOf } from './pages/shell.ts'
import { passkeyButton } from './passkeyRoutes.ts'

const KEY = /^sk_[A-Za-z0-9_-]{8,128}$/

/** A key for a session: the key itself is read once, and neither kept nor sent back. */
export function addLogin(app: RouteApp, needs: Needs): void {
  const { network } = needs.operations
  const page = (request: FastifyRequest, trouble?: string) =>
    documentOf(
      {
        title: 'Log in',
        lead: 'With an API key. What it may do, this browser may do until you log out, for eight hours at most.',
        body: html`${trouble && html`<p class="refusal" role="alert">${trouble}</p>`}
<form class="login" action="/dashboard/login" method="post"><input type="hidden" name="code" value="${codeOf(request.method === 'POST' ? request.body : request.query)}"><label>API key <input name="key" type="password" required autocomplete="current-password" placeholder="sk_…" autofocus></label> <button>Log in</button></form>
${passkeyButton(request, needs)}
${network === 'local' && html`<p class="quiet">The start of this gateway has printed one: the operator’s.</p>`}`,
      },
      network,
    )
  app.get('/dashboard/login', { schema: { hide: true } }, async (request, reply) => reply.send(page(request)))
  app.post('/dashboard/login', { schema: { hide: true } }, async (request, reply) => {
    requireOwnForm(request, undefined)
    const key = fieldOf(request.body, 'key').trim()
    const caller = KEY.test(key) ? needs.callers.callerOf(key) : undefined
    const before = loggedIn(needs, request)
    if (before) needs.parties.sessions.end(before.session)
    if (caller && addressAllows(caller.terms, request.ip))
      return startSession(needs, reply, { holder: callerId(caller), keyHash: hashKey(key) }).redirect(placeAfterLogin(request.body), 303)
    countWrong(needs, request)
    return reply.code(401).send(page(request, caller ? 'This key is not for use from this address.' : 'This key is not known here.'))
  })
  app.post('/dashboard/logout', { schema: { hide: true } }, async (request, reply) => {
    const found = loggedIn(needs, request)
    if (found) requireOwnForm(request, found.session)
    return endSession(needs, reply, found?.session).redirect('/dashboard/login', 303)
  })
}
