import { describe, expect, test } from 'vitest'
import { faultOf, type LndFault } from '../node/lndCall.ts'
import { LOOKUP_FAILURES, PAY_ANSWERS, reasonOfFailure, verdictOn } from './outcomeTable.ts'

const grpc = (code: number, details: string) => [503, 'UnexpectedPaymentError', { err: { code, details } }]
const lookUp = { kind: 'look_up' }
const failed = (reason: string) => ({ kind: 'failed', reason })

describe('an answer to a pay call', () => {
  // What the client throws, as it was seen from LND 0.21.2, and what it comes to.
  test.each<[string, unknown, object]>([
    ['arguments that the client refuses', [400, 'ExpectedPaymentRequestToPayViaPaymentRequest'], failed('rejected_by_rail')],
    ['an Error that the client throws for arguments', new Error('ExpectedValidPaymentRequestToMakePayment'), failed('rejected_by_rail')],
    ['an Error that nobody meant', new Error('Cannot read properties of undefined'), lookUp],
    ['an invoice for AMP', [501, 'UnsupportedPaymentFeatureInPayRequest', { bit: 30 }], failed('invalid_destination')],
    ['an expired invoice', grpc(2, 'invoice expired. Valid until 2026-11-21 18:00:00 +0000 UTC'), failed('expired')],
    ['an amount left open', grpc(2, 'amount must be specified when paying a zero amount invoice'), failed('invalid_destination')],
    ['a macaroon without the right', grpc(2, 'permission denied'), failed('rejected_by_rail')],
    [
      'a macaroon of another node',
      grpc(2, 'verification failed: signature mismatch after caveat verification'),
      failed('rejected_by_rail'),
    ],
    ['something else under the same status', grpc(2, 'wallet locked, unlock it to enable full RPC access'), lookUp],
    ['a hash that was paid', grpc(6, 'invoice is already paid'), lookUp],
    ['a hash in transition', grpc(6, 'payment is in transition'), lookUp],
    ['a hash that exists', grpc(6, 'payment already exists'), lookUp],
    ['a link that broke', grpc(14, 'Connection dropped'), lookUp],
    ['a node that is down', grpc(14, 'No connection established. Last error: connect ECONNREFUSED'), lookUp],
    ['no route', [503, 'PaymentPathfindingFailedToFindPossibleRoute'], failed('no_route')],
    ['too little balance, or no slots', [503, 'InsufficientBalanceToAttemptPayment'], failed('insufficient_liquidity')],
    ['a payee who refuses', [503, 'PaymentRejectedByDestination'], failed('rejected_by_payee')],
    ['attempts that ran out of time', [503, 'PaymentAttemptsTimedOut'], lookUp],
    ['a stream that was cut', [503, 'PaymentExecutionCanceled'], lookUp],
    ['a failure without a cause', [503, 'FailedToFindPayableRouteToDestination'], lookUp],
    ['no outcome at all', [503, 'UnexpectedOutcomeOfPayViaDetails'], lookUp],
    ['what nobody has seen yet', ['?', 'Something', 'else'], lookUp],
  ])('%s', (_, thrown, verdict) => {
    expect(verdictOn(faultOf(thrown)).verdict).toEqual(verdict)
  })

  test('every row of the table says what it means, and is reached by some answer', () => {
    for (const [i, { when, means }] of PAY_ANSWERS.entries()) {
      const fault: LndFault = {
        code: when.code ?? 503,
        grpc: when.grpc,
        message: sample(when.message),
        details: sample(when.details),
      }
      expect(PAY_ANSWERS.findIndex((row) => row.means === verdictOn(fault).means)).toBe(i)
      expect(means.length).toBeGreaterThan(5)
    }
  })
})

/** A text that a pattern of the table matches: its first alternative, without its marks. */
function sample(pattern: RegExp | undefined): string {
  return pattern === undefined ? '' : pattern.source.split('|')[0]!.replaceAll(/\(\?:[^)]*\)\?|[\^$]/g, '')
}

describe('a payment that a look-up calls failed', () => {
  test.each(LOOKUP_FAILURES)('with $flag is $reason', ({ flag, reason }) => {
    expect(reasonOfFailure({ [flag]: true }).reason).toBe(reason)
  })

  test('without a flag is the rail’s refusal', () => expect(reasonOfFailure({}).reason).toBe('rejected_by_rail'))
})
