import type { LedgerFace } from '../ledger/openLedger.ts'
import type { Money } from '../money/money.ts'
import type { Ground } from '../ports/ground.ts'
import type { PartyId } from '../ports/ids.ts'
import type { RailName } from '../ports/railName.ts'
import { createCarrying } from './carryErrands.ts'
import type { FacilitatorChain } from './chain.ts'
import { checkPayment, networkOf, type Signed, windowRefusal } from './checkPayment.ts'
import type { Errand } from './errand.ts'
import { createErrandRecords } from './errandRecords.ts'
import { feeNow } from './fees.ts'
import type { FacilitatorLimits } from './limits.ts'
import { createListings, type Listings } from './listings.ts'
import { createPayersLoad } from './payersLoad.ts'
import { createQuotas } from './quotas.ts'
import { readPayment } from './readPayment.ts'
import { type Refusal, reasonOf } from './reasons.ts'
import { createTaking, sameOr } from './takeErrand.ts'
import { createToldOnce } from './toldOnce.ts'

/** Good to settle now, or why it is not. */
export type Verdict = Readonly<{ kind: 'good'; payer: string }> | Readonly<{ kind: 'bad'; refusal: Refusal }>

/** What became of a payment. `pending`: not known yet; the same asked again is looked up. `transaction` only where one was signed. */
export type Settling =
  | Readonly<{ kind: 'settled'; payer: string; transaction: string; units: bigint; repeated: boolean }>
  | Readonly<{ kind: 'pending'; payer: string; transaction: string | undefined }>
  | Readonly<{ kind: 'bad'; refusal: Refusal; transaction: string | undefined }>

/** A chain with its token, whose EIP-712 domain has this name and version. */
type Served = Readonly<{ network: string; token: string; name: string; version: string; signers: readonly string[]; fee: Money }>

export type FacilitatorFace = Readonly<{
  /** The chains that are served, with every account that sends there, and what a payment costs its seller now. */
  served: () => readonly Served[]
  /** Whether this seller could have the payment settled now. Keeps nothing. Throws `facilitator_quota`, `facilitator_unfunded`, `rail_unavailable`. */
  verify: (seller: PartyId, body: unknown) => Promise<Verdict>
  /**
   * Settles the payment once, whoever asks and however often. Throws as `verify` does: then nothing was taken. Waits for a block until `signal` aborts at
   * the latest; the payment goes on.
   */
  settle: (seller: PartyId, body: unknown, signal: AbortSignal) => Promise<Settling>
  listings: Listings
  /** What a seller has used, and may. */
  usage: (seller: PartyId) => Readonly<{ open: number; taken: number; failed: number; limits: FacilitatorLimits }>
}>

type Parts = Pick<LedgerFace, 'books'> &
  Readonly<{
    chains: readonly FacilitatorChain[]
    limits: FacilitatorLimits
    /** The code of a payer's account is to be asked for a seller: see `GuardFace`. */
    codeQuestion: (of: string) => Promise<() => void>
    log: (line: string) => void
  }>

/** After it was settled, the same payment gets the same answer for so long, so that an answer that was lost can be had again. */
const REPEAT_MS = 300_000

/** The facilitator for sellers elsewhere. Call it before the books start, and `start` after. */
export function openFacilitator(
  ground: Ground,
  { books, chains, limits, codeQuestion, log }: Parts,
): FacilitatorFace & Readonly<{ start: () => void; close: () => void }> {
  const { clock } = ground
  const records = createErrandRecords(books)
  const quotas = createQuotas({ records, limits, clock })
  const payersLoad = createPayersLoad()
  const taking = createTaking({ ground, books, records, quotas, payersLoad, limits })
  const chainOf = (rail: RailName) => chains.find((chain) => chain.rail === rail)
  const carrying = createCarrying({ ground, books, records, payersLoad, chainOf, log })
  const told = createToldOnce()

  async function signedIn(seller: PartyId, body: unknown): Promise<Signed | Refusal> {
    const payment = readPayment(body)
    return 'message' in payment ? payment : checkPayment(chains, payment, { place: () => codeQuestion(seller) })
  }

  function answerOf({ id, payer }: Errand, value: bigint): Settling {
    const now = records.get(id)
    const sight = carrying.sightOf(id)
    if (now?.state === 'failed') return { kind: 'bad', refusal: failedRefusal(now), transaction: now.transaction }
    const transaction = now?.transaction ?? (sight?.mined ? sight.transaction : undefined)
    if (transaction === undefined) return { kind: 'pending', payer, transaction: sight?.transaction }
    return { kind: 'settled', payer, transaction, units: value, repeated: !told.tell(id) }
  }

  return {
    served: () =>
      chains.map((chain) => {
        const { chainId, token, tokenName: name, tokenVersion: version } = chain.place
        return { network: networkOf(chainId), token, name, version, signers: chain.signers, fee: feeNow(ground, chain, limits) }
      }),
    async verify(seller, body) {
      const signed = await signedIn(seller, body)
      if ('message' in signed) return { kind: 'bad', refusal: signed }
      const { authorization } = signed
      const known = records.named(signed.claimKey)
      const same = known && sameOr(known, signed)
      // What is paid and was told to nobody is still good for its answer; what was told is not good for a second one.
      const spent = same && ('message' in same ? same : endedRefusal(same, told.has(same.id)))
      const window = windowRefusal(signed, clock.now())
      const refusal = window ?? spent ?? (known ? undefined : await taking.refusalNow(seller, signed))
      return refusal ? { kind: 'bad', refusal } : { kind: 'good', payer: authorization.from }
    },
    async settle(seller, body, signal) {
      const signed = await signedIn(seller, body)
      if ('message' in signed) return { kind: 'bad', refusal: signed, transaction: undefined }
      const errand = await taking.take(seller, signed)
      if ('message' in errand) return { kind: 'bad', refusal: errand, transaction: undefined }
      if (errand.state === 'settled' && clock.now() - errand.takenAt > REPEAT_MS)
        return { kind: 'bad', refusal: spentRefusal(errand), transaction: errand.transaction }
      carrying.begin(errand)
      await carrying.told(errand.id, { timeoutMs: limits.waitMs, signal })
      return answerOf(errand, signed.authorization.value)
    },
    listings: createListings({ books, clock }),
    usage: (seller) => ({ ...quotas.countOf(seller), limits }),
    start: carrying.resume,
    close: carrying.close,
  }
}

/** Why a payment that is known already is not good a second time; undefined while its answer was told to nobody. */
function endedRefusal(errand: Errand, wasTold: boolean): Refusal | undefined {
  if (errand.state === 'failed') return failedRefusal(errand)
  return wasTold ? spentRefusal(errand) : undefined
}

function failedRefusal({ payer, reason = 'reverted', transaction }: Errand): Refusal {
  const message = 'the chain did not take the authorization, and cannot any more'
  return { payer, reason: reasonOf(reason, { sent: transaction !== undefined }), message }
}

function spentRefusal({ payer }: Errand): Refusal {
  return { payer, reason: 'invalid_exact_evm_nonce_already_used', message: 'the payment was settled, and told so, before' }
}
