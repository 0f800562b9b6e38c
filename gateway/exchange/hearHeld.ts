import type { HoldInvoices } from '../ports/holdInvoices.ts'
import type { ExchangeContext } from './context.ts'

const LISTEN_AGAIN_MS = 1_000

/** Wakes the exchange of each payment that arrives until `stop` aborts: the node tells it more quickly than asking; what it does not tell is asked for. */
export async function hearHeld(
  holds: HoldInvoices,
  o: Pick<ExchangeContext, 'records' | 'log'> & Readonly<{ wake: (id: string) => void; stop: AbortSignal }>,
): Promise<void> {
  while (!o.stop.aborted) {
    try {
      for await (const { hash } of holds.held({ signal: o.stop })) {
        const x = o.records.byHash(hash)
        if (x) o.wake(x.id)
      }
    } catch (error) {
      o.log.warn({ error: String(error) }, 'the stream of held payments broke, taking it up again')
    }
    if (!o.stop.aborted) await new Promise((resolve) => setTimeout(resolve, LISTEN_AGAIN_MS).unref())
  }
}
