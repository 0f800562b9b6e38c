import { GatewayError } from '../../errors/gatewayError.ts'
import { floorDivCount, min } from '../../money/integers.ts'
import type { Money } from '../../money/money.ts'
import type { Leg } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import type { EvmRailName, RailName } from '../../ports/railName.ts'
import type { Authorization } from '../../ports/receiver.ts'
import type { NonceUse, Spending, SpendingView } from '../../ports/spendingView.ts'
import type { Exposure } from '../exposure/exposure.ts'
import type { Collections } from './collections.ts'
import type { RequestRecords } from './requestRecords.ts'

/** Above this price (USD, 6 places) an authorization is collected before the work; below it after the answer, if its payer may owe it. */
const SETTLE_FIRST_UNITS = 100_000n
/** One that ends sooner is collected first: it could end while it waits. */
const LIFE_S_MIN = 30
/** A maximum is collected when the work has been done, which takes its time. */
const WORK_S_MIN = 120

export type DeferralParts = Readonly<{
  requestRecords: Pick<RequestRecords, 'distrusted' | 'reserved'>
  collections: Pick<Collections, 'admitCode' | 'refuses'>
  exposure: Pick<Exposure, 'legsFor'>
  /** What payers can spend on this chain; undefined when the chain is not configured any more. */
  spendingOf: (rail: RailName) => SpendingView | undefined
  clock: Clock
}>

/** A request that an authorization pays. `route`: the seller's name of it. */
type Asked = Readonly<{
  rail: EvmRailName
  authorization: Authorization
  payer: string
  agent: string | undefined
  price: Money
  route: string
}>

/**
 * `exposure`: what the claim has to hold for the work to come first; undefined when the money must, `isCrowded` for want of room alone. `end`: the claim is in
 * the books, or will never be.
 */
type Judged = Readonly<{ exposure: readonly Leg[] | undefined; isCrowded: boolean; end: () => void }>

/** Decides which authorizations may be collected after the work, and refuses those that pay nothing. */
export function createDeferral(o: DeferralParts) {
  /** What requests on their way into the books will reserve, by chain and payer. */
  const coming = new Map<string, bigint>()

  function begin(key: string, units: bigint): () => void {
    coming.set(key, (coming.get(key) ?? 0n) + units)
    return () => {
      const rest = (coming.get(key) ?? 0n) - units
      if (rest > 0n) coming.set(key, rest)
      else coming.delete(key)
    }
  }

  function isTrusted({ authorization, payer, price }: Asked): boolean {
    const now = o.clock.now()
    const isMaximum = authorization.kind === 'upto'
    if (!isMaximum && price.units > SETTLE_FIRST_UNITS) return false
    if (o.requestRecords.distrusted(payer, now) || o.collections.refuses(payer)) return false
    return authorization.validBefore >= BigInt(floorDivCount(now, 1_000) + (isMaximum ? WORK_S_MIN : LIFE_S_MIN))
  }

  return {
    /**
     * Refuses with `insufficient_balance`, `permit2_allowance_required`, `proof_nonce_used` and `authorization_paid_before` what the chain would not take, and
     * with `outcome_unknown` what used a nonce that is gone while that is not known; an account with code also with `too_busy`. Nothing is kept of
     * it.
     */
    async judge(asked: Asked): Promise<Judged> {
      const { rail, authorization, payer } = asked
      const view = o.spendingOf(rail)
      const spending = await view?.spending(authorization)
      if (spending?.nonceUsed) throw usedUp(authorization, await view?.useOf(authorization))
      if (spending) refuseTooLittle(spending, authorization)
      if (spending?.hasCode) o.collections.admitCode()
      const mayOwe = spending !== undefined && !spending.hasCode && isTrusted(asked)
      const exposure = mayOwe ? await o.exposure.legsFor({ ...asked, orAsNew: authorization.kind === 'upto' }) : undefined
      // From here to the claim nothing is waited for, so that no other request of the payer is judged by the same money.
      const key = `${rail} ${payer}`
      const free = collectable(spending) - o.requestRecords.reserved(rail, payer) - (coming.get(key) ?? 0n)
      const isCovered = free >= authorization.value
      const isCrowded = mayOwe && isCovered && exposure === undefined
      return { exposure: isCovered ? exposure : undefined, isCrowded, end: begin(key, authorization.value) }
    },
  }
}

/** What all of a payer's authorizations together can bring, in units: of permits no more than Permit2 may take. */
function collectable(spending: Spending | undefined): bigint {
  if (spending === undefined) return 0n
  const { balance, allowance } = spending
  return allowance === undefined ? balance : min(balance, allowance)
}

/**
 * No request stands under this authorization and its nonce is gone. It may have paid all the same: through somebody else, or before an older copy of the
 * journal was put back. Only one that paid something else or nothing may be told to sign anew, because who has paid must not pay twice.
 */
function usedUp({ from, to }: Authorization, use: NonceUse | undefined): GatewayError {
  if (use === undefined)
    return new GatewayError('outcome_unknown', 'The nonce of the authorization was used, and by what was not found yet')
  if (use.kind === 'otherwise')
    return new GatewayError('proof_nonce_used', `the nonce of the authorization by ${from} was used or cancelled on the chain`)
  return new GatewayError('authorization_paid_before', `The authorization by ${from} has paid ${to} already`, {
    meta: { transaction: use.transaction, to },
  })
}

function refuseTooLittle({ balance, allowance }: Spending, { from, value }: Authorization): void {
  if (allowance !== undefined && allowance < value)
    throw new GatewayError(
      'permit2_allowance_required',
      `Permit2 may take ${allowance} units of the token from ${from}, and the permit takes ${value}`,
    )
  if (balance >= value) return
  throw new GatewayError(
    'insufficient_balance',
    `The account ${from} has ${balance} units of the token, and the authorization takes ${value}`,
    {
      hint: 'Put the money into the account and send the same again, or pay by another offer.',
    },
  )
}
