import { moneyText, type Receipt, type ReceiptSigner } from '../../audit/receipt/receipt.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { submitPatiently } from '../../ledger/process/submitPatiently.ts'
import { submitSurely } from '../../ledger/process/submitSurely.ts'
import { sameAsset } from '../../money/asset.ts'
import { type Money, money } from '../../money/money.ts'
import type { Payee } from '../../parties/party/splits.ts'
import type { Books, Claim, Fact, Leg } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { EntryId, ReceiptId } from '../../ports/ids.ts'
import { type EvmRailName, railKind } from '../../ports/railName.ts'
import type { Authorization } from '../../ports/receiver.ts'
import { convertLegs, move } from '../settlement/legs.ts'
import { receiptContent } from '../settlement/receiptContent.ts'
import type { Unmatched } from '../settlement/settlementRecords.ts'
import type { FindRequest } from './findRequest.ts'
import { type Answer, authorizationData, type PaidRequest } from './paidRequest.ts'
import type { RequestRecords } from './requestRecords.ts'
import { reversalOf } from './reversal.ts'

/** From this status on the work was not delivered, and the money goes back. */
export const FAILED_STATUS_MIN = 400

/** How the proof pays: out of a balance, with money that has arrived, or by an authorization that we collect. */
export type Funding =
  | Readonly<{ rail: 'book'; party: string; got: Money }>
  | Readonly<{ rail: 'lightning'; arrived: Unmatched; asked: Money }>
  | Readonly<{ rail: EvmRailName; authorization: Authorization; got: Money }>

/** `claimKey` is the single use of the proof; `fingerprint` the request it is used for; `price` in USD, `credit` in the asset of balances. */
export type ClaimRequest = Readonly<{
  claimKey: string
  fingerprint: string
  payer: string
  resource: string
  price: Money
  credit: Money
  payee: Payee
  funding: Funding
  /** An authorization is collected before the work. */
  settleFirst: boolean
}>

export type ClaimResult =
  | Readonly<{ kind: 'claimed'; request: PaidRequest; receipt: Receipt }>
  | Readonly<{ kind: 'standing'; request: PaidRequest }>

export type PaidRequests = ReturnType<typeof createPaidRequests>

