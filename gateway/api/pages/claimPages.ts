import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { isGatewayError } from '../../errors/gatewayError.ts'
import { BTC } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { fetchableMsat, type Refund } from '../../refunds/refund.ts'
import { encodeLnurl } from '../../wallets/lnurl/lnurlText.ts'
import { chooseWords } from '../html/words/chooseWords.ts'
import { CLAIM_WORDS } from '../html/words/claimWords.ts'
import type { Faces } from '../http/faces.ts'
import { byId } from '../http/wire.ts'
import { baseUrl } from '../walletRoutes/lnurlAnswer.ts'
import { type ClaimTrouble, claimPage, noClaimPage } from './claimPage.ts'
import { PAGE_HEADERS } from './payPage.ts'
import { readPlace } from './readPlace.ts'

/** It may begin a payment. */
const PAYS = 5
/** Longer than any invoice that is read. */
const FORM_BYTES_MAX = 16_384
/** As those of a page that is paid on; this one sends a form, to itself. */
const CLAIM_HEADERS = {
  ...PAGE_HEADERS,
  'content-security-policy': PAGE_HEADERS['content-security-policy'].replace("form-action 'none'", "form-action 'self'"),
}
/** What a person can mend by writing something else; anything else is told as the API tells it. */
const TROUBLES: Readonly<Record<string, ClaimTrouble>> = {
  invalid_amount: 'amount',
  invalid_request: 'refused',
  no_rail: 'refused',
  refund_not_due: 'refused',
}

type Needs = Readonly<{
  callers: Pick<Faces['callers'], 'publicUrl'>
  parties: Readonly<{ parties: Pick<Faces['parties']['parties'], 'find'> }>
  payins: Pick<Faces['payins'], 'findPayment'> & Readonly<{ intents: Pick<Faces['payins']['intents'], 'get'> }>
  refunds: Pick<Faces['refunds'], 'find' | 'claim' | 'fetch' | 'sendBack'>
}>

/** The page of a link by which a payer claims money. The link is a secret, so it is in no log, is kept nowhere, and is told to no other site. */
export function claimPageRoutes(faces: Needs): FastifyPluginAsyncZod {
  const { refunds } = faces
  return async (app) => {
    app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit: FORM_BYTES_MAX }, (_, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    )
    app.get(
      '/claim/:id',
      {
        schema: {
          params: byId,
          tags: ['refunds'],
          summary: 'A page on which a payer says where a refund goes, in the language of the browser; it needs no script',
        },
      },
      (request, reply) => show(faces, { request, reply }),
    )
    app.post('/claim/:id', { config: { weight: PAYS }, schema: { params: byId, hide: true } }, async (request, reply) => {
      const { id } = request.params as z.infer<typeof byId>
      try {
        const written = formOf(request.body)
        const refund = await refunds.find(id)
        const to = written.back === 'yes' ? undefined : readPlace(written.to ?? '', written.owner ?? '')
        if (written.back !== 'yes' && to === undefined) return show(faces, { request, reply, trouble: 'unreadable' })
        if (to === undefined) await refunds.sendBack(id)
        else if (refund.given) await refunds.claim(id, to)
        else if (to.kind === 'lightning_invoice') await refunds.fetch(id, refund.k1, to.invoice)
        else return show(faces, { request, reply, trouble: 'refused' })
      } catch (error) {
        const trouble = isGatewayError(error) ? TROUBLES[error.code] : undefined
        if (trouble === undefined && !isGatewayError(error, 'not_found')) throw error
        return show(faces, { request, reply, trouble })
      }
      // So that loading the page again sends nothing again; and that would be the same payment.
      return reply.headers(CLAIM_HEADERS).redirect(`/claim/${id}`, 303)
    })
  }
}

type Asked = Readonly<{ request: FastifyRequest; reply: FastifyReply; trouble?: ClaimTrouble | undefined }>

async function show(faces: Needs, { request, reply, trouble }: Asked): Promise<FastifyReply> {
  const words = chooseWords(request.headers['accept-language'])
  const both = { ...words, claim: CLAIM_WORDS[words.lang]! } // A test has every language in it.
  reply.headers(CLAIM_HEADERS).type('text/html; charset=utf-8')
  try {
    const refund = await faces.refunds.find((request.params as z.infer<typeof byId>).id)
    const total = refund.given?.amount ?? refund.owed?.total
    if (!total) return reply.code(410).send(noClaimPage(both))
    const payable = refund.state !== 'due' ? undefined : refund.given ? refund.invoiceMsat : fetchableMsat(refund)
    const waits = refund.state === 'due' && refund.owed ? refund.owed.left : total
    const amount = payable === undefined ? waits : money(BTC, payable)
    const url = new URL(`/v1/refunds/${refund.id}`, baseUrl(faces.callers, request))
    const wrong = refund.state === 'due' ? trouble : undefined
    const page = claimPage({
      refund,
      amount,
      ...(await aboutOf(faces, refund)),
      expiresAt: refund.given?.expiresAt,
      lnurl: payable !== undefined && refund.rail === 'lightning' ? encodeLnurl(url) : undefined,
      words: both,
      trouble: wrong,
    })
    return reply.code(wrong === undefined ? 200 : 422).send(page)
  } catch (error) {
    if (!isGatewayError(error, 'not_found')) throw error
    return reply.code(404).send(noClaimPage(both))
  }
}

/** Who sold it, as its payer was told, and what it was. */
async function aboutOf({ parties, payins }: Needs, { receipt, payee }: Refund): Promise<{ giver: string | undefined; about: string }> {
  const payment = await payins.findPayment(receipt)
  const { payment: of = '', resource = '' } = payment?.receipt ?? {}
  const intent = of.startsWith('pi_') ? payins.intents.get(of).about : undefined
  return { giver: intent?.seller ?? parties.parties.find(payee)?.name, about: intent ? (intent.description ?? '') : resource }
}

type Form = Readonly<Record<'to' | 'owner' | 'back', string | undefined>>

function formOf(body: unknown): Form {
  const read = z.object({ to: z.string().optional(), owner: z.string().optional(), back: z.string().optional() }).safeParse(body)
  const { to, owner, back } = read.data ?? {}
  return { to, owner, back }
}
