import { GatewayError } from '../errors/gatewayError.ts'
import type { ReplayableRequest } from './replayableRequest.ts'
import { type Fetch, type Sleep, sendPaid } from './sendPaid.ts'
import type { Payment, Unresolved } from './unresolved.ts'
import type { PayResult } from './wallet.ts'

/** `answered`: the server has the proof, whatever it says. `declined`: certainly nothing was taken, so another wallet may try. */
export type Delivery = Readonly<
  { kind: 'answered'; response: Response; proof: string } | { kind: 'declined'; reason: string; response?: Response }
>

/**
 * Brings a payment's proof to the server. Whenever its outcome stays open, the payment is kept for the next same request, and `outcome_unknown` (or the
 * network's or caller's error) is thrown.
 */
export async function deliverPayment(
  context: { fetch: Fetch; unresolved: Unresolved; sleep: Sleep },
  request: ReplayableRequest,
  payment: Payment,
): Promise<Delivery> {
  const { unresolved } = context
  const keepAndThrow = (kept: Payment) => (error: unknown) => {
    unresolved.keep(request.key, kept)
    throw error
  }
  const result = await current(payment).catch(keepAndThrow(payment))
  const now: Payment = { ...payment, result }
  if (result.kind === 'failed') {
    await payment.release()
    return { kind: 'declined', reason: result.reason }
  }
  if (result.kind === 'unknown') {
    const text = `the ${payment.bid.rail} wallet does not know whether it paid: ${result.detail}`
    return keepAndThrow(now)(new GatewayError('outcome_unknown', text))
  }
  const { response, resolved } = await sendPaid(context, request, result.credential).catch(keepAndThrow(now))
  if (!resolved) unresolved.keep(request.key, now)
  // A balance is debited by the gateway alone, so its refusal means that nothing was taken. A signature or a preimage is out of our hands.
  if (response.status === 402 && payment.bid.rail === 'book') {
    await payment.release()
    return { kind: 'declined', reason: 'the gateway refused to take it from the balance', response }
  }
  return { kind: 'answered', response, proof: result.proof }
}

/** What is known by now: an outcome that was open when it was kept is looked up. */
async function current({ result, bid }: Payment): Promise<PayResult> {
  if (result.kind !== 'unknown') return result
  return result.lookup().catch((cause: unknown) => {
    throw new GatewayError('outcome_unknown', `the ${bid.rail} wallet could not look up what became of its payment`, { cause })
  })
}
