import {
  Amount_Bitcoin,
  IntroductionNode_NodeId,
  type Offer,
  Option_AmountZ_Some,
  Option_StrZ,
  Option_u64Z,
  Result_NoneBolt12SemanticErrorZ_OK,
  Retry,
} from 'lightningdevkit'
import type { FailureReason } from '../../../../gateway/ports/outcome.ts'
import type { PayingNode, PaymentOrder } from './paymentTerms.ts'
import { parseOffer } from './reusableOffer.ts'

type Refusal = Readonly<{ reason: FailureReason; detail: string }>

/**
 * Asks the payee for an invoice over the offer, which LDK then pays; its hash is known when it has ended. Undefined once LDK has taken it. An onion
 * message goes to a direct peer, or to the first node of the offer's path when that is one.
 */
export function payOffer(
  { manager, now }: PayingNode,
  order: PaymentOrder & { retries: number },
  text: string,
  paymentId: Uint8Array,
): Refusal | undefined {
  const offer = parseOffer(text)
  const refused = offer === undefined ? 'the node cannot read the offer' : refusedOffer(offer, order.amountMsat, now())
  if (!offer || refused !== undefined) return { reason: 'invalid_destination', detail: refused ?? '' }
  const none = Option_u64Z.constructor_none()
  const [amount, feeMax] = [Option_u64Z.constructor_some(order.amountMsat), Option_u64Z.constructor_some(order.feeMaxMsat)]
  const retry = Retry.constructor_attempts(order.retries)
  const asked = manager.pay_for_offer(offer, none, amount, Option_StrZ.constructor_none(), paymentId, retry, feeMax)
  if (asked instanceof Result_NoneBolt12SemanticErrorZ_OK) return undefined
  return { reason: 'no_route', detail: 'the payee of the offer can not be asked for an invoice' }
}

/** The node at which the way to the payee begins, in hex: its route is what a quote can know. Undefined when the offer names a channel instead. */
export function offeredBy(text: string): string | undefined {
  const offer = parseOffer(text)
  const [path] = offer?.paths() ?? []
  const first = path?.introduction_node()
  if (first instanceof IntroductionNode_NodeId) return Buffer.from(first.node_id).toString('hex')
  return path || !offer ? undefined : Buffer.from(offer.issuer_signing_pubkey()).toString('hex')
}

function refusedOffer(offer: Offer, amountMsat: bigint, nowMs: number): string | undefined {
  if (offer.is_expired_no_std(BigInt(Math.trunc(nowMs / 1000)))) return 'the offer has expired'
  if (offer.expects_quantity()) return 'the offer asks for a quantity, which is not supported'
  const asked = offer.amount()
  if (!(asked instanceof Option_AmountZ_Some)) return undefined
  if (!(asked.some instanceof Amount_Bitcoin)) return 'the offer is in another currency'
  return asked.some.amount_msats <= amountMsat
    ? undefined
    : `the offer asks for ${asked.some.amount_msats} msat, not for ${amountMsat} msat`
}
