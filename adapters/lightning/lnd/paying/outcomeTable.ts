import type { FailureReason } from '../../../../gateway/ports/outcome.ts'
import { GRPC_UNAVAILABLE, GRPC_UNKNOWN, type LndFault } from '../node/lndCall.ts'

/**
 * What an answer to a pay call amounts to. `failed` only where LND itself says that nothing was sent, or that every part of it came back. All the
 * rest is looked up by payment hash, and what the look-up leaves open stays unknown.
 */
type PayVerdict = Readonly<{ kind: 'failed'; reason: FailureReason }> | Readonly<{ kind: 'look_up' }>

type Row = Readonly<{
  /** All that is named must fit. */
  when: Readonly<{ code?: number; grpc?: number; message?: RegExp; details?: RegExp }>
  means: string
  verdict: PayVerdict
}>

const failed = (reason: FailureReason): PayVerdict => ({ kind: 'failed', reason })
const LOOK_UP: PayVerdict = { kind: 'look_up' }

/** The first row that fits counts. LND 0.21.2 with client 12.5.0; docs/lightning.md shows this table to operators. */
export const PAY_ANSWERS: readonly Row[] = [
  { when: { code: 400 }, means: 'the client refused our arguments', verdict: failed('rejected_by_rail') },
  {
    when: { code: 501, message: /^UnsupportedPaymentFeature/ },
    means: 'the invoice demands what the client cannot do',
    verdict: failed('invalid_destination'),
  },
  { when: { grpc: GRPC_UNKNOWN, details: /invoice expired/ }, means: 'the invoice had expired', verdict: failed('expired') },
  {
    when: { grpc: GRPC_UNKNOWN, details: /amount must (?:not )?be specified/ },
    means: 'the amount does not fit the invoice',
    verdict: failed('invalid_destination'),
  },
  {
    when: { grpc: GRPC_UNKNOWN, details: /permission denied|verification failed|cannot get macaroon|cannot determine data format/ },
    means: 'the macaroon may not pay',
    verdict: failed('rejected_by_rail'),
  },
  { when: { grpc: 6, details: /already paid/ }, means: 'this node paid the hash before', verdict: LOOK_UP },
  { when: { grpc: 6 }, means: 'a payment of this hash is under way', verdict: LOOK_UP },
  { when: { grpc: GRPC_UNAVAILABLE }, means: 'the node or the link went down in the call', verdict: LOOK_UP },
  {
    when: { message: /^PaymentPathfindingFailedToFindPossibleRoute$/ },
    means: 'no route, within the limit on the fee and on parts',
    verdict: failed('no_route'),
  },
  {
    when: { message: /^InsufficientBalanceToAttemptPayment$/ },
    means: 'too little can leave, or all HTLC slots are taken',
    verdict: failed('insufficient_liquidity'),
  },
  { when: { message: /^PaymentRejectedByDestination$/ }, means: 'the payee refused it', verdict: failed('rejected_by_payee') },
  { when: { message: /^PaymentAttemptsTimedOut$/ }, means: 'LND stopped trying; a part may be under way', verdict: LOOK_UP },
  { when: { message: /^PaymentExecutionCanceled$/ }, means: 'the stream of the call was cut before', verdict: LOOK_UP },
  { when: { message: /^FailedToFindPayableRouteToDestination$/ }, means: 'it failed without saying why', verdict: LOOK_UP },
]

/** What an answer to a pay call amounts to; one that no row knows is looked up. */
export function verdictOn(fault: LndFault): Readonly<{ means: string; verdict: PayVerdict }> {
  const row = PAY_ANSWERS.find(({ when }) => fits(when, fault))
  return row ?? { means: 'LND gave no word that is known here', verdict: LOOK_UP }
}

function fits(when: Row['when'], fault: LndFault): boolean {
  return (
    (when.code === undefined || when.code === fault.code) &&
    (when.grpc === undefined || when.grpc === fault.grpc) &&
    (when.message === undefined || when.message.test(fault.message)) &&
    (when.details === undefined || when.details.test(fault.details))
  )
}

/** The flags of a payment that a look-up calls failed, in the order in which they are asked; each is final. */
export const LOOKUP_FAILURES: readonly Readonly<{ flag: FailureFlag; reason: FailureReason; means: string }>[] = [
  { flag: 'is_invalid_payment', reason: 'rejected_by_payee', means: 'the payee refused it' },
  { flag: 'is_insufficient_balance', reason: 'insufficient_liquidity', means: 'too little can leave, or all HTLC slots are taken' },
  { flag: 'is_route_not_found', reason: 'no_route', means: 'no route, within the limit on the fee and on parts' },
  { flag: 'is_pathfinding_timeout', reason: 'no_route', means: 'no route in the time it had' },
  { flag: 'is_canceled', reason: 'rejected_by_rail', means: 'the stream of the call was cut, and then it failed' },
]

type FailureFlag = 'is_invalid_payment' | 'is_insufficient_balance' | 'is_route_not_found' | 'is_pathfinding_timeout' | 'is_canceled'

/** Why LND calls a payment failed. */
export function reasonOfFailure(flags: Partial<Record<FailureFlag, boolean>>): Readonly<{ reason: FailureReason; means: string }> {
  return LOOKUP_FAILURES.find(({ flag }) => flags[flag] === true) ?? { reason: 'rejected_by_rail', means: 'LND does not say why' }
}
