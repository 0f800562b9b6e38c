import {
  type Attempt,
  type CustomRail,
  type Destination,
  EUR,
  formatAmount,
  GatewayError,
  money,
  type Outcome,
  parseAmount,
} from 'switchyard-gateway/rail'

/** What we read of the payment service's answer about a transfer. */
type Transfer = Readonly<{
  id: string
  fee: string
  state: 'done' | 'refused' | 'cancelled'
  at: number
  reason?: string
}>

const LOOK_AGAIN_MS = 1_000
const DEADLINE_MS = 5_000

function outcomeOf({ state, id, at, fee: taken, reason = '' }: Transfer): Outcome {
  if (state === 'done') return { kind: 'settled', evidence: { rail: 'custom:new', id, at }, fee: parseAmount(taken, EUR) }
  if (state === 'cancelled') return { kind: 'failed', reason: 'never_sent' }
  if (state === 'refused') return { kind: 'failed', reason: 'rejected_by_rail', detail: reason }
  throw new Error(`a transfer that is ${state} has no end that we know`)
}

function check(destination: Destination): string | undefined {
  if (destination.kind !== 'custom' || destination.rail !== 'custom:new') return `custom:new does not pay to ${destination.kind}`
  return /^\d{4,12}$/.test(destination.account) ? undefined : 'an account has 4 to 12 digits'
}

/** A rail over a payment service that takes each transfer under an id of ours. The service remembers, so the rail keeps no file. */
export function openNewRail({ url, feeEur }: { url: string; feeEur: string }): CustomRail {
  const fee = parseAmount(feeEur, EUR)

  async function ask(path: string, init: RequestInit = {}): Promise<Response> {
    const signals = [AbortSignal.timeout(DEADLINE_MS), ...(init.signal ? [init.signal] : [])]
    const response = await fetch(new URL(path, url), { ...init, signal: AbortSignal.any(signals) })
    if (!response.ok) throw new Error(`the service answers ${response.status}`)
    return response
  }

  /** Where no end is told, none is known: not that it was paid, and not that it was not. */
  async function orUnknown(work: () => Promise<Outcome>): Promise<Outcome> {
    try {
      return await work()
    } catch (error) {
      return { kind: 'unknown', checkAfterMs: LOOK_AGAIN_MS, silent: true, detail: String(error) }
    }
  }

  async function balance(): Promise<bigint> {
    const { balance } = (await (await ask('/balance')).json()) as { balance: string }
    return parseAmount(balance, EUR).units
  }

  return {
    rail: 'custom:new',
    asset: EUR,
    serves: ['custom'],
    feesComeBy: 'outcome',
    check,

    async estimate({ amount, destination }) {
      const wrong = check(destination)
      if (wrong) return { kind: 'impossible', reason: 'invalid_destination', detail: wrong }
      const available = money(EUR, (await balance()) - fee.units)
      if (available.units < amount.units) return { kind: 'impossible', reason: 'insufficient_liquidity', detail: 'the account holds less' }
      const times = { secondsToFunds: 1n, secondsToFail: 1n }
      return { kind: 'possible', fee, feeMax: fee, failureFee: money(EUR, 0n), successPpm: 990_000n, available, ...times }
    },

    async send({ id, amount, feeMax, destination }: Attempt, { signal }) {
      const wrong = check(destination)
      if (wrong || destination.kind !== 'custom') return { kind: 'failed', reason: 'invalid_destination', detail: wrong ?? '' }
      if (feeMax.units < fee.units) return { kind: 'failed', reason: 'fee_above_limit' }
      const body = JSON.stringify({ to: destination.account, amount: formatAmount(amount) })
      // The same id again is answered with the transfer that stands, whatever the body says.
      return orUnknown(async () => outcomeOf((await (await ask(`/transfers/${id}`, { method: 'PUT', body, signal })).json()) as Transfer))
    },

    // A request may still be on its way. So the id is cancelled first: then none can come after us, or it did come, and stands.
    lookup: (id) => orUnknown(async () => outcomeOf((await (await ask(`/transfers/${id}`, { method: 'DELETE' })).json()) as Transfer)),

    async balances() {
      const units = await balance().catch((cause: unknown) => {
        throw new GatewayError('rail_unavailable', 'custom:new does not answer', { cause })
      })
      return [{ place: 'account', amount: money(EUR, units), at: Date.now(), inFlight: [] }]
    },

    async close() {},
  }
}
