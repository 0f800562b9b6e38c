import { composeIBAN } from 'ibantools'
import { CUSTOMERS, type FortnightWorld } from './world.ts'

type Offer = Readonly<{ rail: string; pay: Readonly<{ remittance?: string; fields?: Readonly<{ Reference: string }> }> }>
type Intent = Readonly<{ id: string; offers: readonly Offer[]; status: string; exception: string; surplus: readonly object[] }>
type Party = Readonly<{ id: string; top_up_reference: string }>
export type Payout = Readonly<{
  id: string
  status: string
  returned?: Readonly<{ reason?: string }>
  failure?: Readonly<{ reasons: readonly object[] }>
  attempts: readonly Readonly<{ id: string; outcome: string }>[]
}>

export type WayIn = 'bank' | 'custom:lightning' | 'custom:chain'
export type WayOut = 'iban' | 'us_account' | 'custom:lightning' | 'custom:chain' | 'party'

const TOP_UP_CENTS = 2_000_000n
const WEEK_S = 604_800

/** Planted payments are numbered below it, and have a payee of their own: a bank that calls an account wrong speaks of one. */
export const PLANTED = 1_000
/** And a payee, too, has only so many payments under way at once. */
const PAYEES = 400

function ibanOf(n: number): string {
  return composeIBAN({ countryCode: 'DE', bban: `99999998${String(n).padStart(10, '0')}` }) ?? ''
}

export const euros = (cents: bigint) => `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`

/** Sellers who are paid and who pay, by the API alone. */
export async function openPayments(w: FortnightWorld, count: number) {
  const sellers: Party[] = []
  const [ins, outs]: [string[], string[]] = [[], []]
  for (let i = 0; i < count; i++) {
    const { body } = await w.call<Party>('POST', '/v1/parties', { name: `seller ${i + 1}` })
    sellers.push(body)
    w.bank.order({ customer: CUSTOMERS[i % CUSTOMERS.length]!.id, cents: TOP_UP_CENTS, remittance: body.top_up_reference })
  }
  await w.counter.cycle()
  await w.quiet()
  const payoutOfAttempt = new Map<string, string>()
  const seller = (n: number) => sellers[n % count]!

  function destination(way: WayOut, n: number): object {
    if (way === 'iban') return { kind: 'iban', iban: ibanOf(n < PLANTED ? n : PLANTED + (n % PAYEES)), name: `Payee ${n}` }
    if (way === 'party') return { kind: 'party', party: seller(n + 1).id }
    if (way !== 'us_account') return { kind: 'custom', rail: way, account: `payee ${n % 20}` }
    const account_number = `55500${n}`
    return { kind: 'us_account', routing_number: '021000021', account_number, account_type: 'checking', name: 'Mia Weber' }
  }

  return {
    sellers,
    ins,
    outs,
    /** An intent, and a customer who pays it. */
    async payIn(way: WayIn, cents: bigint, n: number): Promise<string> {
      const amount = { asset: 'USD', amount: euros(cents) }
      const made = await w.call<Intent>('POST', '/v1/payment_intents', { payee: seller(n).id, amount, expires_in_s: WEEK_S })
      const offer = made.body.offers?.find(({ rail }) => rail === way)
      if (!offer) throw new Error(`no offer of ${way}: ${JSON.stringify(made.body)}`)
      ins.push(made.body.id)
      if (way === 'bank') {
        const refused = w.bank.order({ customer: CUSTOMERS[n % CUSTOMERS.length]!.id, cents, remittance: offer.pay.remittance ?? '' })
        if (refused) throw new Error(refused)
      } else (way === 'custom:chain' ? w.chain : w.node).arrive(offer.pay.fields?.Reference ?? '')
      return made.body.id
    },
    async payOut(way: WayOut, cents: bigint, n: number): Promise<string> {
      const order = { party: seller(n).id, amount: { asset: 'EUR', amount: euros(cents) }, destinations: [destination(way, n)] }
      const { status, body } = await w.call<Payout>('POST', '/v1/payouts', order)
      if (status !== 201) throw new Error(`no payout by ${way}: ${JSON.stringify(body)}`)
      outs.push(body.id)
      return body.id
    },
    /** The payout that an attempt is of. */
    async payoutOf(attempt: string): Promise<Payout | undefined> {
      const known = new Set(payoutOfAttempt.values())
      if (!payoutOfAttempt.has(attempt))
        for (const id of outs.filter((one) => !known.has(one)))
          for (const { id: name } of (await w.call<Payout>('GET', `/v1/payouts/${id}`)).body.attempts) payoutOfAttempt.set(name, id)
      const id = payoutOfAttempt.get(attempt)
      return id === undefined ? undefined : (await w.call<Payout>('GET', `/v1/payouts/${id}`)).body
    },
    payout: async (id: string) => (await w.call<Payout>('GET', `/v1/payouts/${id}`)).body,
    intent: async (id: string) => (await w.call<Intent>('GET', `/v1/payment_intents/${id}`)).body,
  }
}

export type Payments = Awaited<ReturnType<typeof openPayments>>
