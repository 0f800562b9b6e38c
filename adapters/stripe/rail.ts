import { GatewayError, isGatewayError } from '../../gateway/errors/gatewayError.ts'
import type { Asset } from '../../gateway/money/asset.ts'
import { floorDivCount, max, min } from '../../gateway/money/integers.ts'
import { type Money, money, showMoney } from '../../gateway/money/money.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { Receiver } from '../../gateway/ports/receiver.ts'
import type { Estimate, Sender } from '../../gateway/ports/sender.ts'
import type { RailBalance, Statement } from '../../gateway/ports/statement.ts'
import { openApi, refusalOf, type StripeAccess, type StripeApi } from './api.ts'
import { fromCents, isWholeCents, toCents } from './cents.ts'
import { refuseDestination, STRIPE_RAIL } from './destination.ts'
import { createPayments } from './payments.ts'
import { ACCOUNT, streamTransactions, TO_BANK } from './settlements.ts'
import { openStore, type StripeStore } from './store.ts'
import type { Balance, BalanceTransaction } from './wire.ts'

/** A checkout page stays open between half an hour and a day (docs.stripe.com/api/checkout/sessions/create, `expires_at`); a minute is for the way there. */
const [OPEN_MS_MIN, OPEN_MS_MAX] = [31 * 60_000, 23 * 3_600_000]
/** Card money is paid out after three days in most countries, until this account's own shows another time (docs.stripe.com/payouts). */
const USUAL_SECONDS = 3n * 86_400n
const DESCRIPTION_MAX = 250
/** Before anything is learned: what Stripe has taken in good form it carries out. */
const SUCCESS_PPM = 995_000n
const NOTES_MAX = 100
/** Looks at the newest transaction and the balance until both are of one moment. */
const LOOKS_MAX = 5

export type StripeRail = Receiver &
  Sender &
  Statement &
  Readonly<{
    /** What a person should see: money that Stripe took or gave and nobody here asked for, newest first. */
    problems(): readonly Readonly<{ what: string; detail: string }>[]
    close(): Promise<void>
  }>

/** `asset`: the currency in which the account is kept, euros or dollars. `feeOf`: what Stripe is expected to take of a payment. */
export type StripeOptions = Readonly<{
  access: StripeAccess
  asset: Asset
  returnUrl: string
  feeOf: (amount: Money) => Money
  dataFile: string
  clock: Clock
  pollMs: number
}>

function held({ available, pending }: Balance, asset: Asset): Money {
  const ours = [...available, ...pending].filter(({ currency }) => currency === asset.code.toLowerCase())
  return ours.reduce((sum, { amount }) => money(asset, sum.units + fromCents(amount, asset).units), money(asset, 0n))
}

/** What it holds, with the transaction that it stands at, and when that was (s). */
async function lookAt(api: StripeApi, asset: Asset): Promise<{ cursor: string; at: number; amount: Money }> {
  const currency = asset.code.toLowerCase()
  let newest = await api.newestTransaction(currency)
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const balance = await api.balance()
    const after = await api.newestTransaction(currency)
    if (after?.id === newest?.id) return { cursor: newest?.id ?? '', at: newest?.created ?? 0, amount: held(balance, asset) }
    newest = after
  }
  throw new GatewayError('rail_unavailable', 'Stripe’s account moves too fast for a look at it')
}

type Beginning = Readonly<{ cursor: string; at: number; opening: Money }>

/** Where the stream begins, and what was there then; asked once for a data file. */
async function beginningOf(api: StripeApi, store: StripeStore, asset: Asset): Promise<Beginning> {
  const kept = store.meta('beginning')
  if (kept !== undefined) {
    const [cursor = '', at = '0', units = '0'] = kept.split(' ')
    return { cursor, at: Number(at), opening: money(asset, BigInt(units)) } // not money: a time
  }
  const { cursor, at, amount } = await lookAt(api, asset)
  store.setMeta('beginning', `${cursor} ${at} ${amount.units}`)
  return { cursor, at, opening: amount }
}

/** A key of another account, or an account in another currency, would hide what moves: neither is opened. A new key of the same account is. */
async function checkAccount(api: StripeApi, store: StripeStore, asset: Asset): Promise<void> {
  const { available, pending } = await api.balance()
  if (![...available, ...pending].some(({ currency }) => currency === asset.code.toLowerCase())) {
    throw new GatewayError('rail_unavailable', `The account at Stripe holds no ${asset.code}`, { hint: 'Correct stripe.currency.' })
  }
  const witness = store.meta('witness')
  if (!witness) return
  await api.transactionById(witness).catch((error: unknown) => {
    if (refusalOf(error)?.code !== 'resource_missing') throw error
    throw new GatewayError('rail_unavailable', 'The key is of another account at Stripe than the data folder', {
      hint: 'Name a key of the account that the data folder is of, or another data folder.',
    })
  })
}

/** Opens the rail. Throws `rail_unavailable` when Stripe does not answer or refuses the key, or when the account is not that of the data file. */
export async function openStripeRail(options: StripeOptions): Promise<StripeRail> {
  const { access, asset, clock, feeOf, pollMs, returnUrl } = options
  const api = openApi(access)
  const store = openStore(options.dataFile, asset.code, clock.now())
  try {
    await checkAccount(api, store, asset)
    const beginning = await beginningOf(api, store, asset)
    return assemble({ api, store, asset, clock, feeOf, pollMs, returnUrl, beginning })
  } catch (error) {
    store.close()
    throw isGatewayError(error) ? error : unavailable(error)
  }
}

