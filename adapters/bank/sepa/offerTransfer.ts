import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import { showMoney } from '../../../gateway/money/money.ts'
import type { OfferRequest, OfferTerms } from '../../../gateway/ports/receiver.ts'
import { isTransferable } from './cents.ts'
import { creditorReferenceOf } from './creditorReference.ts'

/**
 * Where and with which reference to pay, for what waits until money that is ordered now has come (`fundsAt`, ms). The amount must be whole cents: a caller
 * rounds up, so that the payee loses nothing.
 */
export function offerTransfer(request: OfferRequest, account: Readonly<{ iban: string; name: string }>, fundsAt: number): OfferTerms {
  if (!isTransferable(request.amount)) {
    throw new GatewayError('invalid_amount', `${showMoney(request.amount)} can not be paid by bank transfer`, {
      hint: 'Round it up to whole cents, at least 0.01 and at most 999999999.99.',
    })
  }
  // Money that comes when nobody waits for it any more pays nothing.
  if (fundsAt > request.expiresAt) {
    throw new GatewayError(
      'rail_unavailable',
      `A bank transfer that is ordered now may take until ${new Date(fundsAt).toISOString()}, which is too late`,
      {
        hint: 'Let it be paid for longer.',
      },
    )
  }
  const reference = creditorReferenceOf(request.ref)
  const wire = { kind: 'bank' as const, iban: account.iban, name: account.name, remittance: reference }
  return { rail: 'bank', amount: request.amount, expiresAt: request.expiresAt, reference, wire }
}
