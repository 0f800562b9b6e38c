import { isGatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { min } from '../../money/integers.ts'
import { type Money, money } from '../../money/money.ts'
import { convert } from '../../money/rate.ts'
import type { Admission, Admitted, Payment } from '../../payins/claim/admission.ts'
import type { Answer, PaidRequest } from '../../payins/claim/paidRequest.ts'
import { sessionReceiptJson } from '../../payins/proof/receiptHeaders.ts'
import type { VerifiedProof } from '../../payins/proof/verifiedProof.ts'
import { voucherNeeded } from '../../payins/session/sessions.ts'
import type { Hex } from '../../ports/ids.ts'
import type { EvmRailName } from '../../ports/railName.ts'
import type { PaidFaces } from './paidFaces.ts'
import type { PricedRoute } from './pricedRoute.ts'

/** So long a stream stands still until its payer has vouched for more; then it ends with what was paid. */
const VOUCHER_WAIT_MS = 60_000

type Need = ReturnType<typeof voucherNeeded>
type Voucher = Extract<VerifiedProof, { kind: 'session' }>
type Bought = Parameters<Admission['admit']>[1]
type Run = Extract<Admitted, { kind: 'run' }>

/** How work that is given piece by piece is paid: each step is claimed, durably, before what it is for goes out, and answered when the next one begins. */
export type Steps = Readonly<{
  /** Yields what the payer has to vouch for whenever it must, until `used` (USD) is claimed; answers false where it did not in time. */
  covering: (used: bigint, signal: AbortSignal) => AsyncGenerator<Need, boolean>
  /** Claims at once what `used` is beyond the first step; what the payer has to vouch for where that is not covered, and then nothing of it is taken. */
  whole: (used: bigint) => Promise<Need | undefined>
  /** The step that is open, and what of it is used when all that was used is so much. */
  open: (used: bigint) => Readonly<{ request: PaidRequest; used: Money }>
  /** How the session stands, as the last event of a stream says it. */
  receipt: () => string
}>

/** Payment up to `most` (USD) of the price, which is `units` of the token. */
type Next = Readonly<{ payment: Payment; units: bigint; most: bigint }>

type Parts = Readonly<{ faces: PaidFaces; route: PricedRoute; payment: Payment; bought: Bought; run: Run }>

/** The steps of a request whose first one runs; undefined where it is not paid so. */
export function stepsOf({ faces, route, payment, bought, run }: Parts): Steps | undefined {
  const { proof, price: step } = payment
  if (proof?.kind !== 'session' || !route.session?.step || step.units >= route.price.units) return undefined
  const { ground, payins } = faces
  const { sessions, admission } = payins
  invariant(sessions, 'a session is paid out of the sessions that there are')
  const channel = channelOf(faces, proof, payment)
  const inToken = (units: bigint) => convert(money(ground.usd, units), ground.rates.rate(ground.usd, proof.amount.asset), 'up').units
  let current = run.request
  let [before, claimed, n] = [0n, step.units, 0]

  /** The next step: what is held of the vouchers for all steps together is what its sum is worth, whatever is rounded. */
  const nextPayment = (most: bigint): Next => {
    const [units, price] = [inToken(most) - inToken(claimed), money(ground.usd, most - claimed)]
    const [amount, claimKey] = [money(proof.amount.asset, units), `${payment.claimKey}:${n + 1}`]
    const credit = convert(price, ground.rates.rate(ground.usd, ground.bookAsset), 'up')
    const paying = { ...proof, claimKey, amount, price }
    const funding = () => sessions.fund(channel, amount)
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
          if (!isGatewayError(error, 'session_balance_low')) throw error
          const waiting = AbortSignal.any([signal, AbortSignal.timeout(VOUCHER_WAIT_MS)])
          // Asked for before it is told, so that a voucher that comes at once is not missed.
          const changed = sessions.changed(channel, waiting)
          yield voucherNeeded(sessions.stateOf(channel), next.units)
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
        if (!isGatewayError(error, 'session_balance_low')) throw error
        return voucherNeeded(sessions.stateOf(channel), next.units)
      }
    },
    open: (used) => ({ request: current, used: money(ground.usd, min(used, claimed) - before) }),
    receipt: () => sessionReceiptJson(proof.told(), ground.clock.now()),
  }
}

/** A part of an answer is not kept. */
const STEP: Omit<Answer, 'used'> = { status: 200, contentType: 'text/event-stream', body: undefined }

function channelOf({ payins: { channels } }: PaidFaces, proof: Voucher, { claimKey }: Payment) {
  const [, rail, id] = /^session:(evm:\d+):(0x[0-9a-f]{64}):/.exec(claimKey) ?? []
  const channel = channels?.records.of(rail as EvmRailName, id as Hex) // Written by `payBySession`.
  invariant(channel, `the channel of ${proof.claimKey} is known`)
  return channel
}
