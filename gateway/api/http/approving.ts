import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Approval, Hand, Needed, Order } from '../../approvals/approval.ts'
import type { Approvals } from '../../approvals/approvals.ts'
import type { Whose } from '../../approvals/limits.ts'
import type { Money } from '../../money/money.ts'
import { approvalView } from './approvalView.ts'
import { type Caller, callerId } from './authenticate.ts'
import type { RecordAlong } from './idempotency.ts'

/** In which header a request says that it was approved. */
export const APPROVAL_HEADER = 'switchyard-approval'

/**
 * What is weighed: money that leaves a balance, or a change that always needs another's word. `order`: a payout that is made when it is approved. `shown`: what
 * the other person is to see, where the body alone does not say for whom it is.
 */
export type Matter =
  | Readonly<{ whose: Whose; amount: Money; order?: Order; shown?: Readonly<Record<string, unknown>> }>
  | Readonly<{ whose: Whose; needs: readonly Needed[]; why: string }>

type Asked = Readonly<{ request: FastifyRequest; caller: Caller; record: RecordAlong }>

/** Whose hand a caller is. */
export function handOf(caller: Caller): Hand {
  return { by: callerId(caller), person: caller.person, key: caller.key }
}

/**
 * Does `work` where nobody else has to agree, or where somebody has: then once. Otherwise it is asked for, and answered with 202 under the request's
 * Idempotency-Key. `work` must submit what its `record` gives it together with what it makes.
 */
export async function withApproval(
  approvals: Approvals,
  { request, caller, record }: Asked,
  matter: Matter,
  work: (record: RecordAlong) => Promise<void>,
): Promise<void> {
  const hand = handOf(caller)
  const fingerprint = fingerprintOf(request)
  const id = request.headers[APPROVAL_HEADER]
  if (typeof id === 'string')
    return doneWith(approvals.take(id, { hand, fingerprint, amount: 'amount' in matter ? matter.amount : undefined }), { record, work })
  const weighed = 'amount' in matter ? approvals.limits.weigh(matter.whose, matter.amount) : { ...matter, usd: 0n }
  if (weighed.needs.length === 0) return doneWith({ claims: [], ...approvals.limits.spare(matter.whose, weighed) }, { record, work })
  const { needs, why } = weighed
  const wish = {
    hand,
    what: whatOf(request),
    fingerprint,
    request: JSON.stringify(('shown' in matter ? matter.shown : undefined) ?? request.body ?? {}),
    why,
    needs,
    party: matter.whose === 'gateway' ? undefined : matter.whose,
    amount: 'amount' in matter ? matter.amount : undefined,
    ...('amount' in matter && matter.order ? { order: matter.order } : {}),
  }
  await approvals.ask(wish, (approval: Approval) => record(202, approvalView(approval, caller)))
}

type Taken = ReturnType<RecordAlong> & Readonly<{ done: () => void }>

async function doneWith(taken: Taken, { record, work }: Readonly<{ record: RecordAlong; work: (record: RecordAlong) => Promise<void> }>) {
  try {
    await work((status, body) => {
      const { claims, facts } = record(status, body)
      return { claims: [...claims, ...taken.claims], facts: [...facts, ...taken.facts] }
    })
  } finally {
    taken.done()
  }
}

function whatOf({ method, routeOptions }: FastifyRequest): string {
  return `${method} ${routeOptions.url ?? ''}`
}

/** What tells the same request again: its operation, its path and its body. */
function fingerprintOf({ method, url, body }: FastifyRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([method, url.split('?')[0], body ?? null]))
    .digest('hex')
}
