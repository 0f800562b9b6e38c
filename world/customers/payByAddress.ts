import { parseBip21 } from '@getalby/lightning-tools/bip21'
import { LightningAddress } from '@getalby/lightning-tools/lnurl'
import { api, control, network, until } from './localNetwork.ts'

type Party = { id: string; balances: { code: string; available: string }[] }
type Payout = { id: string; status: string; rail?: string; fee?: { amount: string; code: string }; failure?: unknown }
type Intent = { id: string; status: string; uri: string; paid: { receipt: string } | null }

/** Stands for the name that an operator would give the gateway, with a TLS proxy before it: the client insists on both. */
const PUBLIC_NAME = 'pay.example.com'

/** Is paid under a Lightning Address and through a unified URI, by an unmodified client, and pays a Lightning Address out of what came in. */
export async function payByAddress(): Promise<void> {
  const { world } = network()
  const party = await api<Party>('POST', '/v1/parties', { body: { name: 'demo musician' } })
  const name = `musician-${party.id.slice(-8)}`
  await api('POST', '/v1/lightning_addresses', { body: { name, party: party.id, description: 'Songs', comment_max: 60 } })
  console.log(`\nbeing paid under the Lightning Address ${name}@${new URL(network().url).host}:`)
  const invoice = await withPublicName(() => askFor(`${name}@${PUBLIC_NAME}`))
  await pay(invoice.paymentRequest)
  const balance = await until('the credit', () => bitcoinOf(party.id))
  console.log(`  lightning-tools (LightningAddress) paid ${invoice.satoshi} sat; the balance of ${party.id} is ${balance} BTC`)

  const intent = await api<Intent>('POST', '/v1/payment_intents', {
    body: { amount: { asset: 'USD', amount: '0.05' }, payee: party.id, description: 'a sheet of music' },
  })
  const read = parseBip21(intent.uri)
  if (!read?.lightning) throw new Error(`the intent has no unified URI: ${intent.uri}`)
  await pay(read.lightning)
  const paid = await until('the settlement of the intent', async () => {
    const now = await api<Intent>('GET', `/v1/payment_intents/${intent.id}`)
    return now.status === 'settled' ? now : undefined
  })
  console.log(`  lightning-tools (parseBip21) read ${intent.uri.slice(0, 46)}... and paid it, receipt ${paid.paid?.receipt}`)

  const destinations = [{ kind: 'lightning_address', address: world.lightningAddress }]
  const body = { party: party.id, amount: { asset: 'BTC', amount: '0.000001' }, destinations, reference: 'with thanks' }
  const { id } = await api<Payout>('POST', '/v1/payouts', { body })
  const done = await until('the payout', async () => {
    const payout = await api<Payout>('GET', `/v1/payouts/${id}?wait=20`)
    return payout.status === 'settled' || payout.status === 'failed' ? payout : undefined
  })
  if (done.status !== 'settled') throw new Error(`the payout to ${world.lightningAddress}: ${JSON.stringify(done.failure)}`)
  console.log(
    `  100 sat to the Lightning Address ${world.lightningAddress}: ${done.status} by ${done.rail}, fee ${done.fee?.amount} ${done.fee?.code}`,
  )
}

async function askFor(text: string) {
  const address = new LightningAddress(text, { proxy: false })
  await address.fetch()
  return address.requestInvoice({ satoshi: 250, comment: 'lovely' })
}

/** Leads the public name to the gateway while the work runs, as a name server would. */
async function withPublicName<T>(work: () => Promise<T>): Promise<T> {
  const real = globalThis.fetch
  globalThis.fetch = (input, init) => real(String(input).replace(`https://${PUBLIC_NAME}`, network().url), init)
  try {
    return await work()
  } finally {
    globalThis.fetch = real
  }
}

function pay(invoice: string): Promise<{ preimage: string }> {
  return control(network().world.lightningUrl, '/pay', { invoice })
}

/** Undefined while there is none. */
async function bitcoinOf(party: string): Promise<string | undefined> {
  const { balances } = await api<Party>('GET', `/v1/parties/${party}`)
  const available = balances.find(({ code }) => code === 'BTC')?.available
  return available === '0' ? undefined : available
}
