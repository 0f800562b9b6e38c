import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { encodeLnurl, schemeLnurl } from '../../wallets/lnurl/lnurlText.ts'
import { callerId } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { baseUrl } from './lnurlAnswer.ts'
import { byK1, createLogin } from './lnurlWire.ts'

/** Logins by a wallet's key (LUD-04): for whoever has an API key here and users of its own. */
export function loginRoutes({ callers, wallets }: Pick<Faces, 'callers' | 'wallets'>): FastifyPluginAsyncZod {
  const { logins } = wallets.wallet

  return async (app) => {
    app.post(
      '/v1/logins',
      { schema: { body: createLogin, tags: ['logins'], summary: 'A challenge that a wallet signs; show its LNURL as a QR code' } },
      async (request, reply) => {
        const caller = callers.authenticate(request)
        const login = logins.create(callerId(caller), request.body.action)
        const url = new URL('/lnurl/auth', baseUrl(callers, request))
        url.searchParams.set('tag', 'login')
        url.searchParams.set('k1', login.k1)
        if (login.action) url.searchParams.set('action', login.action)
        const expires = new Date(login.expiresAt).toISOString()
        return reply
          .code(201)
          .send({ object: 'login', k1: login.k1, lnurl: encodeLnurl(url), keyauth: schemeLnurl(url, 'auth'), expires_at: expires })
      },
    )
    app.get(
      '/v1/logins/:k1',
      { schema: { params: byK1, tags: ['logins'], summary: 'Whether it was signed, and by whom' } },
      async (request) => {
        const caller = callers.authenticate(request)
        const login = logins.of(request.params.k1, callerId(caller))
        return {
          object: 'login',
          k1: login.k1,
          status: login.key ? 'signed' : 'open',
          key: login.key ?? null,
          action: login.action ?? null,
        }
      },
    )
  }
}
