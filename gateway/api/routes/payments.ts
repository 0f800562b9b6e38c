import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import { mandateOf } from '../../payins/status/mandateOf.ts'
import type { PaymentState } from '../../payins/status/paymentStatus.ts'
import type { KnownPayment } from '../../payins/status/statusReader.ts'
import { bearerOf, type Caller } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { byId } from '../http/wire.ts'
import { answerList } from '../lists/answerList.ts'
import { amounts, asked, listQuery } from '../lists/listQuery.ts'
import { OPEN, paymentAnswer } from './paymentViews.ts'

const ASK_AGAIN_S = '2'

const STATES = ['held', 'collecting', 'settled', 'failed', 'refund_due', 'refunded'] as const satisfies readonly PaymentState[]
const paymentsQuery = listQuery({ status: asked.status(STATES), rail: asked.rail, ...amounts })

type Needs = Readonly<{
  callers: Pick<Faces['callers'], 'authenticate'>
  parties: Pick<Faces['parties'], 'splits'>
  payins: Pick<Faces['payins'], 'findPayment' | 'passes'> & Readonly<{ collections: Pick<Faces['payins']['collections'], 'stepOf'> }>
}>

/** What became of a payment. Whoever knows the id of its receipt may ask: only its payer and its payee were told it. */
export function paymentRoutes({ callers, parties, payins }: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    const summary = 'What became of a payment, by the id of its receipt: held, collecting, settled, failed, refund_due or refunded'
    app.get('/v1/payments/:id', { schema: { params: byId, tags: ['payments'], summary } }, async (request, reply) => {
      const caller = bearerOf(request) === undefined ? undefined : callers.authenticate(request)
      reply.header('cache-control', 'no-store')
      const payment = await payins.findPayment(request.params.id)
      if (!payment) throw new GatewayError('not_found', `There is no receipt ${request.params.id.slice(0, 60)}`)
      if (OPEN.has(payment.status.state)) reply.header('retry-after', ASK_AGAIN_S)
      return paymentAnswer(payins, payment, caller ? readerOf(payment, caller, parties) : { own: false, byMandate: undefined })
    })
  }
}

/** The list of payments, for those who have a key: of what was paid to them, and from their balances. */
export function paymentListRoutes(faces: Needs & Pick<Faces, 'audit' | 'ground' | 'ledger'>): FastifyPluginAsyncZod {
  const { callers, parties, payins } = faces
  return async (app) => {
    const listed = { querystring: paymentsQuery, tags: ['payments'], summary: 'Paid requests and settled intents, newest first' }
    app.get('/v1/payments', { schema: listed }, async (request, reply) => {
      const caller = callers.authenticate(request)
      const show = async (id: string) => {
        const payment = await payins.findPayment(id)
        return payment && paymentAnswer(payins, payment, readerOf(payment, caller, parties))
      }
      return answerList(faces, { caller, list: 'payments', query: request.query, reply, show })
    })
  }
}

/** Whom a mandate is of is told of it, and nobody else but an operator. */
function readerOf(payment: KnownPayment, caller: Caller, parties: Needs['parties']) {
  const used = mandateOf(payment)
  const byMandate = used && (caller.kind === 'operator' || used.payer === caller.party.id) ? used.mandate : undefined
  return { own: isOf(payment, caller, parties), byMandate }
}

/** A payee is a party, or a split that gives the party a share. */
function isOf({ receipt: { payee } }: KnownPayment, caller: Caller, { splits }: Needs['parties']): boolean {
  if (caller.kind === 'operator' || payee === caller.party.id) return true
  if (!payee.startsWith('sp_')) return false
  try {
    return splits.get(payee).payees.some(({ party }) => party === caller.party.id)
  } catch (error) {
    if (isGatewayError(error, 'not_found')) return false
    throw error
  }
}
