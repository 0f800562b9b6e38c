import { GroundError } from '../errors/groundError.ts'
import type { Money } from '../money/money.ts'
import type { Decision } from './decision.ts'
import type { OpenPayments } from './openPayments.ts'
import { receivedAnswer } from './receivedAnswer.ts'
import type { ReplayableRequest } from './replayableRequest.ts'
import { type Sending, sendPaid } from './sendPaid.ts'
import { takenOf } from './takenOf.ts'
import type { Credential, PaidBid, PayResult } from './wallet.ts'

/**
 * A payment for one request, and what is known of it. `url` asked for it. `giveBack` gives its cost back to the budget, `settle` counts it as spent, or what
 * of it was taken. The `decision` is there where it was taken now.
 */
export type Payment = Readonly<{
  id: string
  url: string
  bid: PaidBid
  result: PayResult
  decision?: Decision
  giveBack: () => Promise<void>
  settle: (taken: Money) => Promise<void>
}>

/**
 * `answered`: the server was sent the proof, and has said what became of the payment where it is `resolved`. `declined`: certainly nothing was taken, so
 * another wallet may try.
 */
export type Delivery = Readonly<
  | { kind: 'answered'; response: Response; proof: string; credential: Credential; resolved: boolean }
  | { kind: 'declined'; reason: string; response?: Response }
>

/**
 * Brings a payment's proof to the server. It ends when the answer has been read to its end. Whenever its outcome stays open, the payment stays for the next
 * same request, and `outcome_unknown` (or the network's or caller's error) is thrown.
 */
export async function deliverPayment(
  context: Sending & Readonly<{ open: OpenPayments; aheadBytes: number }>,
  request: ReplayableRequest,
  payment: Payment,
): Promise<Delivery> {
  const { open } = context
  const { id, bid } = payment
  /** Ended first: where the process dies between the two, the amount is nobody's, and is given back later. */
  const undo = async () => {
    await open.end(id)
    await payment.giveBack()
  }
  /** Spent first: where the process dies between the two, the proof is shown once more. */
  const end = async (response: Response) => {
    await payment.settle(takenOf(bid, response).cost)
    await open.end(id)
  }
  let receiving = false
  try {
    const result = await current(payment)
    if (result.kind === 'failed') {
      await undo()
      return { kind: 'declined', reason: result.reason }
    }
    if (result.kind === 'unknown') {
      throw new GroundError('outcome_unknown', `the ${bid.rail} wallet does not know whether it paid: ${result.detail}`)
    }
    const { response, resolved } = await sendPaid(context, { ...request, url: payment.url }, result.credential)
    // A balance is debited by the gateway alone, so its refusal means that nothing was taken. A signature or a preimage is out of our hands.
    if (response.status === 402 && bid.rail === 'book') {
      await undo()
      return { kind: 'declined', reason: 'the gateway refused to take it from the balance', response }
    }
    const { proof, credential } = result
    if (!resolved) return { kind: 'answered', response, proof, credential, resolved }
    const answer = await receivedAnswer(response, {
      signal: request.init.signal,
      aheadBytes: context.aheadBytes,
      // Where the store fails just now, the next same request shows the proof again, which pays nothing.
      received: () => end(response).catch(() => open.leave(id)),
      broken: () => open.leave(id),
    })
    receiving = true
    return { kind: 'answered', response: answer, proof, credential, resolved }
  } finally {
    // While its answer comes in, no other call takes it up.
    if (!receiving) open.leave(id)
  }
}

/** What is known by now: an outcome that was open is looked up. */
async function current({ result, bid }: Payment): Promise<PayResult> {
  if (result.kind !== 'unknown') return result
  return result.lookup().catch((cause: unknown) => {
    throw new GroundError('outcome_unknown', `the ${bid.rail} wallet could not look up what became of its payment`, { cause })
  })
}
