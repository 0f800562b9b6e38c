import { toReceiptFact } from '../../audit/receipt/facts.ts'
import { moneyText, type Receipt, type ReceiptSigner } from '../../audit/receipt/receipt.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { sameAsset } from '../../money/asset.ts'
import { type Money, money } from '../../money/money.ts'
import type { Payee } from '../../parties/party/splits.ts'
import type { Books, Fact, Leg } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { EntryId, ReceiptId } from '../../ports/ids.ts'
import { type EvmRailName, railKind } from '../../ports/railName.ts'
import type { Authorization } from '../../ports/receiver.ts'
import { toSettlementFact } from '../settlement/facts.ts'
import { convertLegs, move } from '../settlement/legs.ts'
import { receiptContent } from '../settlement/receiptContent.ts'
import type { Unmatched } from '../settlement/settlementRecords.ts'
import { authorizationData, type ClaimedData, toRequestFact } from './facts.ts'
import type { FindRequest } from './findRequest.ts'
import type { PaidRequest } from './paidRequest.ts'

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

export type ClaimParts = Readonly<{ books: Books; find: FindRequest; receipts: ReceiptSigner; clock: Clock; ids: IdSource }>

/** The claim's entry, and what it says about a settlement that was waiting. The hold of an authorization is always leg 0. */
type ClaimEntry = Readonly<{ legs: Leg[]; facts: Fact[]; paid: Money }>

/** Claims a proof: its single use, the request, its receipt and its entry in one commit, or the request that stands under it. */
export async function claimRequest(o: ClaimParts, c: ClaimRequest): Promise<ClaimResult> {
  const standing = await o.find(c.claimKey)
  if (standing) return { kind: 'standing', request: standing }
  const id = o.receipts.nextId()
  const entry = o.ids.entry()
  const { legs, facts, paid } = entryOf(o, c, id)
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
  const outcome = await o.books.submit({
    claims: [{ key: c.claimKey, fingerprint: c.fingerprint }],
    facts: [
      toRequestFact({ type: 'request.claimed', id, at, data: claimedData(c, { entry, paid, converts: legs.length > 1 }) }),
      toReceiptFact({ type: 'receipt.issued', id, at, data: receipt }),
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

function entryOf({ clock }: Pick<ClaimParts, 'clock'>, c: ClaimRequest, receipt: ReceiptId): ClaimEntry {
  const { funding: f, payee, credit } = c
  if (f.rail === 'book') return { legs: convertLegs({ got: f.got, from: accounts.party(f.party), payee, credit }), facts: [], paid: f.got }
  if (f.rail !== 'lightning') return { legs: holdLegs(f, payee, credit), facts: [], paid: f.got }
  const from = accounts.suspense('lightning')
  const legs = convertLegs({ got: f.asked, from, payee, credit })
  const excess = f.arrived.amount.units - f.asked.units
  if (excess > 0n) legs.push(move(from, accounts.surplus(receipt), money(f.asked.asset, excess)))
  const matched = toSettlementFact({ type: 'settlement.matched', id: receipt, at: clock.now(), data: { settlement: f.arrived.id } })
  return { legs, facts: [matched], paid: f.arrived.amount }
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

/** `converts`: the entry holds what the payee is given beside what the payer has promised. */
function claimedData(c: ClaimRequest, o: { entry: EntryId; paid: Money; converts: boolean }): ClaimedData {
  const { claimKey, fingerprint, funding, payer, credit } = c
  const data = { claimKey, fingerprint, rail: funding.rail, payer, units: o.paid.units.toString(), entry: o.entry }
  if (!('authorization' in funding)) return data
  return {
    ...data,
    authorization: authorizationData(funding.authorization),
    settleFirst: c.settleFirst ? 'yes' : 'no',
    ...(o.converts ? { converted: credit.units.toString() } : {}),
  }
}

function declined(c: ClaimRequest, status: string): GatewayError {
  if (c.funding.rail === 'book' && status === 'exceeds_credits') {
    return new GatewayError('insufficient_balance', 'The balance, or the liquidity to convert it, does not cover the price', {
      meta: { asked: moneyText(c.funding.got) },
    })
  }
  return new GatewayError('insufficient_liquidity', `The payment could not be booked (${status}); nothing was taken for this request`)
}
