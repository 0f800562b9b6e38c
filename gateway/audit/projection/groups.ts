import type { Asset } from '../../money/asset.ts'
import type { AccountPath } from '../../ports/books.ts'
import type { GroupTotals, ReadAccount } from '../../ports/readModel.ts'

/** Accounts that each have a line of their own: there are as many as rails, pairs and purposes. Of every other kind there may be millions. */
const BY_THEMSELVES = /^(?:rail|transit|suspense|fee|fx|capital):/

type Live = { -readonly [K in keyof GroupTotals]: GroupTotals[K] }

/** Running totals of groups of accounts, and those that have changed since they were last taken. */
export type Groups = Readonly<{ now: Map<string, Live>; touched: Set<Live> }>

export function loadGroups(known: Iterable<GroupTotals>): Groups {
  const now = new Map<string, Live>()
  for (const totals of known) now.set(keyOf(totals.group, totals.asset), { ...totals })
  return { now, touched: new Set() }
}

/** Adds what a leg has posted. */
export function postToGroups(
  groups: Groups,
  { debit, credit }: Readonly<Record<'debit' | 'credit', Pick<ReadAccount, 'path' | 'asset'>>>,
  units: bigint,
): void {
  const [from, to] = [totalsOf(groups, debit), totalsOf(groups, credit)]
  from.debits += units
  to.credits += units
  groups.touched.add(from).add(to)
}

/** The totals that have changed, once. */
export function takeGroups({ touched }: Groups): GroupTotals[] {
  const taken = [...touched]
  touched.clear()
  return taken
}

function totalsOf({ now }: Groups, { path, asset }: Pick<ReadAccount, 'path' | 'asset'>): Live {
  const group = groupOf(path)
  const key = keyOf(group, asset)
  const found = now.get(key)
  if (found) return found
  const fresh: Live = { group, asset, debits: 0n, credits: 0n }
  now.set(key, fresh)
  return fresh
}

function groupOf(path: AccountPath): string {
  if (BY_THEMSELVES.test(path)) return path
  const end = path.indexOf(':')
  return end < 0 ? path : path.slice(0, end)
}

function keyOf(group: string, asset: Asset): string {
  return `${asset.ledger} ${group}`
}
