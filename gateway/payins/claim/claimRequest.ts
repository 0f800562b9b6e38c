import { toReceiptFact } from '../../audit/receipt/facts.ts'
import { moneyText, type Receipt, type ReceiptSigner } from '../../audit/receipt/receipt.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { type Submitted, submitUntilKnown } from '../../ledger/process/submit.ts'
import { sameAsset } from '../../money/asset.ts'
import type { Money } from '../../money/money.ts'
import type { Payee } from '../../parties/party/splits.ts'
import type { Books, Leg, Submission } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { EntryId } from '../../ports/ids.ts'
import { railKind } from '../../ports/railName.ts'
import { receiptContent } from '../settlement/receiptContent.ts'
import { claimEntry, type Funding } from './claimEntry.ts'
import { authorizationData, type ClaimedData, toRequestFact } from './facts.ts'
import type { FindRequest } from './findRequest.ts'
import { isOfSession, type PaidRequest } from './paidRequest.ts'
import type { RequestRecords } from './requestRecords.ts'
import { type Runner, runData } from './runner.ts'

/** `claimKey` is the single use of the proof; `fingerprint` the request it is used for; `price` in USD, `credit` in the asset of balances. */
export type ClaimRequest = Readonly<{
  claimKey: string
  fingerprint: string
  /** Taken with it: it stands for this claim from now on. */
  name?: string | undefined
  payer: string
  resource: string
  price: Money
  credit: Money
  payee: Payee
  funding: Funding
  /** An authorization is collected before the work. */
  settleFirst: boolean
  /** What the claim holds of what may be owed; where there is too little of it, it is collected first. */
  exposure?: readonly Leg[] | undefined
  /** What is funded is a maximum: the work says what is taken of it. */
  metered?: boolean
  /** Who runs the work when that is another process. */
  runner?: Runner | undefined
}>

export type ClaimResult =
  | Readonly<{ kind: 'claimed'; request: PaidRequest; receipt: Receipt }>
  | Readonly<{ kind: 'standing'; request: PaidRequest }>

export type ClaimParts = Readonly<{
  books: Books
  records: Pick<RequestRecords, 'byClaim'>
  find: FindRequest
  receipts: ReceiptSigner
  clock: Clock
  ids: IdSource
}>

/** A claim that the books have taken or declined, under the receipt that it would have. `overdrawn`: there is too little of what may be owed. */
type Tried = Readonly<{ outcome: Submitted; receipt: Receipt; overdrawn: boolean }>

/**
 * Claims a proof: its single use, the request, its receipt and its entry in one commit, or the request that stands under it. Refuses with `outcome_unknown`
 * when the books do not know in time; `late` is then told of the request that was claimed all the same, which nobody runs. What has come over Lightning and
 * cannot be converted is credited in kind: its payer has paid and is served. What may not be owed any more is collected first.
 */
export async function claimRequest(o: ClaimParts, c: ClaimRequest, late: (request: PaidRequest) => void): Promise<ClaimResult> {
  const standing = await o.find(c.claimKey)
  if (standing) return { kind: 'standing', request: standing }
  let tried = await tryClaim(o, c, late)
  const kept = inKind(c.funding)
  if (lacksLiquidity(tried.outcome) && kept) tried = await tryClaim(o, { ...c, credit: kept }, late)
  if (tried.overdrawn && c.metered) throw creditNeeded(c.payer)
  if (tried.overdrawn) tried = await tryClaim(o, { ...c, exposure: undefined, settleFirst: true }, late)
  const { outcome, receipt } = tried
  if (outcome.kind === 'declined') throw declined(c, outcome.status)
  const request = (await o.find(c.claimKey)) ?? (c.name === undefined ? undefined : await findNamed(o, c.name))
  if (!request) throw new GatewayError('outcome_unknown', 'The claim stands, the request does not')
  // What was unknown first is a replay of itself later: whether it is ours, its receipt says.
  return request.receipt === receipt.id ? { kind: 'claimed', request, receipt } : { kind: 'standing', request }
}

/** The request that was claimed under this name. */
export async function findNamed({ books, find }: Readonly<{ books: Pick<Books, 'claim'>; find: FindRequest }>, name: string) {
  const taken = books.claim(name)
  return taken && find(taken.fingerprint)
}

