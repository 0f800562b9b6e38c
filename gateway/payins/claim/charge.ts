import { moneyText } from '../../audit/receipt/receipt.ts'
import type { News } from '../../audit/receipt/receiptUpdate.ts'
import { invariant } from '../../errors/invariant.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { min } from '../../money/integers.ts'
import { type Money, money, mulDiv } from '../../money/money.ts'
import type { Payee } from '../../parties/party/splits.ts'
import type { AccountPath, Claim, Entry, Leg } from '../../ports/books.ts'
import type { EntryId } from '../../ports/ids.ts'
import { railKind } from '../../ports/railName.ts'
import { convertLegs, move, voidHolds } from '../settlement/legs.ts'
import type { ChargeData } from './facts.ts'
import { isOfSession, type PaidRequest } from './paidRequest.ts'

/** What is taken of a maximum: units of the rail's asset, of USD, and of what the payee is given where that is another asset. */
type Charge = Readonly<{ units: bigint; price: bigint; credit: bigint }>

/** The entry that a request holds its maximum by, what the work used of its price (USD), whom it is for, and the id of the entry that may book it. */
type Used = Readonly<{ entry: Entry; used: Money | undefined; payee: Payee; booked: EntryId }>

/** What a charge does to the books, and what is said of it. */
type Charged = Readonly<{ entry: Entry | undefined; claims: readonly Claim[]; data: ChargeData; news: News }>

/**
 * Charges a request what its work used of its maximum, never more than that, and nothing where nothing was used. Parts of a unit are the payee's. A balance is
 * charged at once; an authorization is collected later, so its hold stays unless there is nothing to collect.
 */
export function chargeRequest(request: PaidRequest, { entry, used, payee, booked }: Used): Charged {
  const price = min(used?.units ?? 0n, request.price)
  const part = (of: bigint) => mulDiv(of, price, request.price, 'up')
  const charge = { price, units: part(request.units), credit: part(request.converted) }
  const [first] = entry.legs
  invariant(first?.kind === 'hold', `the entry of ${request.receipt} holds its maximum`)
  const taken = money(first.asset, charge.units)
  const data = {
    units: charge.units.toString(),
    price: charge.price.toString(),
    credit: charge.credit.toString(),
    taken: moneyText(taken),
  }
  const [{ receipt }, isSession] = [request, isOfSession(request)]
  const isAuthorization = railKind(request.rail) === 'evm' && !isSession
  if (isAuthorization && charge.units > 0n) return { entry: undefined, claims: [], data, news: { state: 'held', charged: data.taken } }
  const legs = [...voidHolds(entry), ...balanceLegs(request, { entry, charge, taken, payee })]
  return {
    entry: { id: booked, payment: receipt, legs },
    claims: isAuthorization ? [{ key: `collection:${receipt}:closed`, fingerprint: 'released' }] : [],
    data,
    news: { state: isSession && charge.units > 0n ? 'held' : 'settled', charged: data.taken, entry: booked },
  }
}

/** What a balance or a session pays; nothing for an authorization. */
function balanceLegs(request: PaidRequest, o: Readonly<{ entry: Entry; charge: Charge; taken: Money; payee: Payee }>): Leg[] {
  const { entry, charge, taken, payee } = o
  if (charge.units === 0n) return []
  const [first] = entry.legs
  const last = entry.legs.findLast((leg) => leg.kind !== 'hold' || !isCount(leg.credit))
  invariant(first?.kind === 'hold' && last?.kind === 'hold', 'what was promised to the payee is held last')
  if (isOfSession(request)) return [move(first.debit, first.credit, taken)]
  const credit = request.converted > 0n ? money(last.asset, charge.credit) : taken
  // What a part of a pass was given, and the budgets of an agent, are used by as much as is paid; and an agent's payment is one, whatever it comes to.
  const used = entry.legs.flatMap((leg) =>
    leg.kind === 'hold' && isCount(leg.credit)
      ? [move(leg.debit, leg.credit, money(leg.asset, accounts.isAgentUses(leg.credit) ? leg.units : charge.price))]
      : [],
  )
  return [...convertLegs({ got: taken, from: first.debit, payee, credit }), ...used]
}

/** It counts what is paid, and is no money. */
function isCount(path: AccountPath): boolean {
  return accounts.isPassPart(path) || accounts.isOfAgent(path)
}
