import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { toMsatNumber } from '../../wallets/wallet/appWire.ts'
import type { Faces } from '../http/faces.ts'
import { byId } from '../http/wire.ts'
import { baseUrl, lnurlAnswer, readQuery } from './lnurlAnswer.ts'
import { authQuery, withdrawCallbackQuery, withdrawQuery } from './lnurlWire.ts'

/**
 * What wallets call to withdraw by a link (LUD-03) and to sign a login (LUD-04). Who has the link or the key needs no other. What pays or signs by GET has
 * no HEAD, which caches and previews send by themselves.
 */
export function lnurlRoutes({ callers, wallets }: Pick<Faces, 'callers' | 'wallets'>): FastifyPluginAsyncZod {
  const { withdrawLinks, logins } = wallets.wallet

  return async (app) => {
    app.get(
      '/lnurl/withdraw/:id',
      { schema: { params: byId, tags: ['lnurl'], summary: 'What can be withdrawn by a link' } },
      (request, reply) =>
        lnurlAnswer(reply, async () => {
          const { k1 } = readQuery(request, withdrawQuery)
          const { link, minMsat, maxMsat } = withdrawLinks.terms(request.params.id, k1)
          const callback = String(new URL(`/lnurl/withdraw/${link.id}/pay`, baseUrl(callers, request)))
          return {
            tag: 'withdrawRequest',
            callback,
            k1,
            defaultDescription: link.description,
            minWithdrawable: toMsatNumber(minMsat),
            maxWithdrawable: toMsatNumber(maxMsat),
          }
        }),
    )
    app.get(
      '/lnurl/withdraw/:id/pay',
      { exposeHeadRoute: false, schema: { params: byId, tags: ['lnurl'], summary: 'Withdraw to an invoice' } },
      (request, reply) =>
        lnurlAnswer(reply, async () => {
          const { k1, pr } = readQuery(request, withdrawCallbackQuery)
          await withdrawLinks.withdraw(request.params.id, k1, pr)
          return { status: 'OK' }
        }),
    )
    app.get('/lnurl/auth', { exposeHeadRoute: false, schema: { tags: ['lnurl'], summary: 'Sign a login' } }, (request, reply) =>
      lnurlAnswer(reply, async () => {
        logins.sign(readQuery(request, authQuery))
        return { status: 'OK' }
      }),
    )
  }
}
