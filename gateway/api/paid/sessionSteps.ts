import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { min } from '../../money/integers.ts'
import { type Money, money } from '../../money/money.ts'
import { convert } from '../../money/rate.ts'
import type { Admission, Admitted, Payment, Purse } from '../../payins/claim/admission.ts'
import type { Answer, PaidRequest } from '../../payins/claim/paidRequest.ts'
import type { PaidFaces } from './paidFaces.ts'
import type { PricedRoute } from './pricedRoute.ts'

/** So long a stream stands still until its payer has brought more; then it ends with what was paid. */
const MORE_WAIT_MS = 60_000

type Need = ReturnType<Purse['lacking']>
type Bought = Parameters<Admission['admit']>[1]
type Run = Extract<Admitted, { kind: 'run' }>

/** How work that is given piece by piece is paid: each step is claimed, durably, before what it is for goes out, and answered when the next one begins. */
export type Steps = Readonly<{
  /** Yields what the payer has to bring whenever it must, until `used` (USD) is claimed; answers false where it did not in time. */
  covering: (used: bigint, signal: AbortSignal) => AsyncGenerator<Need, boolean>
  /** Claims at once what `used` is beyond the first step; what the payer has to bring where that is not covered, and then nothing of it is taken. */
  whole: (used: bigint) => Promise<Need | undefined>
  /** The step that is open, and what of it is used when all that was used is so much. */
  open: (used: bigint) => Readonly<{ request: PaidRequest; used: Money }>
  /** How the session stands once `used` was taken, as the last event of a stream says it. */
  receipt: (used: bigint) => string
  /** How a stream of events asks for more, and tells that it has waited long enough. */
  words: Pick<Purse, 'asks' | 'gaveUp'>
  low: (meta: Need) => GatewayError
}>

/** Payment up to `most` (USD) of the price, which is `units` of the token. */
type Next = Readonly<{ payment: Payment; units: bigint; most: bigint }>

type Parts = Readonly<{ faces: PaidFaces; route: PricedRoute; payment: Payment; bought: Bought; run: Run }>

/** The steps of a request whose first one runs; undefined where it is not paid so. */
export function stepsOf({ faces, route, payment, bought, run }: Parts): Steps | undefined {
  const { proof, purse, price: step } = payment
  if (proof?.kind !== 'session' || !route.session?.step || step.units >= route.price.units) return undefined
  const { ground } = faces
  const { admission } = faces.payins
  invariant(purse, 'a session has what its steps are paid from')
  const inToken = (units: bigint) => convert(money(ground.usd, units), ground.rates.rate(ground.usd, proof.amount.asset), 'up').units
  let current = run.request
  let [before, claimed, n] = [0n, step.units, 0]

  /** The next step: what is held of the vouchers for all steps together is what its sum is worth, whatever is rounded. */
  const nextPayment = (most: bigint): Next => {
    const [units, price] = [inToken(most) - inToken(claimed), money(ground.usd, most - claimed)]
    const [amount, claimKey] = [money(proof.amount.asset, units), `${payment.claimKey}:${n + 1}`]
    const credit = convert(price, ground.rates.rate(ground.usd, ground.bookAsset), 'up')
    const paying = { ...proof, claimKey, amount, price }
    const funding = () => purse.fund(amount)
    return { payment: { ...payment, claimKey, standing: undefined, price, credit, proof: paying, funding }, units, most }
  }

  async function claimNext({ payment: next, most }: Next): Promise<void> {
    const entry = await admission.admit(next, bought)
    invariant(entry.kind === 'run', `${next.claimKey} is claimed once`)
    // What was delivered is answered for before more is: whoever dies in between has let go of one step.
    await admission.finish(current, { ...STEP, used: money(ground.usd, claimed - before) })
    current = entry.request
    before = claimed
    claimed = most
    n += 1
  }

  return {
    async *covering(used, signal) {
      const most = min(used, route.price.units)
      while (claimed < most) {
        const next = nextPayment(min(claimed + step.units, route.price.units))
        try {
          await claimNext(next)
        } catch (error) {
          if (!isGatewayError(error, purse.lowCode)) throw error
          const waiting = AbortSignal.any([signal, AbortSignal.timeout(MORE_WAIT_MS)])
          // Asked for before it is told, so that what comes at once is not missed.
          const changed = purse.changed(waiting)
          yield purse.lacking(next.units)
          await changed
          if (waiting.aborted) return false
        }
      }
      return true
    },
    async whole(used) {
      const most = min(used, route.price.units)
      if (claimed >= most) return undefined
      const next = nextPayment(most)
      try {
        await claimNext(next)
        return undefined
      } catch (error) {
        if (!isGatewayError(error, purse.lowCode)) throw error
        return purse.lacking(next.units)
      }
    },
    open: (used) => ({ request: current, used: money(ground.usd, min(used, claimed) - before) }),
    receipt: (used) => proof.told(ground.clock.now(), { units: inToken(min(used, claimed)), steps: n + 1 }),
    words: purse,
    low: (meta) => new GatewayError(purse.lowCode, 'The answer uses more than the session covers', { meta }),
  }
}

/** A part of an answer is not kept. */
const STEP: Omit<Answer, 'used'> = { status: 200, contentType: 'text/event-stream', body: undefined }
