import type { GatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { sameAsset } from '../../money/asset.ts'
import { type Money, money } from '../../money/money.ts'
import type { Payee } from '../../parties/party/splits.ts'
import type { AccountPath, Claim, Fact, Leg } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import type { ReceiptId } from '../../ports/ids.ts'
import type { EvmRailName } from '../../ports/railName.ts'
import type { Authorization } from '../../ports/receiver.ts'
import type { UsedMandate } from '../../ports/usedMandate.ts'
import { toSettlementFact } from '../settlement/facts.ts'
import { convertLegs, hold, move } from '../settlement/legs.ts'
import type { Unmatched } from '../settlement/unmatched.ts'

/**
 * How the proof pays: out of a balance, or out of a pass, `beside` what counts its use (`spent` says what there is too little of); with money that has
 * arrived, or by an authorization that we collect.
 */
export type Funding =
  | Readonly<{ rail: 'book'; from: AccountPath; got: Money; counted?: Counted }>
  | (Readonly<{ rail: 'book'; from: AccountPath; got: Money; beside: readonly Leg[]; spent?: () => GatewayError; counted?: Counted }> &
      ByMandate)
  | Readonly<{ rail: 'lightning'; arrived: Unmatched; asked: Money }>
  | Readonly<{ rail: EvmRailName; authorization: Authorization; got: Money }>
  /** By vouchers of a channel: `reserved` holds the price of what it has or of what they have brought, until the work was done. */
  | Readonly<{ rail: EvmRailName; got: Money; reserved: readonly Leg[]; facts: (receipt: ReceiptId) => readonly Fact[] }>

/** Where an agent pays by a mandate: which. */
type ByMandate = Readonly<{ mandate?: UsedMandate | undefined }>

/**
 * What counts a payment out of a balance towards a limit, or says that it was agreed to, durable with it. `claims` are its own and no other payment's. `done`:
 * that stands now, or never will.
 */
export type Counted = Readonly<{ claims?: readonly Claim[]; facts: readonly Fact[]; done: () => void }>

/** What is booked for a claim, what was paid, and which part of that was asked. `facts`: the settlement that was waiting is matched. */
type ClaimEntry = Readonly<{ legs: Leg[]; facts: Fact[]; paid: Money; asked: Money }>

/** The entry of a claim that gives `credit` to the payee. The hold of an authorization is always leg 0. */
export function claimEntry(
  { funding: f, payee, credit, metered }: Readonly<{ funding: Funding; payee: Payee; credit: Money; metered?: boolean }>,
  { receipt, clock }: Readonly<{ receipt: ReceiptId; clock: Clock }>,
): ClaimEntry {
  if (f.rail === 'book') {
    const legs = convertLegs({ got: f.got, from: f.from, payee, credit })
    const beside = 'beside' in f ? f.beside : []
    if (metered) return ofWhole(f.got, [...legs, ...beside].map(heldLeg), countedFacts(f))
    // Of a use of a pass its payees have nothing to spend before they have served it, so that it can always go back.
    return ofWhole(f.got, 'beside' in f ? [...legs.map(heldLeg), ...beside] : legs, countedFacts(f))
  }
  if ('reserved' in f) return { ...ofWhole(f.got, [...f.reserved]), facts: [...f.facts(receipt)] }
  if (f.rail !== 'lightning') return ofWhole(f.got, holdLegs(f, payee, credit))
  const from = accounts.suspense('lightning')
  const legs = convertLegs({ got: f.asked, from, payee, credit })
  const excess = f.arrived.amount.units - f.asked.units
  if (excess > 0n) legs.push(move(from, accounts.surplus(receipt), money(f.asked.asset, excess)))
  const matched = toSettlementFact({ type: 'settlement.matched', id: receipt, at: clock.now(), data: { settlement: f.arrived.id } })
  return { legs, facts: [matched], paid: f.arrived.amount, asked: f.asked }
}

/** Held until the work was done, or has said what of the maximum it used. */
function heldLeg(leg: Leg): Leg {
  return leg.kind === 'move' ? { ...leg, kind: 'hold', timeoutS: 0 } : leg
}

/** Exactly what was asked is paid. */
function ofWhole(got: Money, legs: Leg[], facts: Fact[] = []): ClaimEntry {
  return { legs, facts, paid: got, asked: got }
}

function countedFacts(funding: Funding): Fact[] {
  return 'counted' in funding && funding.counted ? [...funding.counted.facts] : []
}

/** What an authorization will bring, promised to the payee. A party's balance is in one asset: money of another chain goes through the pair's liquidity. */
function holdLegs(f: Readonly<{ rail: EvmRailName; got: Money }>, payee: Payee, credit: Money): Leg[] {
  const transit = accounts.transit(f.rail)
  if (payee.kind === 'split') return [hold(transit, accounts.pot(payee.split.splitId), f.got)]
  const party = accounts.party(payee.party)
  if (sameAsset(f.got.asset, credit.asset)) return [hold(transit, party, f.got)]
  const fx = accounts.fx(f.got.asset, credit.asset)
  return [hold(transit, fx, f.got), hold(fx, party, credit)]
}
