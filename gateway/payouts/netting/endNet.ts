import { invariant } from '../../errors/invariant.ts'
import type { NetContext } from './context.ts'
import { endLegs, nettingPath } from './entries.ts'
import { type Net, totalOf } from './net.ts'
import { recordNet } from './recordNet.ts'

/** Books the end of a net: what its payment did not take goes back to its members. */
export async function endNet(context: NetContext, net: Net, outcome: 'settled' | 'failed'): Promise<undefined> {
  const { books, clock, log } = context
  const { creditsPosted, debitsPosted, debitsPending } = books.balance(nettingPath(net.id), totalOf(net).asset)
  invariant(debitsPending === 0n, `the payment of ${net.id} has its end, so it holds nothing`)
  const legs = endLegs(net, creditsPosted - debitsPosted)
  await recordNet(context, net, { fact: { type: 'netting.ended', id: net.id, at: clock.now(), data: { outcome } }, legs })
  log.info({ net: net.id, payouts: net.members.length, outcome }, 'a net has its end')
}