function unavailable(cause: unknown): GatewayError {
  const words = cause instanceof Error ? cause.message : String(cause)
  return new GatewayError('rail_unavailable', `Stripe: ${words.slice(0, 200)}`, { cause })
}

type Note = Readonly<{ what: string; detail: string }>

/** Of a dispute, a refund by hand, a correction, and what else Stripe moves by itself. */
function noteOf({ id, amount, reporting_category: category, source }: BalanceTransaction, asset: Asset): Note {
  const [sum, way] = amount < 0 ? [-amount, 'out'] : [amount, 'in']
  const detail = `${category}: ${showMoney(fromCents(sum, asset))} ${way}, ${id}${source === null ? '' : ` of ${source}`}`
  return { what: 'Stripe moved money that nobody here asked for', detail }
}

/** From memory where it can be: the destination and what it may cost; what the account can pay now, Stripe says. */
async function estimate(o: Readonly<{ api: StripeApi; asset: Asset; amount: Money; wrong: string | undefined }>): Promise<Estimate> {
  const { api, asset, amount, wrong } = o
  if (wrong !== undefined) return { kind: 'impossible', reason: 'invalid_destination', detail: wrong }
  if (!isWholeCents(amount)) return { kind: 'impossible', reason: 'rejected_by_rail', detail: 'Stripe moves whole cents' }
  const { available } = await api.balance().catch((error: unknown) => {
    throw unavailable(error)
  })
  const now = available.find(({ currency }) => currency === asset.code.toLowerCase())?.amount ?? 0
  const able = fromCents(max(now, 0), asset)
  if (able.units < amount.units) {
    const detail = `Stripe can pay ${showMoney(able)} now; what was paid by card in the last days is not available yet`
    return { kind: 'impossible', reason: 'insufficient_liquidity', detail }
  }
  const free = money(asset, 0n)
  const times = { secondsToFunds: 1n, secondsToFail: 1n }
  return { kind: 'possible', fee: free, feeMax: free, failureFee: free, successPpm: SUCCESS_PPM, available: able, ...times }
}

type Assembled = Omit<StripeOptions, 'access' | 'dataFile'> & Readonly<{ api: StripeApi; store: StripeStore; beginning: Beginning }>

function assemble(o: Assembled): StripeRail {
  const { api, store, asset, clock, feeOf, pollMs, returnUrl, beginning } = o
  const now = () => clock.now()
  const payments = createPayments({ api, store, asset, now })
  const stopping = new AbortController()
  const notes: Note[] = []
  let goodAfterSeconds = USUAL_SECONDS
  return {
    rail: STRIPE_RAIL,
    asset,
    serves: ['custom'],
    feesComeBy: 'outcome',
    check: refuseDestination,
    ...payments,
    railKey(_, id) {
      store.announce(id, now())
      return store.fileName
    },
    estimate: ({ amount, destination }) => estimate({ api, asset, amount, wrong: refuseDestination(destination) }),
    async offer({ amount, ref, description, expiresAt }) {
      if (!isWholeCents(amount)) {
        throw new GatewayError('invalid_amount', `${showMoney(amount)} can not be paid by card`, { hint: 'Round it up to whole cents.' })
      }
      const openUntil = floorDivCount(min(max(expiresAt, now() + OPEN_MS_MIN), now() + OPEN_MS_MAX), 1_000)
      const asked = { ref, cents: toCents(amount), currency: asset.code.toLowerCase(), returnUrl, expiresAt: openUntil }
      const { url } = await api
        .openCheckout({ ...asked, text: description.slice(0, DESCRIPTION_MAX) || 'Payment' })
        .catch((error: unknown) => {
          const refusal = refusalOf(error)
          if (refusal?.code?.startsWith('amount_')) {
            throw new GatewayError('invalid_amount', `Stripe does not take ${showMoney(amount)}: ${refusal.detail}`)
          }
          // Whoever asks for an offer is a stranger, and Stripe's words may name the account.
          throw new GatewayError('rail_unavailable', 'Stripe makes no checkout page now', { cause: error })
        })
      return { rail: STRIPE_RAIL, amount, expiresAt, reference: ref, wire: { kind: 'custom', fields: { 'Pay by card': url } } }
    },
    cost: (amount) => feeOf(amount),
    secondsToFunds: () => goodAfterSeconds,
    settlements(after, { signal }) {
      const onRead = (t: BalanceTransaction) => {
        store.setMeta('witness', t.id)
        if (t.reporting_category === 'charge' && t.available_on > t.created) goodAfterSeconds = BigInt(t.available_on - t.created)
      }
      const onStranger = (t: BalanceTransaction) => {
        notes.unshift(noteOf(t, asset))
        notes.splice(NOTES_MAX)
      }
      const from = { beginning: beginning.cursor, beginningAt: beginning.at }
      const parts = { api, asset, ...from, pollMs, failed: payments.failed, onRead, onStranger }
      return streamTransactions(parts, after, AbortSignal.any([signal, stopping.signal]))
    },
    async balances(): Promise<RailBalance[]> {
      const looks = Promise.all([lookAt(api, asset), api.onTheWay(asset.code.toLowerCase())])
      const [{ cursor, amount }, onTheWay] = await looks.catch((error: unknown) => {
        throw unavailable(error)
      })
      const told = money(asset, amount.units - beginning.opening.units)
      const account = { place: ACCOUNT, amount, at: now(), told, inFlight: [], ...(cursor === '' ? {} : { cursor }) }
      return [account, { place: TO_BANK, amount: fromCents(onTheWay, asset), at: now(), inFlight: [] }]
    },
    problems: () => notes,
    async close() {
      stopping.abort()
      store.close()
    },
  }
}
