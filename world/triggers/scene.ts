import { api, control, network, until } from '../customers/localNetwork.ts'

/** What happened: ids by what they are of, how it stands, and what to look at next. */
export type Happened = Readonly<{ ids: Readonly<Record<string, string>>; state: string; look: readonly string[] }>

type Offer = Readonly<{ rail: string; amount: { amount: string }; pay: { invoice?: string; remittance?: string } }>
type Intent = Readonly<{
  id: string
  party: string
  status: string
  exception: string
  page: string
  expires_at: string
  offers: readonly Offer[]
  paid: { receipt: string } | null
  surplus: readonly { reason: string }[]
}>

const DAY_S = 86_400
/** So long an intent is open whose bank transfer is to be in time on every day of the week. */
export const A_WEEK_S = 7 * DAY_S
/** How long the gateway may take to say what came of it: the local world answers within seconds. */
const PATIENCE_MS = 60_000

/** A new seller's intent over one dollar, over every rail or those that are named. */
export async function newIntent(expiresInS: number, rails?: readonly string[]): Promise<Intent> {
  const seller = await api<{ id: string }>('POST', '/v1/parties', { body: { name: 'trigger seller' } })
  const body = {
    amount: { asset: 'USD', amount: '1' },
    payee: seller.id,
    description: 'switchyard trigger',
    expires_in_s: expiresInS,
    ...(rails ? { rails } : {}),
  }
  return api<Intent>('POST', '/v1/payment_intents', { body })
}

/** The first offer over rails whose name begins so. */
export function offerOf({ offers }: Intent, rail: string): Offer {
  const offer = offers.find((one) => one.rail.startsWith(rail))
  if (!offer) throw new Error(`the intent has no offer over ${rail}`)
  return offer
}

/** The intent once it is so. */
export function intentWhen(id: string, what: string, is: (intent: Intent) => boolean): Promise<Intent> {
  return until(what, async () => found(await api<Intent>('GET', `/v1/payment_intents/${id}`), is), PATIENCE_MS)
}

const found = <T>(now: T, is: (now: T) => boolean): T | undefined => (is(now) ? now : undefined)

/** A customer of the bank sends so many cents of euros for what the reference names. */
export async function transfer(cents: bigint, remittance: string): Promise<void> {
  const { world } = network()
  const amount = `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`
  await control(world.bankUrl, '/transfers', { customer: world.bankCustomers[0]!.id, amount, remittance })
}

/** The bank's offer in cents, and its reference. */
export function bankOf(intent: Intent): Readonly<{ cents: bigint; remittance: string }> {
  const { amount, pay } = offerOf(intent, 'bank')
  const [whole, rest = ''] = amount.amount.split('.') as [string, string?]
  return { cents: BigInt(whole) * 100n + BigInt(rest.padEnd(2, '0')), remittance: pay.remittance! }
}

export async function payInvoice(intent: Intent): Promise<void> {
  await control(network().world.lightningUrl, '/pay', { invoice: offerOf(intent, 'lightning').pay.invoice })
}

/** Puts the clock of the whole local network forward until the intent's time is over. */
export async function passExpiry({ expires_at: at }: Intent): Promise<void> {
  await api('POST', '/v1/test/clock/advance', { body: { to: new Date(Date.parse(at) + 1_000).toISOString() } })
}

/** What is said of an intent. */
export function happenedTo(intent: Intent, state: string, more: Happened['ids'] = {}): Happened {
  const receipt = intent.paid ? { receipt: intent.paid.receipt } : {}
  return { ids: { payment_intent: intent.id, ...receipt, ...more }, state, look: [`${network().url}${intent.page}`, eventsOf(intent.id)] }
}

export const eventsOf = (subject: string): string => `GET /v1/events?subject=${subject}`
