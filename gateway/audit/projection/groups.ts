import type { Asset } from '../../money/asset.ts'
import type { AccountPath } from '../../ports/books.ts'
import type { GroupTotals, ReadAccount } from '../../ports/readModel.ts'

/** Accounts that each have a line of their own: there are as many as rails, pairs and purposes. Of every other kind there may be millions. */
const BY_THEMSELVES = /^(?:rail|transit|suspense|fee|fx|capital):/
/** The payment of entries that the operator puts capital in by. */
const CAPITAL = 'capital'
const NS_PER_DAY = 86_400_000_000_000n

type Live = { -readonly [K in keyof GroupTotals]: GroupTotals[K] }

/** Running totals of groups of accounts, and those that have changed since they were last taken. */
export type Groups = Readonly<{ now: Map<string, Live>; touched: Map<string, GroupTotals> }>

export function loadGroups(newest: Iterable<GroupTotals>): Groups {
  const now = new Map<string, Live>()
  for (const totals of newest) now.set(keyOf(totals.group, totals.asset), { ...totals })
  return { now, touched: new Map() }
}

/** Adds what a leg has posted: the totals of its day, which stand for every later day until one changes them. `at` in ns. */
export function postToGroups(
  groups: Groups,
  sides: Readonly<Record<'debit' | 'credit', Pick<ReadAccount, 'path' | 'asset'>>>,
  posted: Readonly<{ units: bigint; at: bigint; payment: string }>,
): void {
  const { units, at, payment } = posted
  const day = Number(at / NS_PER_DAY) // not money: a day
  const isCapital = payment === CAPITAL
  for (const side of ['debit', 'credit'] as const) {
    const totals = totalsOf(groups, sides[side])
    totals.day = day
    if (side === 'debit') totals.debits += units
    else totals.credits += units
    if (isCapital && side === 'debit') totals.capitalDebits += units
    if (isCapital && side === 'credit') totals.capitalCredits += units
    groups.touched.set(`${keyOf(totals.group, totals.asset)} ${day}`, { ...totals })
  }
}

/** The totals that have changed, once, each at the end of its day. */
export function takeGroups({ touched }: Groups): GroupTotals[] {
  const taken = [...touched.values()]
  touched.clear()
  return taken
}

function totalsOf({ now }: Groups, { path, asset }: Pick<ReadAccount, 'path' | 'asset'>): Live {
  const group = groupOf(path)
  const key = keyOf(group, asset)
  const found = now.get(key)
  if (found) return found
  const fresh: Live = { group, asset, day: 0, debits: 0n, credits: 0n, capitalDebits: 0n, capitalCredits: 0n }
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
