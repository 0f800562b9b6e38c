import { GatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { toBase64Json } from '../../payins/challenge/base64Json.ts'
import type { ChannelRefundAsked } from '../../payins/proof/proof.ts'
import { channelStateOf } from '../../payins/proof/verifiedProof.ts'
import { verifyRefund } from '../../payins/proof/verifyVoucher.ts'
import { expectedOf } from './expected.ts'
import type { PaidFaces } from './paidFaces.ts'
import type { AskedRequest, PricedRoute } from './pricedRoute.ts'
import type { Told } from './sessionPayment.ts'

type Asking = Readonly<{ route: PricedRoute; request: AskedRequest; asked: ChannelRefundAsked }>

/** The payer of an x402 channel has what it has not spent paid back, and is told so as x402 tells a settlement. No work is asked for. */
export async function refundByRequest(faces: PaidFaces, { route, request, asked }: Asking): Promise<Told> {
  if (route.upto) throw new GatewayError('proof_unsupported', 'this is paid by its use, and by no channel')
  const verified = verifyRefund(asked, await expectedOf(faces, route, request, { now: faces.ground.clock.now() }))
  const { x402Channels } = faces.payins
  invariant(x402Channels, 'an offer of channels is made where they are')
  const counted = async <T>(ask: () => Promise<T>): Promise<T> => {
    const answered = await faces.guard.channelQuestion(request.asker)
    return ask().finally(answered)
  }
  const { amount, transaction, state, charged } = await x402Channels.refund(verified, { asker: request.asker, counted })
  const { rail, channel, payer } = verified
  const { deposit: balance, claimed: totalClaimed, closeAt: withdrawRequestedAt } = state
  const channelState = channelStateOf(channel.id, { balance, totalClaimed, withdrawRequestedAt, charged, transaction })
  const said = {
    success: true,
    transaction,
    network: `eip155:${rail.slice('evm:'.length)}`,
    payer,
    amount: amount.units.toString(),
    extra: { channelState },
  }
  const body = JSON.stringify({ object: 'channel_refund', channel: channel.id, payer, units: said.amount, transaction })
  return {
    kind: 'told',
    body,
    headers: [
      ['cache-control', 'private'],
      ['payment-response', toBase64Json(said)],
    ],
  }
}
