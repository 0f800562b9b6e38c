import { Readable } from 'node:stream'
import type { Meter } from '../../seller/meter.ts'
import type { Steps } from './sessionSteps.ts'

type Metered = Readonly<{ meter: Meter; steps: Steps; isEvents: boolean; signal: AbortSignal; ended: () => Promise<void> }>

/**
 * The stream, of which nothing goes out before what it has used is claimed. While its payer has not brought enough for that, it stands still; a stream of
 * events says so by `payment-need-voucher` (draft-evm-session-00) or `payment-need-topup` (draft-lightning-session-00), and ends with `payment-receipt`.
 * `ended` is called once, also where it is broken off.
 */
export function meteredStream(payload: AsyncIterable<unknown>, metered: Metered): Readable {
  return Readable.from(parts(payload, metered), { objectMode: false, highWaterMark: 0 })
}

async function* parts(payload: AsyncIterable<unknown>, { meter, steps, isEvents, signal, ended }: Metered): AsyncGenerator<unknown> {
  const { asks, gaveUp } = steps.words
  try {
    for await (const part of payload) {
      const covering = steps.covering(meter.spent().units, signal)
      let next = await covering.next()
      let needed: string | undefined
      for (; !next.done; next = await covering.next()) {
        needed = JSON.stringify(next.value)
        if (isEvents) yield eventOf(asks, needed)
      }
      if (!next.value) {
        if (isEvents && gaveUp && needed) yield eventOf(gaveUp, needed)
        break
      }
      yield part
    }
  } finally {
    await ended()
  }
  if (isEvents) yield eventOf('payment-receipt', steps.receipt(meter.spent().units))
}

function eventOf(name: string, data: string): string {
  return `event: ${name}\ndata: ${data}\n\n`
}
