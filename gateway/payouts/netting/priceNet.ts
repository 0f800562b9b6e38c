import type { NetContext } from './context.ts'
import { nettingPath } from './entries.ts'
import { type Net, totalOf } from './net.ts'

/** Asks what the payment of all would cost now. It is kept until the net is closed, and by no fact: after a restart it is asked again. */
export async function priceNet({ payouts, clock, prices }: NetContext, net: Net): Promise<undefined> {
  const amount = totalOf(net)
  const quote = await payouts.quote({ source: nettingPath(net.id), amount, destinations: [net.destination] })
  const terms = quote.kind === 'possible' ? { paymentNano: quote.costNano, units: amount.units, worthNano: quote.worthNano } : undefined
  prices.set(net.id, { at: clock.now(), terms })
}
