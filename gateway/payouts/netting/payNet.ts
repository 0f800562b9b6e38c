import { isGatewayError } from '../../errors/gatewayError.ts'
import { REFUSED_FOR_GOOD } from '../payout/createPayout.ts'
import type { NetContext } from './context.ts'
import { endNet } from './endNet.ts'
import { nettingPath } from './entries.ts'
import { type Net, totalOf } from './net.ts'

/** As long as a SEPA remittance text. */
const REFERENCE_MAX = 140

/** Makes the one payment of a closed net; one that is refused for good ends the net. */
export async function payNet(context: NetContext, net: Net): Promise<undefined> {
  const { payouts, log } = context
  const { payout: id } = net.closed!
  const [first] = net.members
  const reference = net.members.length === 1 ? first!.reference : `${net.members.length} payouts, ${net.id}`.slice(0, REFERENCE_MAX)
  // Who opened a net is why its payment is made: its fee counts for that one.
  const behalf = { account: first!.source }
  const order = { source: nettingPath(net.id), amount: totalOf(net), destinations: [net.destination], reference }
  try {
    await payouts.create({ id, ...order, behalf, createdBy: 'netting' })
  } catch (error) {
    if (!isGatewayError(error) || !REFUSED_FOR_GOOD.includes(error.code)) throw error
    log.warn({ net: net.id, payout: id, code: error.code, detail: error.shortMessage }, 'the payment of a net is refused')
    await endNet(context, net, 'failed')
  }
}
