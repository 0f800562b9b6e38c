import type { NanoUsd } from '../../costs/policy.ts'
import type { StepAnswer } from '../../ledger/process/drive.ts'
import { ceilDiv } from '../../money/integers.ts'
import { money } from '../../money/money.ts'
import type { NetId } from '../../ports/ids.ts'
import type { NetContext } from './context.ts'
import { closeLegs, nettingPath } from './entries.ts'
import { type CloseReason, type Net, totalOf } from './net.ts'
import { recordNet } from './recordNet.ts'
import type { Seats } from './seats.ts'

/** Closes a net: those who are joining come first; then all holds are taken at once. */
export async function closeNet(context: NetContext, seats: Seats, o: { id: NetId; reason: CloseReason }): Promise<StepAnswer> {
  const { records, clock, ids } = context
  if (!seats.seal(o.id)) return context.policy.retryMs
  const net = records.get(o.id)!
  context.prices.delete(o.id)
  const expected = await costs(context, net)
  const data = { pays: ids.payout(), reason: o.reason, ...expected }
  await recordNet(context, net, { fact: { type: 'netting.closed', id: o.id, at: clock.now(), data }, legs: closeLegs(net) })
  return undefined
}

/** What the members would cost one by one, reckoned by one of middling size, and together. Nothing rests on it but what is shown. */
async function costs(context: NetContext, net: Net): Promise<{ aloneNano?: string; togetherNano?: string }> {
  const total = totalOf(net).units
  const count = BigInt(net.members.length)
  const [alone, together] = [await costOf(context, net, ceilDiv(total, count)), await costOf(context, net, total)]
  if (alone === undefined || together === undefined) return {}
  return { aloneNano: (alone * count).toString(), togetherNano: together.toString() }
}

async function costOf({ payouts }: NetContext, net: Net, units: bigint): Promise<NanoUsd | undefined> {
  const amount = money(totalOf(net).asset, units)
  const quote = await payouts.quote({ source: nettingPath(net.id), amount, destinations: [net.destination] })
  return quote.kind === 'possible' ? quote.costNano : undefined
}
