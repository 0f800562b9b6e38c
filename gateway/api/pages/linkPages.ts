import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import { ceilDivCount } from '../../money/integers.ts'
import { parseAmount } from '../../money/money.ts'
import type { PaymentLink } from '../../paymentLinks/link.ts'
import { chooseWords } from '../html/words/chooseWords.ts'
import { amountText } from '../http/amountText.ts'
import type { Faces } from '../http/faces.ts'
import { readForms } from '../http/forms.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { byId } from '../http/wire.ts'
import { LINK_PAGE_HEADERS, type LinkTrouble, linkPage } from './linkPage.ts'

/** Rails are asked for offers, and an intent is written: of one line ten at once, and then one a second. */
const MAKES_AN_INTENT = 10
const MS_PER_S = 1_000

const asked = z.strictObject({
  visit: z.string().regex(/^vi_[0-9a-f]{32}$/, 'is not of this page: load it again'),
  amount: amountText('5').optional(),
})

type Needs = Pick<Faces, 'ground' | 'guard' | 'paymentLinks'>

/**
 * The page of a payment link. Whoever knows the link may look, which writes nothing; who asks to pay gets an intent, once for each look at the page, and
 * goes to its page.
 */
export function linkPageRoutes(faces: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    readForms(app)
    addPage(app, faces)
    addBeginning(app, faces)
  }
}

function addPage(app: RouteApp, faces: Needs): void {
  const schema = {
    params: byId,
    tags: ['payment links'],
    summary: 'A page to begin a payment on, in the language of the browser; works without script',
    response: { 200: z.string() },
  }
  app.get('/l/:id', { schema }, async (request, reply) =>
    show(faces, faces.paymentLinks.get(request.params.id), { request, reply, code: 200 }),
  )
}

function addBeginning(app: RouteApp, faces: Needs): void {
  const { ground, guard, paymentLinks } = faces
  const options = { config: { weight: MAKES_AN_INTENT }, schema: { params: byId, body: asked, hide: true } }
  app.post('/l/:id', options, async (request, reply) => {
    const link = paymentLinks.get(request.params.id)
    try {
      const waitMs = guard.link(request.ip, link.id)
      if (waitMs > 0)
        throw new GatewayError('rate_limited', 'Too many payments were begun from there', {
          meta: { retry_after_s: ceilDivCount(waitMs, MS_PER_S) },
        })
      const { amount, visit } = request.body
      const chosen = amount === undefined ? undefined : parseAmount(amount.trim(), ground.usd)
      const intent = await paymentLinks.begin(link.id, { visit, chosen, from: request.ip })
      return reply.redirect(`/pay/${intent}`, 303)
    } catch (error) {
      const trouble = troubleOf(error)
      if (!isGatewayError(error) || trouble === undefined) throw error
      return show(faces, paymentLinks.get(link.id), { request, reply, code: error.status, trouble: trouble || undefined })
    }
  })
}

/** What a person is told on the page itself; '' where the page says it by the link's own state. */
function troubleOf(error: unknown): LinkTrouble | '' | undefined {
  if (isGatewayError(error, 'payment_link_closed')) return ''
  if (isGatewayError(error, 'invalid_amount')) return 'amount'
  return isGatewayError(error, 'rate_limited') || isGatewayError(error, 'too_busy') ? 'busy' : undefined
}

type To = Readonly<{ request: FastifyRequest; reply: FastifyReply; code: number; trouble?: LinkTrouble | undefined }>

function show({ ground, paymentLinks }: Needs, link: PaymentLink, { request, reply, code, trouble }: To): FastifyReply {
  const words = chooseWords(request.headers['accept-language'])
  const page = linkPage(link, { status: paymentLinks.statusOf(link), words, visit: ground.ids.next('vi_'), trouble })
  return reply.code(code).headers(LINK_PAGE_HEADERS).type('text/html; charset=utf-8').send(page)
}