/** Claims proofs durably before the work, records the answer after it, and gives the money back when there was no work. */
export function createPaidRequests(o: {
  books: Books
  view: RequestRecords
  find: FindRequest
  receipts: ReceiptSigner
  clock: Clock
  ids: IdSource
}) {
  /** Legs of the claim's entry, and what it says about a settlement that was waiting. The hold of an authorization is always leg 0. */
  function entryOf(c: ClaimRequest, receipt: ReceiptId): { legs: Leg[]; facts: Fact[]; paid: Money } {
    const { funding: f, payee, credit } = c
    if (f.rail === 'book')
      return { legs: convertLegs({ got: f.got, from: accounts.party(f.party), payee, credit }), facts: [], paid: f.got }
    if (f.rail !== 'lightning') return { legs: holdLegs(f, payee, credit), facts: [], paid: f.got }
    const from = accounts.suspense('lightning')
    const legs = convertLegs({ got: f.asked, from, payee, credit })
    const excess = f.arrived.amount.units - f.asked.units
    if (excess > 0n) legs.push(move(from, accounts.surplus(receipt), money(f.asked.asset, excess)))
    const matched: Fact = { type: 'settlement.matched', id: receipt, at: o.clock.now(), data: { settlement: f.arrived.id } }
    return { legs, facts: [matched], paid: f.arrived.amount }
  }

  async function claim(c: ClaimRequest): Promise<ClaimResult> {
    const standing = await o.find(c.claimKey)
    if (standing) return { kind: 'standing', request: standing }
    const id = o.receipts.nextId()
    const entry = o.ids.next('en_') as EntryId
    const { legs, facts, paid } = entryOf(c, id)
    const at = o.clock.now()
    const receipt = o.receipts.issue(
      receiptContent({
        id,
        payment: c.claimKey,
        resource: c.resource,
        price: c.price,
        rail: c.funding.rail,
        paid,
        converted: paid,
        credit: c.credit,
        state: railKind(c.funding.rail) === 'evm' ? 'authorised' : 'settled',
        payee: c.payee,
        entry,
      }),
    )
    const held =
      'authorization' in c.funding
        ? {
            authorization: authorizationData(c.funding.authorization),
            settleFirst: c.settleFirst ? 'yes' : 'no',
            ...(legs.length > 1 ? { converted: c.credit.units.toString() } : {}),
          }
        : {}
    const data = {
      claimKey: c.claimKey,
      fingerprint: c.fingerprint,
      rail: c.funding.rail,
      payer: c.payer,
      units: paid.units.toString(),
      entry,
      ...held,
    }
    const outcome = await o.books.submit({
      claims: [{ key: c.claimKey, fingerprint: c.fingerprint }],
      facts: [
        { type: 'request.claimed', id, at, data },
        { type: 'receipt.issued', id, at, data: receipt as unknown as Fact['data'] },
        ...facts,
      ],
      entry: { id: entry, payment: id, legs },
    })
    if (outcome.kind === 'declined') throw declined(c, outcome.status)
    if (outcome.kind === 'unknown') throw new GatewayError('outcome_unknown', 'It is not known yet whether the payment was taken')
    const request = await o.find(c.claimKey)
    if (!request) throw new GatewayError('outcome_unknown', 'The claim stands, the request does not')
    return outcome.kind === 'applied' ? { kind: 'claimed', request, receipt } : { kind: 'standing', request }
  }

  /** Durable before the payer sees it; when the work failed, the money goes back in the same commit. A longer body is answered but not kept for a retry. */
  async function answer(request: PaidRequest, response: Answer): Promise<void> {
    const kept = response.body === undefined ? {} : { body: response.body }
    const data = { claimKey: request.claimKey, status: response.status, contentType: response.contentType, ...kept }
    const fact: Fact = { type: 'request.answered', id: request.receipt, at: o.clock.now(), data }
    if (response.status >= FAILED_STATUS_MIN) await giveBack(request, 'handler_failed', [fact])
    else await submitPatiently(o.books, { facts: [fact] })
  }

  /** The work failed or was cut off: the money goes back, once, with `also` in the same commit. */
  async function giveBack(request: PaidRequest, why: 'interrupted' | 'handler_failed', also: readonly Fact[] = []): Promise<void> {
    const { receipt, claimKey } = request
    const at = o.clock.now()
    const { legs, claims, facts, stays } = reversalOf(o.books, o.view.byClaim(claimKey) ?? request, at)
    const ending = (exception?: string): Fact => ({
      ...{ type: `request.${why}`, id: receipt, at },
      data: { claimKey, rail: request.rail, ...(exception === undefined ? {} : { exception }) },
    })
    const once: Claim = { key: `request:${receipt}:given_back`, fingerprint: why }
    const entry = legs.length > 0 ? { entry: { id: o.ids.next('en_') as EntryId, payment: receipt, legs } } : {}
    const outcome = await submitPatiently(o.books, { claims: [once, ...claims], facts: [...also, ...facts, ending(stays)], ...entry })
    // The payee has spent it already: the facts stand without the entry, and the exception is listed.
    if (outcome.kind === 'declined') await submitPatiently(o.books, { claims: [once], facts: [...also, ending(outcome.status)] })
  }

  /** Marks that the work begins, where money was collected first. */
  async function started(request: PaidRequest): Promise<void> {
    const claims = [{ key: `request:${request.receipt}:started`, fingerprint: 'started' }]
    const fact = { type: 'request.started', id: request.receipt, at: o.clock.now(), data: { claimKey: request.claimKey } }
    const outcome = await submitSurely(o.books, { claims, facts: [fact] })
    if (outcome.kind !== 'applied') throw new GatewayError('request_in_progress', 'The request that this proof pays is still running')
  }

  return { claim, answer, giveBack, started }
}

/** What an authorization will bring, promised to the payee. A party's balance is in one asset: money of another chain goes through the pair's liquidity. */
function holdLegs(f: Readonly<{ rail: EvmRailName; got: Money }>, payee: Payee, credit: Money): Leg[] {
  const hold = (debit: string, to: string, amount: Money): Leg => ({ kind: 'hold', debit, credit: to, ...amount, timeoutS: 0 })
  const transit = accounts.transit(f.rail)
  if (payee.kind === 'split') return [hold(transit, accounts.pot(payee.split.splitId), f.got)]
  const party = accounts.party(payee.party)
  if (sameAsset(f.got.asset, credit.asset)) return [hold(transit, party, f.got)]
  const fx = accounts.fx(f.got.asset, credit.asset)
  return [hold(transit, fx, f.got), hold(fx, party, credit)]
}

function declined(c: ClaimRequest, status: string): GatewayError {
  if (c.funding.rail === 'book' && status === 'exceeds_credits') {
    return new GatewayError('insufficient_balance', 'The balance, or the liquidity to convert it, does not cover the price', {
      meta: { asked: moneyText(c.funding.got) },
    })
  }
  return new GatewayError('insufficient_liquidity', `The payment could not be booked (${status}); nothing was taken for this request`)
}
