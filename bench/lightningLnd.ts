import { createInvoice, payViaPaymentRequest } from 'lightning'
import { BTC } from '../gateway/money/asset.ts'
import { money } from '../gateway/money/money.ts'
import type { AttemptId } from '../gateway/ports/ids.ts'
import { builtNodes } from '../test/full/lnd/buildNodes.ts'
import { type LndWorld, startLndWorld } from '../test/full/lnd/lndWorld.ts'

const ROUNDS = 4
const PAYMENTS = 150
const IN_FLIGHT = 30
const WARM_UP = 60
const INVOICES = 200
const MSAT = 1_000_000n
const FEE_MSAT_MAX = 10_000n

type Pay = (request: string) => Promise<void>
type Measured = { payments: number; ms: number; cpuMs: number }

/** Prints what the LND adapter adds to an LND's own payments, straight through its client, in turns on one network: Alice to Carol over Bob. */
export async function run(): Promise<void> {
  if (!builtNodes()) {
    console.log('lightning  LND is not in the cache: not measured (npm run test:full builds it)')
    return
  }
  const world = await startLndWorld()
  try {
    await measureInvoices(world)
    const ways = { straight: straight(world), adapter: throughAdapter(world) }
    for (const pay of Object.values(ways)) await payMany(world, WARM_UP, pay)
    const sums = { straight: { payments: 0, ms: 0, cpuMs: 0 }, adapter: { payments: 0, ms: 0, cpuMs: 0 } }
    // In turns, and the first of a round in turns too: a node grows slower with what it has paid.
    for (let round = 0; round < ROUNDS; round++) {
      const order = round % 2 === 0 ? (['straight', 'adapter'] as const) : (['adapter', 'straight'] as const)
      for (const way of order) add(sums[way], await payMany(world, PAYMENTS, ways[way]))
    }
    report(sums)
  } finally {
    await world.close()
  }
}

async function measureInvoices(world: LndWorld): Promise<void> {
  const rail = world.rail()
  const times: number[] = []
  for (let n = 0; n < INVOICES; n++) {
    const start = performance.now()
    await rail.offer({ amount: money(BTC, MSAT), ref: '0x01', expiresAt: Date.now() + 3_600_000, description: 'bench' })
    times.push(performance.now() - start)
  }
  times.sort((a, b) => a - b)
  console.log(`lightning  an invoice of LND: p50 ${times[INVOICES / 2]!.toFixed(1)} ms, p99 ${times[INVOICES - 3]!.toFixed(1)} ms`)
}

function straight(world: LndWorld): Pay {
  const { lnd } = world.network.alice
  return async (request) => {
    await payViaPaymentRequest({ lnd, request, max_fee_mtokens: FEE_MSAT_MAX.toString(), max_paths: 16 })
  }
}

function throughAdapter(world: LndWorld): Pay {
  let sequence = 0
  return async (invoice) => {
    const id: AttemptId = `at_bench${++sequence}`
    const destination = { kind: 'lightning_invoice', invoice } as const
    const attempt = { id, amount: money(BTC, MSAT), feeMax: money(BTC, FEE_MSAT_MAX), destination, reference: 'bench' }
    const outcome = await world.rail().send(attempt, { signal: AbortSignal.timeout(60_000) })
    if (outcome.kind !== 'settled') throw new Error(`a payment was ${outcome.kind}`)
  }
}

/** Invoices are made before; only the paying is measured. */
async function payMany(world: LndWorld, count: number, pay: Pay): Promise<Measured> {
  const { lnd } = world.network.carol
  const requests: string[] = []
  for (let n = 0; n < count; n++) requests.push((await createInvoice({ lnd, mtokens: MSAT.toString() })).request)
  const start = performance.now()
  const cpu = process.cpuUsage()
  const lane = async () => {
    for (let next = requests.pop(); next !== undefined; next = requests.pop()) await pay(next)
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane))
  const { user, system } = process.cpuUsage(cpu)
  return { payments: count, ms: performance.now() - start, cpuMs: (user + system) / 1_000 }
}

function add(sum: Measured, more: Measured): void {
  sum.payments += more.payments
  sum.ms += more.ms
  sum.cpuMs += more.cpuMs
}

function report({ straight, adapter }: { straight: Measured; adapter: Measured }): void {
  const rate = ({ payments, ms }: Measured) => (payments * 1_000) / ms
  const cpu = ({ payments, cpuMs }: Measured) => cpuMs / payments
  console.log(
    `lightning  LND, two hops, ${IN_FLIGHT} in flight: ${rate(straight).toFixed(1)}/s straight through the client, ${rate(adapter).toFixed(1)}/s through the adapter ` +
      `(${(rate(adapter) / rate(straight)).toFixed(2)}); ${cpu(straight).toFixed(2)} and ${cpu(adapter).toFixed(2)} ms CPU a payment in this process`,
  )
}