async function tryClaim(o: ClaimParts, c: ClaimRequest, late: (request: PaidRequest) => void): Promise<Tried> {
  const id = o.receipts.nextId()
  const entry = o.ids.entry()
  const { legs, facts, paid, asked } = claimEntry(c, { receipt: id, clock: o.clock })
  const at = o.clock.now()
  const receipt = o.receipts.issue(
    receiptContent({
      id,
      payment: c.claimKey,
      resource: c.resource,
      price: c.price,
      rail: c.funding.rail,
      paid,
      converted: asked,
      credit: c.credit,
      state: c.metered || railKind(c.funding.rail) === 'evm' ? 'authorised' : 'settled',
      upto: c.metered === true,
      payee: c.payee,
      entry,
    }),
  )
  const submission: Submission = {
    claims: [
      { key: c.claimKey, fingerprint: c.fingerprint },
      ...(c.name === undefined ? [] : [{ key: c.name, fingerprint: c.claimKey }]),
      ...(('counted' in c.funding && c.funding.counted?.claims) || []),
    ],
    facts: [
      toRequestFact({
        type: 'request.claimed',
        id,
        at,
        data: claimedData(c, { entry, paid, converts: legs.length > 1 && !('reserved' in c.funding), at }),
      }),
      toReceiptFact({ type: 'receipt.issued', id, at, data: receipt }),
      ...facts,
    ],
    entry: { id: entry, payment: id, legs: c.exposure ? [...legs, ...c.exposure] : legs },
  }
  const outcome = await submitUntilKnown(o.books, submission, () => {
    const request = o.records.byClaim(c.claimKey)
    if (request?.receipt === id) late(request)
  })
  return { outcome, receipt, overdrawn: outcome.kind === 'declined' && outcome.leg >= legs.length }
}

/** Of a maximum nobody can say before the work how much of it to collect. */
export function creditNeeded(payer: string): GatewayError {
  return new GatewayError(
    'credit_needed',
    `The account ${payer} can not be served before its money has come, and this work is paid by what it uses`,
  )
}

function lacksLiquidity(outcome: Submitted): boolean {
  return outcome.kind === 'declined' && outcome.status === 'exceeds_credits'
}

/** `converts`: the entry holds what the payee is given beside what the payer has promised. */
function claimedData(c: ClaimRequest, o: { entry: EntryId; paid: Money; converts: boolean; at: number }): ClaimedData {
  const { claimKey, fingerprint, funding, payer, credit } = c
  const data = {
    claimKey,
    fingerprint,
    rail: funding.rail,
    payer,
    units: o.paid.units.toString(),
    entry: o.entry,
    ...('mandate' in funding && funding.mandate ? { mandate: funding.mandate } : {}),
    ...runData(c.runner, o.at),
    ...(c.metered ? { metered: 'yes' as const, payee: c.payee.kind === 'party' ? c.payee.party : c.payee.split.key } : {}),
  }
  const isConverted = o.converts && !sameAsset(o.paid.asset, credit.asset)
  const converted = isConverted ? { converted: credit.units.toString() } : {}
  if (!('authorization' in funding)) return c.metered ? { ...data, price: c.price.units.toString(), ...converted } : data
  return {
    ...data,
    authorization: authorizationData(funding.authorization),
    settleFirst: c.settleFirst ? 'yes' : 'no',
    price: c.price.units.toString(),
    ...(c.exposure ? { exposed: 'yes' } : {}),
    ...converted,
  }
}

/** What came over Lightning can be credited as it came, now or out of a deposit. */
function inKind(funding: Funding): Money | undefined {
  if (funding.rail === 'lightning') return funding.asked
  return 'spent' in funding ? funding.got : undefined
}

/** A pass, or a part of it that was given away, is used up, whichever account of it the ledger says it of. */
function isPass(funding: Funding): boolean {
  return funding.rail === 'book' && funding.from.startsWith('pass:')
}

function declined(c: ClaimRequest, status: string): GatewayError {
  if ('spent' in c.funding && c.funding.spent) return c.funding.spent()
  if (isPass(c.funding)) return new GatewayError('token_spent', `the pass has too little left for this request (${status})`)
  if (isOfSession(c)) return new GatewayError('session_balance_low', `The vouchers of this session do not cover the price (${status})`)
  if (c.funding.rail === 'book' && status === 'exceeds_credits') {
    return new GatewayError('insufficient_balance', 'The balance, or the liquidity to convert it, does not cover the price', {
      meta: { asked: moneyText(c.funding.got) },
    })
  }
  return new GatewayError('insufficient_liquidity', `The payment could not be booked (${status}); nothing was taken for this request`)
}
