import { GatewayError } from '../../errors/gatewayError.ts'
import { floorDivCount } from '../../money/integers.ts'
import type { Money } from '../../money/money.ts'
import type { Leg } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import type { EvmRailName, RailName } from '../../ports/railName.ts'
import type { Authorization } from '../../ports/receiver.ts'
import type { Spending, SpendingView } from '../../ports/spendingView.ts'
import type { Exposure } from '../exposure/exposure.ts'
import type { Collections } from './collections.ts'
import type { RequestRecords } from './requestRecords.ts'

/** Above this price (USD, 6 places) an authorization is collected before the work; below it after the answer, if its payer may owe it. */
const SETTLE_FIRST_UNITS = 100_000n
/** One that ends sooner is collected first: it could end while it waits. */
const LIFE_S_MIN = 30

export type DeferralParts = Readonly<{
  requestRecords: Pick<RequestRecords, 'distrusted' | 'reserved'>
  collections: Pick<Collections, 'refuses'>
  exposure: Pick<Exposure, 'legsFor'>
  /** What payers can spend on this chain; undefined when the chain is not configured any more. */
  spendingOf: (rail: RailName) => SpendingView | undefined
  clock: Clock
}>

/** A request that an authorization pays. `route`: the seller's name of it. */
type Asked = Readonly<{ rail: EvmRailName; authorization: Authorization; payer: string; price: Money; route: string }>

/** `exposure`: what the claim has to hold for the work to come first; undefined when the money must. `end`: the claim is in the books, or will never be. */
type Judged = Readonly<{ exposure: readonly Leg[] | undefined; end: () => void }>

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
    if (price.units > SETTLE_FIRST_UNITS || o.requestRecords.distrusted(payer, now) || o.collections.refuses(payer)) return false
    return authorization.validBefore >= BigInt(floorDivCount(now, 1_000) + LIFE_S_MIN)
  }

  return {
    /** Refuses with `insufficient_balance` and `proof_nonce_used` what the chain would not take: nothing is kept of it. */
    async judge(asked: Asked): Promise<Judged> {
      const { rail, authorization, payer } = asked
      const spending = await o.spendingOf(rail)?.spending(authorization)
      if (spending) refuseWorthless(spending, authorization)
      const mayOwe = spending !== undefined && !spending.hasCode && isTrusted(asked)
      const exposure = mayOwe ? await o.exposure.legsFor(asked) : undefined
      // From here to the claim nothing is waited for, so that no other request of the payer is judged by the same money.
      const key = `${rail} ${payer}`
      const free = (spending?.balance ?? 0n) - o.requestRecords.reserved(rail, payer) - (coming.get(key) ?? 0n)
      return { exposure: free >= authorization.value ? exposure : undefined, end: begin(key, authorization.value) }
    },
  }
}

function refuseWorthless({ balance, nonceUsed }: Spending, { from, value }: Authorization): void {
  if (nonceUsed) throw new GatewayError('proof_nonce_used', `the nonce of the authorization by ${from} was used or cancelled on the chain`)
  if (balance >= value) return
  throw new GatewayError(
    'insufficient_balance',
    `The account ${from} has ${balance} units of the token, and the authorization takes ${value}`,
    {
      hint: 'Put the money into the account and send the same again, or pay by another offer.',
    },
  )
}
