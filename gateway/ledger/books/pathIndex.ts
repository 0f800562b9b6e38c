import { invariant } from '../../errors/invariant.ts'
import type { Asset } from '../../money/asset.ts'
import type { AccountPath } from '../../ports/books.ts'
import type { BookAccount } from '../journal/chart.ts'

/**
 * Accounts by their path and by each path above it: `share:0x12:0x34` is under itself, `share:0x12` and `share`. A map holds 16 million keys and copies
 * itself when it doubles, so it is many small ones.
 */
export type PathIndex = readonly Map<AccountPath, BookAccount[]>[]

const MAPS = 64

export function newPathIndex(): PathIndex {
  return Array.from({ length: MAPS }, () => new Map<AccountPath, BookAccount[]>())
}

export function addToPaths(index: PathIndex, account: BookAccount): void {
  const { path } = account
  for (let end = path.indexOf(':'); end >= 0; end = path.indexOf(':', end + 1)) file(index, path.slice(0, end), account)
  file(index, path, account)
}

/** The accounts at a path and below it, in the order of their creation. */
export function accountsUnder(index: PathIndex, path: AccountPath): readonly BookAccount[] {
  // It would find nothing, and who asks would take that for an answer.
  invariant(!path.endsWith(':'), 'a path has no colon at its end')
  return mapOf(index, path).get(path) ?? NONE
}

/** The account at a path in this asset. Few paths have accounts below them as well. */
export function accountAtPath(index: PathIndex, path: AccountPath, asset: Asset): BookAccount | undefined {
  const under = mapOf(index, path).get(path)
  if (!under) return undefined
  for (const account of under) if (account.asset.id === asset.id && account.path === path) return account
  return undefined
}

const NONE: readonly BookAccount[] = []

function file(index: PathIndex, path: AccountPath, account: BookAccount): void {
  const map = mapOf(index, path)
  const under = map.get(path)
  if (under) under.push(account)
  else map.set(path, [account])
}

/** What ids differ in most are their last two characters. */
function mapOf(index: PathIndex, path: AccountPath): Map<AccountPath, BookAccount[]> {
  const { length } = path
  // The code of a character that is not there is NaN, which is 0 here.
  return index[(path.charCodeAt(length - 1) + 31 * path.charCodeAt(length - 2)) & (MAPS - 1)]!
}
