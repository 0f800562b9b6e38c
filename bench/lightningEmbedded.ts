import { fileURLToPath } from 'node:url'
import { uuidIds } from '../app/open/uuidIds.ts'
import { BTC } from '../gateway/money/asset.ts'
import { money } from '../gateway/money/money.ts'
import { openRouterChannel, startLightningWorld } from '../test/behavior/lightningWorld.ts'

const INVOICES = 200
const PAYMENTS = 300
const IN_FLIGHT = 30
const WARM_UP = 30
const MSAT = 20_000n
const FEE_MSAT_MAX = 5_000n
const ids = uuidIds({ now: () => Date.now() })

/** Prints what an invoice and a payment over the embedded node take, beside payments that one node's door drives straight on the node. */
export async function run(): Promise<void> {
  const world = await startLightningWorld()
  try {
    const rail = await world.openRail()
    await openRouterChannel(world, rail)
    const offer = () =>
      rail.offer({ amount: money(BTC, MSAT), ref: `0x${'1'.repeat(64)}`, expiresAt: Date.now() + 3_600_000, description: 'bench' })
    const times: number[] = []
    for (let n = 0; n < INVOICES; n++) {
      const start = performance.now()
      await offer()
      times.push(performance.now() - start)
    }
    times.sort((a, b) => a - b)
    console.log(
      `lightning  an invoice of the embedded node: p50 ${times[INVOICES / 2]!.toFixed(2)} ms, p99 ${times[INVOICES - 3]!.toFixed(1)} ms`,
    )

    const theirs = await wiresOf(WARM_UP + PAYMENTS, async () => (await offer()).wire)
    const pay = async (wire: { invoice: string }) => void (await world.ask('/pay', { invoice: wire.invoice }))
    await inFlight(theirs.slice(0, WARM_UP), pay)
    const straight = await inFlight(theirs.slice(WARM_UP), pay)

    const invoicesOf = (payee: 'customer' | 'router') =>
      wiresOf(WARM_UP + PAYMENTS, () =>
        world.ask<{ invoice: string }>('/invoice', { amountMsat: String(MSAT), description: 'bench', payee }),
      )
    const ours = await invoicesOf('customer')
    const send = async ({ invoice }: { invoice: string }) => {
      const attempt = {
        id: ids.attempt(),
        amount: money(BTC, MSAT),
        feeMax: money(BTC, FEE_MSAT_MAX),
        destination: { kind: 'lightning_invoice' as const, invoice },
        reference: 'bench',
      }
      const outcome = await rail.send(attempt, { signal: AbortSignal.timeout(60_000) })
      if (outcome.kind !== 'settled') throw new Error(`a payment was ${outcome.kind}`)
    }
    await inFlight(ours.slice(0, WARM_UP), send)
    const cpu = process.cpuUsage()
    const through = await inFlight(ours.slice(WARM_UP), send)
    const { user, system } = process.cpuUsage(cpu)
    console.log(
      `lightning  embedded, two hops, ${IN_FLIGHT} in flight: ${straight.toFixed(1)}/s paid to us straight by the customer's node, ${through.toFixed(1)}/s ` +
        `sent through the adapter (${(through / straight).toFixed(2)}), which takes ${((user + system) / 1000 / PAYMENTS).toFixed(2)} ms CPU a payment in the gateway's process`,
    )

    const near = await invoicesOf('router')
    await inFlight(near.slice(0, WARM_UP), send)
    const pair = await inFlight(near.slice(WARM_UP), send)
    console.log(`lightning  embedded, a pair of nodes with one channel, ${IN_FLIGHT} in flight: ${pair.toFixed(1)}/s through the adapter`)
  } finally {
    await world.close()
  }
}

async function wiresOf<T>(count: number, make: () => Promise<T>): Promise<{ invoice: string }[]> {
  const wires: { invoice: string }[] = []
  for (let n = 0; n < count; n++) wires.push((await make()) as { invoice: string }) // Each maker's answer has one.
  return wires
}

/** Pays all, so many at a time, and returns how many a second. */
async function inFlight<T>(wires: readonly T[], pay: (wire: T) => Promise<void>): Promise<number> {
  let next = 0
  const start = performance.now()
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (next < wires.length) await pay(wires[next++]!)
    }),
  )
  return wires.length / ((performance.now() - start) / 1000)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
