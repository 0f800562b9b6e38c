import { PaymentFailureReason, RetryableSendFailure } from 'lightningdevkit'
import type { FailureReason } from '../../../../gateway/ports/outcome.ts'

/** LDK's word at the end of a payment, in ours. */
export function reasonOfFailure(reason: PaymentFailureReason | undefined): FailureReason {
  switch (reason) {
    case PaymentFailureReason.LDKPaymentFailureReason_RecipientRejected:
      return 'rejected_by_payee'
    case PaymentFailureReason.LDKPaymentFailureReason_PaymentExpired:
    case PaymentFailureReason.LDKPaymentFailureReason_InvoiceRequestExpired:
      return 'expired'
    case PaymentFailureReason.LDKPaymentFailureReason_RetriesExhausted:
    case PaymentFailureReason.LDKPaymentFailureReason_RouteNotFound:
      return 'no_route'
    default:
      return 'rejected_by_rail'
  }
}

/** LDK's refusal to begin a payment, in ours; no event follows it. */
export function reasonOfRefusal(refusal: RetryableSendFailure): FailureReason {
  switch (refusal) {
    case RetryableSendFailure.LDKRetryableSendFailure_PaymentExpired:
      return 'expired'
    case RetryableSendFailure.LDKRetryableSendFailure_RouteNotFound:
      return 'no_route'
    case RetryableSendFailure.LDKRetryableSendFailure_DuplicatePayment:
      return 'already_used'
    default:
      return 'rejected_by_rail'
  }
}
