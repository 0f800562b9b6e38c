import { fileURLToPath } from 'node:url'
import { balanceOf, control, type Json, partyWith, startYard, until, type Yard } from '../test/e2e/yard.ts'

const NETTED = 1_000
const ALONE = 100
const IN_FLIGHT = 32
const NET_SIZE = 200
const AMOUNT = '0.002'

type Payout = { id: string; status: string; fee?: { amount: string }; netting?: { paid_by?: string } }
type Payer = { id: string; key: string }

/** Prints what small payouts to one node cost and how many go through in a second: netted, one by one over the node, and over the book rail. */
export async function run(): Promise<void> {
  const yard = await startYard()
  try {
    const payer = await funded(yard)
    const node = { kind: 'lightning_node', node_id: yard.world.lightning.customer.nodeId }
    const neighbour = { kind: 'party', party: (await partyWith(yard, { name: 'neighbour' })).id }
    const netting = { max_count: NET_SIZE, max_age_s: 60 }
    const netted = await measure(yard, payer, { count: NETTED, body: { destinations: [node], netting } })
    const alone = await measure(yard, payer, { count: ALONE, body: { destinations: [node] } })
    const booked = await measure(yard, payer, { count: NETTED, body: { destinations: [neighbour] } })
    const payments = new Set(netted.payouts.map((p) => p.netting?.paid_by)).size
    const row = (name: string, m: typeof netted, more: string) =>
      console.log(`netting  ${name}: ${m.perSecond} payouts/s, ${m.feesMsat} msat of fees for ${m.payouts.length}${more}`)
    row(`${NETTED} payouts netted`, netted, ` in ${payments} payments`)
    row(`${ALONE} payouts one by one`, alone, '')
    row(`${NETTED} payouts by the books`, booked, '')
  } finally {
    await yard.close()
  }
}

async function measure(yard: Yard, payer: Payer, o: { count: number; body: Json }) {
  const body = { party: payer.id, amount: { asset: 'USDC', amount: AMOUNT }, ...o.body }
  const start = performance.now()
  const made = await atOnce(Array.from({ length: o.count }), async () => {
    const answer = await yard.call<Payout>('POST', '/v1/payouts', { body, key: payer.key })
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
    return answer.body.id
  })
  const payouts = await atOnce(made, (id) => settled(yard, id))
  const perSecond = Math.round((o.count * 1_000) / (performance.now() - start))
  const feesMsat = payouts.reduce((sum, p) => sum + BigInt(p.fee?.amount.split('.')[1]?.padEnd(11, '0') ?? '0'), 0n)
  return { payouts, perSecond, feesMsat }
}

/** Works on so many at a time, and answers in their order. */
async function atOnce<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const worker = async () => {
    for (let i = next++; i < items.length; i = next++) results[i] = await work(items[i]!)
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker))
  return results
}

function settled(yard: Yard, id: string): Promise<Payout> {
  return until(`payout ${id}`, async () => {
    const { body } = await yard.call<Payout>('GET', `/v1/payouts/${id}`)
    if (body.status === 'failed') throw new Error(`payout ${id} failed`)
    return body.status === 'settled' && body
  })
}

/** A party that a Lightning payment has given 20 USDC. */
async function funded(yard: Yard): Promise<Payer> {
  const payer = await partyWith(yard, { name: 'payer' })
  const { body } = await yard.call<{ offers: { rail: string; pay: { invoice?: string } }[] }>('POST', '/v1/payment_intents', {
    body: { amount: { asset: 'USD', amount: '20' }, payee: payer.id },
  })
  await control(yard.world.lightning.controlUrl, '/pay', { invoice: body.offers.find((o) => o.rail === 'lightning')!.pay.invoice })
  await until('the funds', async () => (await balanceOf(yard, payer.id, 'USDC')) === '20')
  return payer
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
