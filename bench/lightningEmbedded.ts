import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { uuidIds } from '../gateway/books/ids.ts'
import { BTC } from '../gateway/money/asset.ts'
import { money } from '../gateway/money/money.ts'
import type { AttemptId } from '../gateway/ports/ids.ts'
import { openRouterChannel, startLightningWorld } from '../test/behavior/lightningWorld.ts'
import { balanceOf, control, partyWith, startYard, until, type Yard } from '../test/e2e/yard.ts'

const INVOICES = 200
const PAYMENTS = 300
const IN_FLIGHT = 30
const WARM_UP = 30
const MSAT = 20_000n
const FEE_MAX_MSAT = 5_000n
const PAYOUT = { asset: 'USDC', amount: '0.02' }
/** What the payout is worth at the world's price of bitcoin. */
const PAYOUT_MSAT = '20000'
const MS_PER_TICK = 10
/** How often a payout is asked for. */
const POLL_MS = 250
const ids = uuidIds({ now: () => Date.now() })

/** Prints what an invoice, a payment and a payout over the embedded node take, beside payments that one node's door drives straight on the node. */
export async function run(): Promise<void> {
  await measureRail()
  await measurePayouts()
}

async function measureRail(): Promise<void> {
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

    const ours = await wiresOf(WARM_UP + PAYMENTS, () =>
      world.ask<{ invoice: string }>('/invoice', { amountMsat: String(MSAT), description: 'bench' }),
    )
    const send = async ({ invoice }: { invoice: string }) => {
      const attempt = {
        ...{ id: ids.next('at_') as AttemptId, amount: money(BTC, MSAT), feeMax: money(BTC, FEE_MAX_MSAT) },
        ...{ destination: { kind: 'lightning_invoice' as const, invoice }, reference: 'bench' },
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
  } finally {
    await world.close()
  }
}

/** The whole way: HTTP, decision, hold, attempt, posting. The CPU is that of the gateway's process; the node runs in another. */
async function measurePayouts(): Promise<void> {
  const yard = await startYard()
  try {
    const party = await fundedParty(yard)
    const invoices = await wiresOf(WARM_UP + PAYMENTS, () =>
      control<{ invoice: string }>(yard.world.lightning.controlUrl, '/invoice', { amountMsat: PAYOUT_MSAT, description: 'bench' }),
    )
    const pay = async ({ invoice }: { invoice: string }) => {
      const made = await yard.call<{ id: string; status: string }>('POST', '/v1/payouts', {
        body: { party, amount: PAYOUT, destinations: [{ kind: 'lightning_invoice', invoice }] },
      })
      if (made.status !== 201) throw new Error(`a payout was refused: ${JSON.stringify(made.body)}`)
      for (let { status } = made.body; status !== 'settled'; ) {
        if (status === 'failed') throw new Error(`payout ${made.body.id} failed`)
        await new Promise((resolve) => setTimeout(resolve, POLL_MS))
        status = (await yard.call<{ status: string }>('GET', `/v1/payouts/${made.body.id}`)).body.status
      }
    }
    await inFlight(invoices.slice(0, WARM_UP), pay)
    const cpu = cpuMs(yard.processId())
    const perSecond = await inFlight(invoices.slice(WARM_UP), pay)
    const used = (cpuMs(yard.processId()) - cpu) / PAYMENTS
    console.log(
      `lightning  payouts to invoices over HTTP, ${IN_FLIGHT} in flight: ${perSecond.toFixed(1)}/s, ${used.toFixed(1)} ms CPU each in the gateway's process, ` +
        'polling of the outcome included',
    )
  } finally {
    await yard.close()
  }
}

/** A party that has earned what the payouts take. */
async function fundedParty(yard: Yard): Promise<string> {
  const { id } = await partyWith(yard, { name: 'bench' })
  const { body } = await yard.call<{ offers: { rail: string; pay: { invoice?: string } }[] }>('POST', '/v1/payment_intents', {
    body: { amount: { asset: 'USD', amount: '20' }, payee: id },
  })
  await control(yard.world.lightning.controlUrl, '/pay', { invoice: body.offers.find((o) => o.rail === 'lightning')!.pay.invoice })
  await until('the funds', async () => (await balanceOf(yard, id, 'USDC')) !== '0')
  return id
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

/** User and system time of a process as Linux tells it; 0 elsewhere. */
function cpuMs(pid: number): number {
  if (process.platform !== 'linux') return 0
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
