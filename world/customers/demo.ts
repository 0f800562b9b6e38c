// `npm run demo`: pays the demo route with clients of other people and with ours, pays three payees in one go, pays a thousand times by vouchers,
// is paid under a Lightning Address and pays one, verifies, gives a payment back and tells its story. All that it prints is read from the running system.

import type { Verification } from '../../gateway/audit/reconcile/verify.ts'
import { verifyTable } from '../../gateway/audit/reconcile/verifyTable.ts'
import { clients, type PayingFetch } from './clients.ts'
import { giveBack } from './giveBack.ts'
import { api, fundedParty, network, until } from './localNetwork.ts'
import { payByAddress } from './payByAddress.ts'
import { payByVoucher } from './payByVoucher.ts'
import { payThree } from './payThree.ts'

type Offer = { rail: string; amount: { amount: string; asset: string }; price: { amount: string; asset: string } }
type Signed = { receipt: { id: string; rail: string; paid: { amount: string; asset: string }; state: string } }

/** One line a payment: what was offered and what it costs, what was taken, how long it took, the receipt. */
async function pay(name: string, client: PayingFetch): Promise<void> {
  const { route } = network()
  const unpaid = (await (await fetch(route)).json()) as { offers: Offer[] }
  const considered = unpaid.offers
    .map((o) => `${o.rail} ${o.amount.amount} ${shortAsset(o.amount.asset)} (${o.price.amount} USD)`)
    .join(', ')
  const start = performance.now()
  const response = await client(route)
  const took = seconds(start)
  const id = response.headers.get('switchyard-receipt')
  if (response.status !== 200 || !id) throw new Error(`${name}: ${response.status} ${await response.text()}`)
  const { receipt } = await api<Signed>('GET', `/v1/receipts/${id}`)
  console.log(`${name.padEnd(23)} offered: ${considered}`)
  console.log(
    `${''.padEnd(23)} paid ${receipt.paid.amount} ${shortAsset(receipt.paid.asset)} by ${receipt.rail} in ${took}, ${receipt.state}, receipt ${receipt.id}`,
  )
}

function seconds(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(2)} s`
}

/** A token's CAIP-19 id is long; its contract's beginning tells it apart here. */
function shortAsset(id: string): string {
  return id.includes('erc20:') ? 'USDC' : id
}

async function main(): Promise<void> {
  const { route } = network()
  console.log(`paying ${route}\n`)
  const start = performance.now()
  const { apiKey, reference, available } = await fundedParty('demo payer')
  console.log(`bank transfer of 1.00 EUR with reference ${reference} credited ${available} EUR in ${seconds(start)}\n`)
  for (const [name, client] of Object.entries(clients({ apiKey }))) await pay(name, client)
  await payThree()
  await payByVoucher()
  await payByAddress()
  console.log('\nverifying: the ledger against itself and against every rail')
  console.log(`\n${verifyTable(await verified())}`)
  await giveBack()
  if ((await verified()).ok) console.log('verified again, with what was given back: every balance agrees')
}

async function verified(): Promise<Verification> {
  const verification = await until(
    'a ledger with nothing in flight',
    async () => {
      const v = await api<Verification>('GET', '/v1/verify')
      return [...v.rails, ...v.splits].some((r) => r.verdict === 'in_flight') ? undefined : v
    },
    60_000,
  )
  if (!verification.ok) process.exitCode = 1
  return verification
}

await main().catch((error: unknown) => {
  console.error(`demo: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
})
