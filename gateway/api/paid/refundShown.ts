import { GatewayError } from '../../errors/gatewayError.ts'
import type { Payee } from '../../parties/party/splits.ts'
import type { Challenge } from '../../payins/challenge/buildChallenge.ts'
import type { ChallengeKeys } from '../../payins/challenge/challengeKeys.ts'
import { type Answer, isRefundKept, type PaidRequest } from '../../payins/claim/paidRequest.ts'
import { refundUrl } from '../../payins/refund/refundLink.ts'
import type { ReceiptId } from '../../ports/ids.ts'
import { REFUND_HEADER } from '../http/problem.ts'

type Headers = readonly (readonly [string, string])[]
type Link = Readonly<{ keys: ChallengeKeys; origin: string }>

/** The answer to work that failed, with the link by which its payer fetches what is kept for it. A problem says it in its body too. */
export function answerWithRefund(
  answer: Answer,
  request: PaidRequest,
  { keys, origin }: Link,
): Readonly<{ body: Answer['body']; headers: Headers }> {
  const { body, contentType } = answer
  if (!isRefundKept(request)) return { body, headers: [] }
  const url = refundUrl(keys.refund, request.receipt, origin)
  const isProblem = /^application\/problem\+json\b/i.test(contentType)
  return { body: isProblem && body !== undefined ? withMember(body, url) : body, headers: [[REFUND_HEADER, url]] }
}

/** What a seller elsewhere is to say with work that failed, before it runs: should the money not come back from its payee, the link tells that. */
export function refundPromised(request: PaidRequest, payee: Payee, { keys, origin }: Link): Headers {
  const isKept = request.rail === 'lightning' || (request.settleFirst && payee.kind === 'party')
  return isKept ? [[REFUND_HEADER, refundUrl(keys.refund, request.receipt, origin)]] : []
}

/** A refusal about a request whose money is kept for the payer names the link. */
export function refusalWithRefund(error: GatewayError, { keys, origin }: Link): GatewayError {
  const { refund_kept: isKept, ...meta } = error.meta
  if (isKept !== true) return error
  const refund = refundUrl(keys.refund, meta.receipt as ReceiptId, origin) // Who says the one says the other.
  return new GatewayError(error.code, error.shortMessage, { hint: error.hint, meta: { ...meta, refund } })
}

/** So does a new challenge, for a proof that has no answer any more. */
export function challengeWithRefund(challenge: Challenge, { meta: { refund } }: GatewayError): Challenge {
  if (typeof refund !== 'string') return challenge
  return { ...challenge, headers: [...challenge.headers, [REFUND_HEADER, refund]] }
}

/** The problem with the link in it; what is no object stays as it is. */
function withMember(body: string, refund: string): string {
  try {
    const problem: unknown = JSON.parse(body)
    const isObject = typeof problem === 'object' && problem !== null && !Array.isArray(problem)
    return isObject ? JSON.stringify({ ...problem, refund }) : body
  } catch {
    return body
  }
}
