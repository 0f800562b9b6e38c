import { api, control, network, until } from './localNetwork.ts'
import { decisionLines, learnedLines } from './showDecision.ts'

type Split = { payees: { party: string; account: string }[] }
type Intent = {
  id: string
  status: string
  offers: {
    rail: string
    amount: { amount: string; asset: string }
    full_price: { amount: string }
    rail_cost: { amount: string }
    pay: { invoice?: string }
  }[]
  paid: { receipt: string } | null
}
type Payout = {
  id: string
  status: string
  decision_id?: string
  rail?: string
  fee?: { code: string; amount: string }
  failure?: { reasons: unknown }
}
/** Earns something to share over Lightning, then pays the three payees at the same time, each with several places to be paid at. */
export async function payThree(): Promise<void> {
  const { split, world } = network()
  const { payees } = await api<Split>('GET', `/v1/splits/${split}`)
  const intent = await api<Intent>('POST', '/v1/payment_intents', {
    body: { amount: { asset: 'USD', amount: '10' }, split, description: 'ten jokes' },
  })
  console.log(`\nintent ${intent.id}: 10 USD for the split, offers by what they cost in full, to the payer and to us:`)
  for (const o of intent.offers)
    console.log(
      `  ${o.rail.padEnd(10)} ${o.amount.amount} ${o.amount.asset.includes('erc20') ? 'USDC' : o.amount.asset}, ${o.full_price.amount} USD for the payer, ${o.rail_cost.amount} USD to receive`,
    )
  const invoice = intent.offers.find((o) => o.rail === 'lightning')?.pay.invoice
  if (!invoice) throw new Error('the intent has no lightning offer')
  await control(world.lightningUrl, '/pay', { invoice })
  const paid = await until('the settlement of the intent', async () => {
    const now = await api<Intent>('GET', `/v1/payment_intents/${intent.id}`)
    return now.status === 'settled' ? now : undefined
  })
  console.log(`  paid by lightning, receipt ${paid.paid?.receipt}\n\npaying three payees in one go:`)
  const { invoice: payeeInvoice } = await control<{ invoice: string }>(world.lightningUrl, '/invoice', {
    amountMsat: '1000000',
    description: 'payout',
  })
  const iban = { kind: 'iban', iban: world.bankCustomers[0]!.iban, name: 'Payee account' }
  const destinations = [
    [{ kind: 'lightning_invoice', invoice: payeeInvoice }, iban],
    [{ kind: 'evm_address', address: payees[1]!.account }, iban],
    [iban],
  ]
  const start = performance.now()
  const created = await Promise.all(
    payees.map(({ party }, i) =>
      api<Payout>('POST', '/v1/payouts', { body: { party, amount: { asset: 'USDC', amount: '1' }, destinations: destinations[i] } }),
    ),
  )
  const told = await Promise.all(created.map(({ id }, i) => report(id, i, start)))
  for (const line of told.flat()) console.log(line)
  console.log('what the tries have taught the router:')
  for (const line of await learnedLines()) console.log(line)
}

/** Waits for one payout; says what was considered with each term of its cost, what was taken and why, and what it came to. */
async function report(id: string, index: number, start: number): Promise<string[]> {
  const done = await until('the payout', async () => {
    const payout = await api<Payout>('GET', `/v1/payouts/${id}?wait=20`)
    return payout.status === 'settled' || payout.status === 'failed' ? payout : undefined
  })
  const took = ((performance.now() - start) / 1000).toFixed(2)
  // A bank says what a transfer cost with its next statement.
  const known = done.rail === 'bank' ? ', fee with the next statement' : ''
  const fee = known === '' && done.fee ? `, fee ${done.fee.amount} ${done.fee.code}` : known
  const head = `payee ${index + 1}  ${done.status} by ${done.rail ?? 'no rail'} in ${took} s${fee}, payout ${done.id}, ${done.decision_id}`
  return [head, ...(done.decision_id ? await decisionLines(done.decision_id) : [])]
}
