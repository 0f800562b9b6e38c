import { GatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { allocate } from '../../money/allocate.ts'
import { type Asset, sameAsset } from '../../money/asset.ts'
import type { Money } from '../../money/money.ts'
import type { Payee, PayeeShare, Split } from '../../parties/party/splits.ts'
import type { AccountPath, Entry, Leg } from '../../ports/books.ts'
import { divideCumulative } from '../../split/divideCumulative.ts'

/** One debit and credit. */
export function move(debit: AccountPath, credit: AccountPath, amount: Money): Leg {
  return { kind: 'move', debit, credit, asset: amount.asset, units: amount.units }
}

/** As `move`, held until it is posted or voided. */
export function hold(debit: AccountPath, credit: AccountPath, amount: Money): Leg {
  return { kind: 'hold', debit, credit, asset: amount.asset, units: amount.units, timeoutS: 0 }
}

/** Releases whatever an entry holds. */
export function voidHolds(entry: Entry): Leg[] {
  return entry.legs.flatMap((leg, i): Leg[] =>
    leg.kind === 'hold' ? [{ kind: 'void', pending: { entry: entry.id, leg: i }, asset: leg.asset }] : [],
  )
}

/** Takes all that an entry holds. */
export function postHolds(entry: Entry): Leg[] {
  return entry.legs.flatMap((leg, i): Leg[] =>
    leg.kind === 'hold' ? [{ kind: 'post', pending: { entry: entry.id, leg: i }, asset: leg.asset, units: leg.units }] : [],
  )
}

/** Refuses a party that would be paid out of its own balance, alone or as one of a table: a leg moves between two accounts. */
export function requireAnother(payee: Payee, party: string): void {
  if (payee.kind === 'party' ? payee.party !== party : payee.split.payees.every((row) => row.party !== party)) return
  throw new GatewayError('invalid_request', 'A party does not pay itself', { hint: 'Pay with the API key of another party.' })
}

/** Gives `credit` to a payee's balance from `from`; a table's payees get exact parts by largest remainder, so nothing is left over. */
export function creditLegs(payee: Payee, credit: Money, from: AccountPath): Leg[] {
  if (payee.kind === 'party') return [move(from, accounts.party(payee.party), credit)]
  return creditRows(payee.split.payees, credit, from)
}

/** The same for some rows of a table. */
export function creditRows(rows: readonly PayeeShare[], credit: Money, from: AccountPath): Leg[] {
  const parts = allocate(
    credit.units,
    rows.map((p) => p.shares),
  )
  const legs = rows.map((p, i) => move(from, accounts.party(p.party), { asset: credit.asset, units: parts[i]! }))
  return legs.filter((leg) => leg.kind === 'move' && leg.units > 0n)
}

/** `got` comes from `from` and the payee is given `credit`, through the liquidity of the pair when the assets differ. */
export function convertLegs(o: { got: Money; from: AccountPath; payee: Payee; credit: Money }): Leg[] {
  if (sameAsset(o.got.asset, o.credit.asset)) {
    invariant(o.got.units === o.credit.units, 'the same asset needs no conversion')
    return creditLegs(o.payee, o.credit, o.from)
  }
  const fx = accounts.fx(o.got.asset, o.credit.asset)
  return [move(o.from, fx, o.got), ...creditLegs(o.payee, o.credit, fx)]
}

/**
 * The hub's pot of a split grew by `value` on top of `received`: each payee's entitlement grows by the same cumulative floor as in the contract, and
 * what rounding leaves is the split's named dust (which shrinks again when it suffices for a unit).
 */
export function entitlementLegs(o: { split: Split; received: bigint; value: bigint; from: AccountPath; asset: Asset }): Leg[] {
  const { split, asset, from } = o
  const parts = divideCumulative(
    o.received,
    o.value,
    split.leaves.map((leaf) => leaf.shares),
  )
  const dust = accounts.dust(split.splitId)
  const legs: Leg[] = []
  // Positive dust first, so that no leg takes more from `from` than is there; negative dust pays its unit back before the shares are credited.
  if (parts.dust < 0n) legs.push(move(dust, from, { asset, units: -parts.dust }))
  for (const [i, leaf] of split.leaves.entries()) {
    const units = parts.deltas[i]!
    if (units > 0n) legs.push(move(from, accounts.share(split.splitId, leaf.account), { asset, units }))
  }
  if (parts.dust > 0n) legs.push(move(from, dust, { asset, units: parts.dust }))
  return legs
}
