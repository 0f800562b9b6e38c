import { api, fundedParty, network, until } from '../customers/localNetwork.ts'
import { paid } from './moneyIn.ts'
import { eventsOf, type Happened } from './scene.ts'

type Payout = Readonly<{ id: string; status: string }>
type Given = Readonly<{ id: string; status: string }>
type Fate = keyof ReturnType<typeof network>['world']['bankFates']

const PATIENCE_MS = 60_000

/** A payment over Lightning that its seller gives back, to the customer's Lightning Address. */
export async function refunded(): Promise<Happened> {
  const { ids } = await paid()
  const to = { kind: 'lightning_address', address: network().world.lightningAddress }
  const body = { payment_intent: ids.payment_intent, to, reason: 'switchyard trigger' }
  const { id } = await api<Given>('POST', '/v1/refunds', { body })
  const { status } = await until(
    'the refund',
    async () => ended(await api<Given>('GET', `/v1/refunds/${id}`), ['succeeded', 'failed']),
    PATIENCE_MS,
  )
  return { ids: { ...ids, refund: id }, state: status, look: [`GET /v1/refunds/${id}`, eventsOf(id)] }
}

/** The bank refuses a payout, because its payee's account is closed (AC04). */
export async function payoutFails(): Promise<Happened> {
  const { id } = await payoutTo('closed')
  const { status } = await until('the refusal', async () => ended(await payoutNow(id), ['failed', 'settled']), PATIENCE_MS)
  return about(id, status)
}

/** A payout is made, and the payee's bank sends it back (MS03). */
export async function payoutReturns(): Promise<Happened> {
  const { id } = await payoutTo('returned')
  const { status } = await until('the return', async () => ended(await payoutNow(id), ['returned', 'failed']), PATIENCE_MS)
  return about(id, status)
}

/** The bank takes a payout and never says what became of it. */
export async function payoutHangs(): Promise<Happened> {
  const { id } = await payoutTo('silent')
  const is = async () => ended(await payoutNow(id), ['outcome_unknown'])
  const { status } = await until('an attempt without a word', is, PATIENCE_MS)
  return about(id, status)
}

/** A party with a balance of its own pays out to an account with this fate. */
async function payoutTo(fate: Fate): Promise<Payout> {
  const { apiKey, id: party } = await fundedParty('trigger payer')
  const destinations = [{ kind: 'iban', iban: network().world.bankFates[fate], name: 'A payee' }]
  const body = { party, amount: { asset: 'EUR', amount: '0.5' }, destinations, reference: 'switchyard trigger' }
  return api<Payout>('POST', '/v1/payouts', { body, key: apiKey })
}

const payoutNow = (id: string) => api<Payout>('GET', `/v1/payouts/${id}`)
const ended = <T extends { status: string }>(now: T, states: readonly string[]): T | undefined =>
  states.includes(now.status) ? now : undefined
const about = (id: string, state: string): Happened => ({ ids: { payout: id }, state, look: [`GET /v1/payouts/${id}`, eventsOf(id)] })
