import type { BreakKind, RowKind } from '../audit/matching/rows.ts'
import { accounts } from '../ledger/journal/accounts.ts'
import type { RailName } from '../ports/railName.ts'
import type { Adjustment } from './facts.ts'

/** What a bank owes back that it took twice or wrongly, until it is given back or given up. */
const CLAIMED = accounts.capital('claimed_from_rails')

/**
 * The entry that would make the books follow the rail. `more`: the rail has more than the books. None where two assets are in question, or where the rail is
 * still waited for (`waits`): that ends with the payment itself.
 */
export function proposalFor(o: {
  kind: BreakKind
  of: RowKind
  rail: RailName
  account: string
  more: boolean
  waits: boolean
}): Adjustment | undefined {
  if (o.kind === 'currency' || o.waits) return undefined
  if (o.kind === 'split_mismatch' && !o.account.startsWith('rail:')) return undefined
  const fee = o.of === 'fee' || o.kind === 'fee_mismatch'
  if (o.more) return { debit: o.account, credit: fee ? accounts.feePaid(o.rail) : accounts.suspense(o.rail) }
  return { debit: fee ? accounts.feePaid(o.rail) : CLAIMED, credit: o.account }
}

/** What a person does next about it, in a sentence. */
const NEXT: Readonly<Record<BreakKind, string>> = {
  amount: 'Compare the statement with the order. If the rail is right, book the proposed entry; if not, ask the rail for the difference.',
  currency: 'The rail moved another currency than was ordered. Ask the rail which rate it took, then book what follows by hand.',
  duplicate:
    'The same was moved a second time. Ask the rail to give it back; book the proposed entry so that the claim stands in the books.',
  unexpected: 'Nothing in the ledger is it. Find out whose it is from the text and the counterparty, then book the proposed entry.',
  missing:
    'The statement of its day is there, and this is not on it. Ask the rail. A later statement that shows it ends the break by itself.',
  split_mismatch: 'Several payments together come to another sum. Find the one that differs; book the proposed entry for the difference.',
  fee_mismatch: 'The rail charged other than is booked. Compare it with the price list, then book the proposed entry.',
}

export function nextStep(kind: BreakKind): string {
  return NEXT[kind]
}
