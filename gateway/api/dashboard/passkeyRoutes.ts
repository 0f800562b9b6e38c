import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { addressAllows } from '../../parties/keys/key.ts'
import type { Place } from '../../parties/passkeys/ceremonies.ts'
import type { Passkey } from '../../parties/passkeys/passkeys.ts'
import { callerId } from '../http/authenticate.ts'
import type { RouteApp } from '../http/routeApp.ts'
import {
  countWrong,
  fieldOf,
  type LoggedIn,
  loggedIn,
  type Needs,
  placeAfterLogin,
  requireOwnForm,
  sessionFor,
  startSession,
} from './browser.ts'
import { html, type Markup } from './pages/markup.ts'
import { table, time } from './pages/parts.ts'
import type { Page } from './pages/view.ts'

/** What a device signs is about one; attestations, which nobody asked for, may be longer. */
const ANSWER_BYTES_MAX = 16_384
const text = z.string().max(ANSWER_BYTES_MAX)
const answer = z.object({
  id: z.string().min(1).max(1_400),
  rawId: text,
  type: z.literal('public-key'),
  clientExtensionResults: z.object({}),
})
const signed = z.object({
  code: text.optional(),
  response: answer.extend({
    response: z.object({ clientDataJSON: text, authenticatorData: text, signature: text, userHandle: text.nullish() }),
  }),
})
const added = z.object({
  token: text,
  name: z.string().trim().min(1).max(60),
  response: answer.extend({ response: z.object({ clientDataJSON: text, attestationObject: text }) }),
})

type Show = (request: FastifyRequest, reply: FastifyReply, found: LoggedIn, page: Page) => FastifyReply

/** Logging in with a passkey: what the device is to sign, and what it has signed. Nothing is kept of who only asks. */
export function addPasskeyLogin(app: RouteApp, needs: Needs): void {
  const { passkeys, sessions } = needs.parties
  app.post('/dashboard/login/passkey/options', { schema: { hide: true } }, async (request, reply) => {
    requireOwnForm(request, undefined)
    return json(reply).send(passkeys.loginOptions(placeOf(needs, request)))
  })
  const schema = { hide: true, body: signed }
  app.post('/dashboard/login/passkey', { schema, bodyLimit: ANSWER_BYTES_MAX }, async (request, reply) => {
    requireOwnForm(request, undefined)
    const response = request.body.response as AuthenticationResponseJSON // Its shape was just read, and the library reads the rest.
    const passkey = await passkeys.loggedIn({ response, place: placeOf(needs, request) })
    const caller = passkey && needs.callers.callerOfHash(passkey.keyHash)
    if (!passkey || !caller || !addressAllows(caller.terms, request.ip)) {
      countWrong(needs, request)
      return json(reply.code(401)).send({ trouble: 'This passkey is not known here, or its key has ended or is for other addresses.' })
    }
    const before = loggedIn(needs, request)
    if (before) sessions.end(before.session)
    return json(startSession(needs, reply, { holder: callerId(caller), keyHash: passkey.keyHash })).send({
      to: placeAfterLogin(request.body),
    })
  })
}

/** The passkeys of the key that a browser is logged in with: seen, added, taken away. */
export function addPasskeys(app: RouteApp, needs: Needs, show: Show): void {
  const { passkeys } = needs.parties
  app.get('/dashboard/passkeys', { schema: { hide: true } }, async (request, reply) => {
    const found = sessionFor(needs, request, reply)
    return found ? show(request, reply, found, passkeysPage(found, passkeys.ofKey(found.session.keyHash), placeOf(needs, request))) : reply
  })
  app.post('/dashboard/passkeys/options', { schema: { hide: true } }, async (request, reply) => {
    const found = sessionFor(needs, request, reply)
    if (!found) return reply
    requireOwnForm(request, found.session)
    const { keyHash, formToken } = found.session
    const who = fieldOf(request.body, 'who').slice(0, 60)
    return json(reply).send(passkeys.addOptions({ keyHash }, { who, session: formToken, place: placeOf(needs, request) }))
  })
  app.post('/dashboard/passkeys', { schema: { hide: true, body: added }, bodyLimit: ANSWER_BYTES_MAX }, async (request, reply) => {
    const found = sessionFor(needs, request, reply)
    if (!found) return reply
    requireOwnForm(request, found.session)
    const { session } = found
    const response = request.body.response as RegistrationResponseJSON // Its shape was just read, and the library reads the rest.
    const signed = { response, session: session.formToken, place: placeOf(needs, request) }
    await passkeys.add(ownerOf(found, request), { name: request.body.name, openedAt: session.openedAt, answer: signed })
    return json(reply).send({ to: '/dashboard/passkeys' })
  })
  app.post('/dashboard/passkeys/:id/remove', { schema: { hide: true } }, async (request, reply) => {
    const found = sessionFor(needs, request, reply)
    if (!found) return reply
    requireOwnForm(request, found.session)
    await passkeys.remove(fieldOf(request.params, 'id'), ownerOf(found, request))
    return reply.redirect('/dashboard/passkeys', 303)
  })
}

/** For a browser with script, at an address that a passkey can be bound to. */
export function passkeyButton(request: FastifyRequest, needs: Needs): Markup {
  const place = placeOf(needs, request)
  return html`${canHave(place) && html`<p class="passkey" hidden><button type="button" data-passkey-login>Log in with a passkey</button> <span role="status"></span></p>`}`
}

const json = (reply: FastifyReply): FastifyReply => reply.type('application/json; charset=utf-8')

function ownerOf({ session, caller }: LoggedIn, { ip }: FastifyRequest) {
  return { keyHash: session.keyHash, key: caller.key, holder: session.holder, from: ip }
}

/** Where the browser is: what `publicUrl` says, and else the address that the request is for, which is one of ours. */
function placeOf({ callers }: Needs, { host }: FastifyRequest): Place {
  const { origin, hostname } = new URL(callers.publicUrl ?? `http://${host}`)
  return { origin, host: hostname }
}

/** WebAuthn binds to names and not to numbers. */
const canHave = ({ host }: Place): boolean => !/^[\d.]+$|^\[/.test(host)

function passkeysPage({ session, caller }: LoggedIn, own: readonly Passkey[], place: Place): Page {
  const who = caller.person ?? (caller.kind === 'party' ? caller.party.name : session.holder)
  const add = canHave(place)
    ? html`<form class="inline" data-passkey-add data-who="${who}"><input type="hidden" name="token" value="${session.formToken}"><label>Name <input name="name" required maxlength="60" placeholder="this laptop"></label> <button>Add a passkey</button> <span role="status"></span></form>
<noscript><p>Adding one needs script.</p></noscript>`
    : html`<p>A passkey is bound to a name, and this page was opened by a number: open it as <code>localhost</code>, or under the name of <code>publicUrl</code>.</p>`
  const body = html`${table(
    'Passkeys',
    ['Name', 'Since (UTC)', ''],
    own.map(({ id, name, createdAt }) => [
      name,
      time(new Date(createdAt).toISOString()),
      html`<form class="inline" action="/dashboard/passkeys/${id}/remove" method="post"><input type="hidden" name="token" value="${session.formToken}"><button>Remove</button></form>`,
    ]),
  )}
${add}
<p class="quiet">A passkey logs in as the key that this browser is logged in with: with its rights, from its addresses, and no longer than it. Ten at most.</p>`
  return { title: 'Passkeys', lead: 'Which devices log in without the key?', body }
}
