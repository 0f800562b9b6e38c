import { api, control, network, until } from './localNetwork.ts'

type Amount = { amount: string; asset: string }
type Intent = { id: string; status: string; offers: { rail: string; pay: { invoice?: string } }[]; paid: { receipt: string } | null }
type Given = { id: string; status: string; amount: Amount; sources: { from: string; amount: Amount }[]; tries: { payout: string }[] }
/** What the holder of its link is told (LUD-03). */
type Link = { callback: string; k1: string; maxWithdrawable: number }
type Payment = { parts: { to: string; amount: string }[] }
type Event = { id: string; type: string; created_at: string; subject: string; data: Record<string, unknown> }

/** A payment over Lightning that its payees give back whole: its payer says by the link where to. Then the story of all that, as its events tell it. */
export async function giveBack(): Promise<void> {
  const { split, world } = network()
  const intent = await api<Intent>('POST', '/v1/payment_intents', {
    body: { amount: { asset: 'USD', amount: '2' }, split, description: 'two jokes that nobody laughed at' },
  })
  const offered = intent.offers.find((o) => o.rail === 'lightning')?.pay.invoice
  if (!offered) throw new Error('the intent has no lightning offer')
  await control(world.lightningUrl, '/pay', { invoice: offered })
  const paid = await until('the settlement of the intent', async () => {
    const now = await api<Intent>('GET', `/v1/payment_intents/${intent.id}`)
    return now.status === 'settled' && now.paid ? now.paid : undefined
  })
  const { parts } = await api<Payment>('GET', `/v1/payments/${paid.receipt}`)
  console.log(`\nintent ${intent.id} is paid over lightning, receipt ${paid.receipt}, and shared by its split:`)
  for (const { to, amount } of parts) console.log(`  ${to}  ${amount}`)
  const given = await api<Given>('POST', '/v1/refunds', { body: { payment_intent: intent.id, reason: 'nobody laughed' } })
  console.log(`giving back ${given.amount.amount} ${given.amount.asset}, refund ${given.id}, out of:`)
  for (const { from, amount } of given.sources) console.log(`  ${from}  ${amount.amount} ${amount.asset}`)
  await claim(given.headers.get('switchyard-refund')!)
  const done = await until('the refund', async () => {
    const now = await api<Given>('GET', `/v1/refunds/${given.id}`)
    return now.status === 'succeeded' ? now : undefined
  })
  const last = done.tries.at(-1)
  console.log(`the story of ${intent.id} as its events tell it, and that of what it became:`)
  await tell([intent.id, paid.receipt, given.id, ...(last ? [last.payout] : [])])
}

/** As its payer's wallet does: an invoice over all that waits. */
async function claim(url: string): Promise<void> {
  const link = await control<Link>(url, '')
  const { invoice } = await control<{ invoice: string }>(network().world.lightningUrl, '/invoice', {
    amountMsat: `${link.maxWithdrawable}`,
    description: 'my money back',
  })
  const query = new URLSearchParams({ k1: link.k1, pr: invoice })
  const answer = await control<{ status: string; reason?: string }>(link.callback, `?${query}`)
  if (answer.status !== 'OK') throw new Error(`the link of the refund: ${answer.reason}`)
}

/** One line an event, in the order of the journal, which the ids have. */
async function tell(subjects: readonly string[]): Promise<void> {
  const pages = await Promise.all(subjects.map((subject) => api<{ data: Event[] }>('GET', `/v1/events?subject=${subject}&limit=100`)))
  const events = pages.flatMap(({ data }) => data).sort((a, b) => (a.id < b.id ? -1 : 1))
  for (const { id, type, created_at, subject, data } of events)
    console.log(`  ${created_at}  ${id}  ${type.padEnd(24)} ${subject}${amountsOf(data)}`)
}

/** The amounts that an event says, each with its name. */
function amountsOf(data: Event['data']): string {
  const said = Object.entries(data).flatMap(([name, value]) => {
    const { amount, asset } = (value ?? {}) as Partial<Amount> // Any value of JSON.
    return typeof amount === 'string' && typeof asset === 'string' ? [`${name} ${amount} ${asset}`] : []
  })
  return said.length > 0 ? `  ${said.join(', ')}` : ''
}
