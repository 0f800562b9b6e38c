import { control, partyWith, startYard, until, type Yard } from '../../e2e/yard.ts'

type Intent = { id: string; offers: { rail: string; pay: { invoice?: string } }[] }
type Payout = { id: string; status: string; decision_id?: string }
type Made = { id: string }

/** Takes words as they are: a name that would be markup if anybody forgot to escape it. */
const NAME = 'Heron <b>Press</b> "&"'

/** A yard in which something has happened: intents paid and open, payouts over unlike rails, a split, a webhook that nobody answers, money of nobody. */
export async function openDashboardWorld() {
  const yard = await startYard({ chains: 1 })
  const seller = await partyWith(yard, { name: NAME })
  const rival = await partyWith(yard, { name: 'Rival of the heron' })
  const intents: string[] = []
  for (const amount of ['4.2', '1.5', '12', '0.75']) intents.push(await paidIntent(yard, seller.id, amount))
  const open = await intentOf(yard, seller.id, '9.9')
  const { body: split } = await yard.call<Made>('POST', '/v1/splits', {
    body: { payees: [seller, rival].map(({ id }, i) => ({ party: id, account: `0x${`${i + 1}`.repeat(40)}`, shares: 7 - 4 * i })) },
  })
  const payouts = [
    await payoutOf(yard, seller.id, '2'),
    await payoutOf(yard, seller.id, '0.5'),
    await payoutOf(yard, seller.id, '1.25', rival.id),
  ]
  const rows = [
    { amount: '0.2', destinations: [{ kind: 'party', party: rival.id }], reference: NAME },
    { amount: '0.1', destinations: [] },
  ]
  const { body: batch } = await yard.call<Made>('POST', '/v1/payout_batches', {
    body: { party: seller.id, asset: 'USDC', on_refused: 'pay_others', rows, metadata: { month: NAME } },
    key: seller.key,
  })
  const { body: endpoint } = await yard.call<Made>('POST', '/v1/webhook_endpoints', {
    body: { url: 'http://127.0.0.1:9/hooks' },
    key: seller.key,
  })
  const order = {
    asset: 'USDC',
    destination: { kind: 'party', party: rival.id },
    every: 'week',
    day: 5,
    hour: 6,
    keep: '1',
    reference: NAME,
  }
  const { body: standing } = await yard.call<Made>('POST', '/v1/standing_orders', { body: order, key: seller.key })
  const opening = { payment_intent: intents[3], reason: 'not_received', note: `${NAME} says nothing came` }
  const { body: dispute } = await yard.call<Made>('POST', '/v1/disputes', { body: opening })
  const { customers, controlUrl } = yard.world.bank
  await control(controlUrl, '/transfers', { customer: customers[0]!.id, amount: '10', remittance: 'whose is this' })
  await until('money of nobody', async () => (await yard.call<{ data: unknown[] }>('GET', '/v1/suspense')).body.data.length > 0)
  return {
    yard,
    seller,
    rival,
    intents,
    open: open.id,
    split: split.id,
    payouts,
    endpoint: endpoint.id,
    batch: batch.id,
    order: standing.id,
    dispute: dispute.id,
  }
}

async function intentOf(yard: Yard, payee: string, amount: string): Promise<Intent> {
  const body = {
    amount: { asset: 'USD', amount },
    payee,
    description: `Essay <i>no. ${amount}</i>`,
    metadata: { shelf: '<script>alert(1)</script>' },
  }
  return (await yard.call<Intent>('POST', '/v1/payment_intents', { body })).body
}

async function paidIntent(yard: Yard, payee: string, amount: string): Promise<string> {
  const { id, offers } = await intentOf(yard, payee, amount)
  const offer = offers.find(({ rail }) => rail === 'lightning')
  await control(yard.world.lightning.controlUrl, '/pay', { invoice: offer!.pay.invoice })
  await until(
    'the payment',
    async () => (await yard.call<{ status: string }>('GET', `/v1/payment_intents/${id}`)).body.status === 'settled',
  )
  return id
}

async function payoutOf(yard: Yard, party: string, amount: string, to?: string): Promise<Payout> {
  const places =
    to === undefined
      ? [
          { kind: 'iban', iban: 'DE89370400440532013000', name: 'The Heron' },
          { kind: 'evm_address', address: `0x${'ab'.repeat(20)}` },
        ]
      : [{ kind: 'party', party: to }]
  const body = { party, amount: { asset: 'USDC', amount }, destinations: places, reference: `royalties <b>${amount}</b>` }
  const { id } = (await yard.call<Payout>('POST', '/v1/payouts', { body })).body
  return until('the payout', async () => {
    const found = (await yard.call<Payout>('GET', `/v1/payouts/${id}?wait=20`)).body
    return found.status === 'settled' && found
  })
}
