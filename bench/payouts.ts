import { fileURLToPath } from 'node:url'
import { balanceOf, control, partyWith, startYard, until, type Yard } from '../test/e2e/yard.ts'
import { childrenOf, cpuSince, type ProcessCpu, processCpu, totalOf } from './processCpu.ts'

const WARM_UP = 300
const PAYOUTS = 600
const IN_FLIGHT = 30
const REST_S = 5
/** How long a payout's outcome is waited for at a time. */
const WAIT_S = 20
/** The world's chains are asked twenty times a second, which would be most of what a gateway at rest takes; a real one asks more seldom. */
const CHAIN_POLL_MS = 2_000
const AMOUNT = { asset: 'USDC', amount: '0.02' }
/** What it is worth at the world's price of bitcoin. */
const AMOUNT_MSAT = '20000'

type Destination = Readonly<Record<string, string>>

/**
 * Prints what a payout takes over HTTP on the embedded Lightning node and between balances held here: the gateway's CPU by thread, the node's, and the
 * client's.
 */
export async function run(): Promise<void> {
  const yard = await startYard()
  try {
    for (const chain of yard.config.evm) chain.pollMs = CHAIN_POLL_MS
    await yard.kill()
    await yard.start()
    const [party, other] = [await fundedParty(yard), (await partyWith(yard, { name: 'payee' })).id]
    const rest = await atRest(yard)
    console.log(`payouts    the gateway at rest: ${totalOf(rest).toFixed(1)} ms CPU a second`)
    const invoice = async () =>
      control<{ invoice: string }>(yard.world.lightning.controlUrl, '/invoice', { amountMsat: AMOUNT_MSAT, description: 'bench' })
    await measure(yard, 'Lightning', { party, rest, to: async () => ({ kind: 'lightning_invoice', invoice: (await invoice()).invoice }) })
    await measure(yard, 'book     ', { party, rest, to: async () => ({ kind: 'party', party: other }) })
  } finally {
    await yard.close()
  }
}

async function atRest(yard: Yard): Promise<ProcessCpu> {
  const before = processCpu(yard.processId())
  await new Promise((resolve) => setTimeout(resolve, REST_S * 1_000))
  return cpuSince(before, processCpu(yard.processId()), REST_S)
}

async function measure(yard: Yard, name: string, o: { party: string; rest: ProcessCpu; to: () => Promise<Destination> }): Promise<void> {
  const destinations: Destination[] = []
  for (let n = 0; n < WARM_UP + PAYOUTS; n++) destinations.push(await o.to())
  const pay = (destination: Destination) => payOut(yard, o.party, destination)
  await inFlight(destinations.slice(0, WARM_UP), pay)

  const [node] = childrenOf(yard.processId())
  const cpu = () => ({ gateway: processCpu(yard.processId()), node: processCpu(node ?? 0), client: process.cpuUsage() })
  const before = cpu()
  const perSecond = await inFlight(destinations.slice(WARM_UP), pay)
  const after = cpu()
  const gateway = cpuSince(before.gateway, after.gateway, PAYOUTS)
  const client = (after.client.user + after.client.system - before.client.user - before.client.system) / 1_000 / PAYOUTS
  console.log(
    `payouts    ${name} over HTTP, ${IN_FLIGHT} in flight: ${perSecond.toFixed(1)}/s; CPU each: gateway ${totalOf(gateway).toFixed(2)} ms ` +
      `(${gateway.main.toFixed(2)} what answers and decides, ${gateway.projector.toFixed(2)} the projector, ${gateway.others.toFixed(2)} V8; ` +
      `${(totalOf(o.rest) / perSecond).toFixed(2)} of it would be used at rest), ` +
      `node ${totalOf(cpuSince(before.node, after.node, PAYOUTS)).toFixed(2)} ms, client ${client.toFixed(2)} ms`,
  )
}

async function payOut(yard: Yard, party: string, destination: Destination): Promise<void> {
  const body = { party, amount: AMOUNT, destinations: [destination] }
  const made = await yard.call<{ id: string; status: string }>('POST', '/v1/payouts', { body })
  if (made.status !== 201) throw new Error(`a payout was refused: ${JSON.stringify(made.body)}`)
  for (let { status } = made.body; status !== 'settled'; ) {
    if (status === 'failed') throw new Error(`payout ${made.body.id} failed`)
    status = (await yard.call<{ status: string }>('GET', `/v1/payouts/${made.body.id}?wait=${WAIT_S}`)).body.status
  }
}

/** A party that has earned what the payouts take. */
async function fundedParty(yard: Yard): Promise<string> {
  const { id } = await partyWith(yard, { name: 'bench' })
  const { body } = await yard.call<{ offers: { rail: string; pay: { invoice?: string } }[] }>('POST', '/v1/payment_intents', {
    body: { amount: { asset: 'USD', amount: '40' }, payee: id },
  })
  await control(yard.world.lightning.controlUrl, '/pay', { invoice: body.offers.find((o) => o.rail === 'lightning')!.pay.invoice })
  await until('the funds', async () => (await balanceOf(yard, id, 'USDC')) !== '0')
  return id
}

/** Pays all, so many at a time, and returns how many a second. */
async function inFlight(all: readonly Destination[], pay: (one: Destination) => Promise<void>): Promise<number> {
  let next = 0
  const start = performance.now()
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (next < all.length) await pay(all[next++]!)
    }),
  )
  return all.length / ((performance.now() - start) / 1_000)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
