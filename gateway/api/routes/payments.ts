import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { moneyText } from '../../audit/receipt/receipt.ts'
import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import { goesBack } from '../../payins/pass/pass.ts'
import type { PassLeft } from '../../payins/pass/passes.ts'
import type { PaymentState } from '../../payins/status/paymentStatus.ts'
import type { KnownPayment } from '../../payins/status/statusReader.ts'
import { bearerOf, type Caller } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { byId } from '../http/wire.ts'
import { collectionView } from './collectionView.ts'

/** What comes after these, a payer has to ask for again. */
const OPEN: ReadonlySet<PaymentState> = new Set(['held', 'collecting', 'refund_due'])
const ASK_AGAIN_S = '2'

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
      const pass = payins.passes.find(payment.receipt.payment)
      const step = payins.collections.stepOf(payment.receipt.payment)
      return {
        ...paymentView(payment),
        final: isFinal(payment, pass),
        ...(pass ? { pass: passView(pass) } : {}),
        ...(step ? { collection: collectionView(step) } : {}),
        ...(caller && isOf(payment, caller, parties) ? ownView(payment) : {}),
      }
    })
  }
}

/** What is left of the pass that was bought or used. A pass for a time has nothing that could be used up. */
function passView({ pass: { id, kind, uses, endsAt, ended, receipt }, left, uses: usesLeft }: PassLeft) {
  return {
    id,
    kind,
    uses: kind === 'uses' ? uses : null,
    uses_left: kind === 'uses' ? Number(usesLeft) : null, // not money: a count
    left: kind === 'time' ? null : moneyText(left),
    ends_at: new Date(endsAt).toISOString(),
    ended,
    receipt,
  }
}

/** Of a budget that lasts something may still go back. */
function isFinal({ receipt, status: { state } }: KnownPayment, left: PassLeft | undefined): boolean {
  if (OPEN.has(state)) return false
  if (!left || !goesBack(left.pass) || left.pass.receipt !== receipt.id || state !== 'settled') return true
  return left.pass.ended && left.pass.backMsat === 0n
}

/** What its payer knows or is owed, and nothing of anybody else. */
function paymentView({ receipt, status: { state, reason, charged, evidence, changedAt } }: KnownPayment) {
  const { id, rail, paid, price, resource, issued_at: createdAt } = receipt
  const { entry, transaction = null, block = null, blockHash = null, paymentHash = null } = evidence
  return {
    id,
    object: 'payment',
    status: state,
    reason: reason ?? null,
    rail,
    paid,
    ...(receipt.upto ? { upto: true, charged: charged ?? null } : {}),
    price,
    resource,
    evidence: { entry, transaction, block, block_hash: blockHash, payment_hash: paymentHash },
    receipt_url: `/v1/receipts/${id}`,
    created_at: createdAt,
    changed_at: new Date(changedAt).toISOString(),
  }
}

/** What the payee and the operator see besides. */
function ownView({ receipt: { payment, payee, split, parts } }: KnownPayment) {
  return { payment, payee, split, parts }
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
