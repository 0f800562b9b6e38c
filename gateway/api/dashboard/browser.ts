import { timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { GatewayError } from '../../errors/gatewayError.ts'
import { ceilDivCount } from '../../money/integers.ts'
import type { Session } from '../../parties/keys/sessions.ts'
import type { Caller } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { endCookie, readCookie, writeCookie } from './cookie.ts'

const MS_PER_S = 1_000

export type Needs = Pick<Faces, 'callers' | 'events' | 'ground' | 'guard' | 'operations' | 'parties'>
export type LoggedIn = Readonly<{ session: Session; caller: Caller }>

/** Over plain HTTP there is a local network only. */
const placeOf = ({ operations }: Pick<Needs, 'operations'>) => ({ secure: operations.network !== 'local' })

/** Whose browser it is, while its session lasts and the key behind it is good. */
export function loggedIn(needs: Needs, request: FastifyRequest): LoggedIn | undefined {
  const value = readCookie(request.headers.cookie, placeOf(needs))
  const session = value === undefined ? undefined : needs.parties.sessions.ofCookie(value)
  const caller = session && needs.callers.callerOf(session.secret)
  if (session && caller) return { session, caller }
  if (session) needs.parties.sessions.end(session)
  return undefined
}

/** The session of a browser that has one; whoever has none is sent to the login, with the code of an agent that brought it here. */
export function sessionFor(needs: Needs, request: FastifyRequest, reply: FastifyReply): LoggedIn | undefined {
  const found = loggedIn(needs, request)
  const code = codeOf(request.query)
  if (!found) reply.redirect(code === '' ? '/dashboard/login' : `/dashboard/login?code=${code}`, 303)
  return found
}

const AGENT_CODE = /^[A-Za-z]{4}-?[A-Za-z]{4}$/

/** The code that an agent shows, in a query or a form; '' without one. */
export function codeOf(fields: unknown): string {
  const code = fieldOf(fields, 'code')
  return AGENT_CODE.test(code) ? code : ''
}

/** Where a browser goes that has logged in. */
export function placeAfterLogin(fields: unknown): string {
  const code = codeOf(fields)
  return code === '' ? '/dashboard' : `/dashboard/agents?code=${code}`
}

export function startSession(needs: Needs, reply: FastifyReply, o: Readonly<{ holder: string; keyHash: string }>): FastifyReply {
  const value = needs.parties.sessions.open(o.holder, o.keyHash)
  return reply.header('set-cookie', writeCookie(value, placeOf(needs)))
}

export function endSession(needs: Needs, reply: FastifyReply, session: Session | undefined): FastifyReply {
  if (session) needs.parties.sessions.end(session)
  return reply.header('set-cookie', endCookie(placeOf(needs)))
}

/** Counts a wrong login against where it came from, and refuses the next ones there when they were too many. */
export function countWrong({ guard }: Pick<Needs, 'guard'>, { ip }: FastifyRequest): void {
  const waitMs = guard.wrongKey(ip)
  if (waitMs === 0) return
  throw new GatewayError('rate_limited', 'Too many wrong keys came from there', { meta: { retry_after_s: ceilDivCount(waitMs, MS_PER_S) } })
}

/** A field of a form that was sent, or of a query; '' where it is not there. */
export function fieldOf(fields: unknown, name: string): string {
  if (typeof fields !== 'object' || fields === null || !Object.hasOwn(fields, name)) return ''
  const value = (fields as Record<string, unknown>)[name] // It has one.
  return typeof value === 'string' ? value : ''
}

/** Refuses what another site, or nobody's page, has sent: a browser says from where, and our own pages carry the session's token. */
export function requireOwnForm(request: FastifyRequest, session: Session | undefined): void {
  const { origin, host, 'sec-fetch-site': site } = request.headers
  const elsewhere = (site !== undefined && site !== 'same-origin') || (origin !== undefined && URL.parse(origin)?.host !== host)
  if (elsewhere) throw new GatewayError('form_refused', 'The form was sent from another site')
  if (session === undefined) return
  const [sent, own] = [Buffer.from(fieldOf(request.body, 'token')), Buffer.from(session.formToken)]
  if (sent.length !== own.length || !timingSafeEqual(sent, own)) throw new GatewayError('form_refused', 'The form is not of this session')
}
