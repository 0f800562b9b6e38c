import { GatewayError } from '../errors/gatewayError.ts'
import { accounts } from '../ledger/journal/accounts.ts'
import { createInTurn } from '../ledger/process/inTurn.ts'
import { newEntry } from '../ledger/process/newEntry.ts'
import { submitUntilKnown } from '../ledger/process/submit.ts'
import type { Money } from '../money/money.ts'
import { authorizationData } from '../payins/claim/facts.ts'
import type { Books, Entry } from '../ports/books.ts'
import type { Ground } from '../ports/ground.ts'
import type { PartyId } from '../ports/ids.ts'
import { type Signed, windowRefusal } from './checkPayment.ts'
import type { Errand, ErrandId } from './errand.ts'
import type { ErrandRecords } from './errandRecords.ts'
import { toErrandFact } from './facts.ts'
import { feeNow } from './fees.ts'
import type { FacilitatorLimits } from './limits.ts'
import type { PayersLoad } from './payersLoad.ts'
import type { createQuotas } from './quotas.ts'
import { type Refusal, reasonOf } from './reasons.ts'
import { createTried } from './tried.ts'

type TakeParts = Readonly<{
  ground: Ground
  books: Books
  records: ErrandRecords
  quotas: ReturnType<typeof createQuotas>
  payersLoad: PayersLoad
  limits: FacilitatorLimits
}>

type Taking = Readonly<{ taking: boolean }>

/** Looks at the chain, and takes payments: each once, whoever asks and however often, with its fee held before anything is sent. */
export function createTaking(o: TakeParts) {
  const { ground, records, quotas, payersLoad } = o
  const inTurn = createInTurn()
  const tried = createTried(ground.clock)

  /** Refuses with `facilitator_unfunded` a seller who could not pay for it. */
  function requireFunds(seller: PartyId, fee: Money): void {
    const { creditsPosted, debitsPosted, debitsPending } = o.books.balance(accounts.party(seller), fee.asset)
    if (creditsPosted - debitsPosted - debitsPending < fee.units) throw unfunded(fee)
  }

  /**
   * Why the chain would not take it now; its balance and nonce asked about together with others, the rest by a simulation. `taking`: from the moment on at
   * which its balance is known to be enough it counts as the payer's, so that many at once do not pass together.
   */
  async function chainRefusal(signed: Signed, { taking }: Taking): Promise<Refusal | undefined> {
    const { chain, authorization, fingerprint } = signed
    const payer = authorization.from
    const spending = await chain.spending(authorization)
    if (!spending) throw new GatewayError('rail_unavailable', `${chain.rail} does not say what the payer can spend`)
    if (spending.nonceUsed)
      return { payer, reason: 'invalid_exact_evm_nonce_already_used', message: 'the nonce was used or cancelled on the chain' }
    const short = payersLoad.refusalOf(moneyOf(signed), spending.balance)
    if (short) return short
    if (taking) payersLoad.enter(moneyOf(signed))
    const refused = tried.has(fingerprint) ? undefined : await chain.tryAuthorization(authorization)
    if (refused)
      return { payer, reason: reasonOf(refused, { sent: false }), message: 'a simulation of the transfer was refused by the token' }
    tried.add(fingerprint)
    return undefined
  }

  async function refusalOf(seller: PartyId, signed: Signed, how: Taking): Promise<Refusal | undefined> {
    const window = windowRefusal(signed, ground.clock.now())
    if (window) return window
    requireFunds(seller, feeNow(ground, signed.chain, o.limits))
    return chainRefusal(signed, how)
  }

  async function takeNew(seller: PartyId, signed: Signed): Promise<Errand | Refusal> {
    const { claimKey, fingerprint } = signed
    quotas.enter(seller, claimKey)
    try {
      const refusal = await refusalOf(seller, signed, { taking: true })
      return refusal ?? (await submitErrand(o, seller, signed))
    } finally {
      tried.drop(fingerprint)
      quotas.leave(claimKey)
      if (records.named(claimKey)?.state !== 'open') payersLoad.leave(moneyOf(signed))
    }
  }

  return {
    /** Why it could not be settled now. Throws as `take` does, because work would be done for it. */
    async refusalNow(seller: PartyId, signed: Signed): Promise<Refusal | undefined> {
      quotas.requireRoom(seller)
      return refusalOf(seller, signed, { taking: false })
    },
    /** The errand that a payment is, or why it is none. Throws `facilitator_quota`, `facilitator_unfunded` and `rail_unavailable`: nothing was taken. */
    take(seller: PartyId, signed: Signed): Promise<Errand | Refusal> {
      return inTurn(signed.claimKey, async () => {
        const known = records.named(signed.claimKey)
        return known ? sameOr(known, signed) : takeNew(seller, signed)
      })
    },
  }
}

function moneyOf({ chain, authorization, claimKey }: Signed) {
  return { rail: chain.rail, payer: authorization.from, claimKey, units: authorization.value }
}

/** An authorization uses up its nonce: another one under it is never sent. */
export function sameOr(known: Errand, { fingerprint, authorization }: Signed): Errand | Refusal {
  if (known.fingerprint === fingerprint) return known
  const message = 'another authorization with this nonce is settled already, or on its way'
  return { payer: authorization.from, reason: 'invalid_exact_evm_nonce_already_used', message }
}

/** Durable before anything is sent: the single use of the nonce, the errand, and the seller's fee on hold. */
async function submitErrand({ ground, books, records, limits }: TakeParts, seller: PartyId, signed: Signed): Promise<Errand | Refusal> {
  const { chain, authorization, claimKey, fingerprint } = signed
  const id: ErrandId = ground.ids.next('er_')
  const fee = feeNow(ground, chain, limits)
  const entry: Entry = newEntry(ground, id, [
    { kind: 'hold', debit: accounts.party(seller), credit: accounts.feeEarned, asset: fee.asset, units: fee.units, timeoutS: 0 },
  ])
  const { rail } = chain
  const data = {
    seller,
    claimKey,
    fingerprint,
    rail,
    authorization: authorizationData(authorization),
    fee: `${fee.units}`,
    entry: entry.id,
  }
  const outcome = await submitUntilKnown(books, {
    claims: [{ key: claimKey, fingerprint }],
    facts: [toErrandFact({ type: 'errand.taken', id, at: ground.clock.now(), data })],
    entry,
  })
  if (outcome.kind === 'declined') throw unfunded(fee)
  const taken = records.named(claimKey)
  if (!taken) throw new GatewayError('outcome_unknown', 'The books took the payment and do not show it yet')
  return sameOr(taken, signed)
}

function unfunded({ units, asset }: Money): GatewayError {
  return new GatewayError('facilitator_unfunded', `The balance does not cover the fee of ${units} units of ${asset.code}`, {
    meta: { fee_units: units, asset: asset.id },
  })
}
