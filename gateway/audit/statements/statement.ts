import { invariant } from '../../errors/invariant.ts'
import { type Asset, sameAsset } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { AccountPath } from '../../ports/books.ts'
import type { ReadAccount, ReadModel } from '../../ports/readModel.ts'
import type { Period } from './period.ts'
import { shownUntil } from './shownUntil.ts'
import { createStories, type Story } from './story.ts'
import type { Worth, WorthThen } from './worth.ts'

type Reads = Pick<ReadModel, 'balances' | 'changesBetween' | 'cursor' | 'newestFacts' | 'receipt'>

/** One asset of an account in a period, in units: what it had, what came, what went, and what it has. `account` is its number, 0 where there is none. */
export type AssetBalance = Readonly<{ asset: Asset; account: number; opening: bigint; in: bigint; out: bigint; closing: bigint }>

/** What has moved: `units` are negative where they went, `balance` is after it. `at` in ns; no other movement of the account has the same. */
export type Movement = Story &
  Readonly<{ at: bigint; day: string; asset: Asset; units: bigint; balance: bigint; entry: string; worth: Worth | undefined }>

/**
 * An account in a period. `until` (ns) is where it ends: where the period does, or where the journal has come to while it lasts, and then it is preliminary.
 * What is before that never changes, so all pages of it are one statement.
 */
export type Statement = Readonly<{
  path: AccountPath
  period: Period
  until: bigint
  isPreliminary: boolean
  balances: readonly AssetBalance[]
  /** Movements of an asset from a place on, in order. */
  page: (of: AssetBalance, from: Place) => Page
  /** Where the movements from a time (ns) on begin. */
  placeAt: (of: AssetBalance, at: bigint) => Place
  /** All of an asset in order, a page at a time; opening and movements come to what is closing. */
  pages: (of: AssetBalance) => Generator<readonly Movement[]>
}>

/** A time (ns), and the balance before it. */
export type Place = Readonly<{ at: bigint; balance: bigint }>
/** `next` is undefined behind the last. A page may have no movements and not be the last: what was only held moves nothing. */
type Page = Readonly<{ movements: readonly Movement[]; next: Place | undefined }>

/** `now`: as `shownUntil` takes it. */
type Terms = Readonly<{ path: AccountPath; period: Period; asset?: Asset | undefined; pageSize: number; now: number }>

const ASSETS_MAX = 1_000
const NS_PER_MS = 1_000_000n

/** Opens the statement of an account. What it costs does not grow with what stands outside the period. */
export function openStatement(reads: Reads, worthThen: WorthThen, { path, period, asset, pageSize, now }: Terms): Statement {
  const { isPreliminary, until } = shownUntil(reads, { period, now })
  const storyOf = createStories(reads)
  const balances = balancesIn(reads, path, { start: period.start, until }).filter((of) =>
    asset === undefined ? of.opening !== 0n || of.in !== 0n || of.out !== 0n : sameAsset(of.asset, asset),
  )

  function page({ asset: of, account }: AssetBalance, from: Place): Page {
    const changes = account === 0 ? [] : reads.changesBetween(account, { from: from.at, before: until, limit: pageSize })
    const last = changes.at(-1)
    let { balance } = from
    const movements = changes.flatMap((change): Movement[] => {
      if (change.kind !== 'move' && change.kind !== 'post') return []
      const isIn = change.credit.account === account
      const side = isIn ? change.credit : change.debit
      const units = isIn ? change.units : -change.units
      balance += units
      invariant(balance === side.creditsPosted - side.debitsPosted, () => `the movements of ${path} sum to its balance at ${change.at}`)
      if (units === 0n) return []
      const { at, entryId: entry } = change
      const worth = worthThen(money(of, units), Number(at / NS_PER_MS)) // not money: a time
      return [{ ...storyOf(change, isIn), at, day: period.dayOf(at), asset: of, units, balance, entry, worth }]
    })
    return { movements, next: last && { at: last.at + 1n, balance } }
  }

  function placeAt({ account }: AssetBalance, at: bigint): Place {
    const found = reads.balances(path, { limit: ASSETS_MAX, at: at - 1n }).find(({ n }) => n === account)
    return { at, balance: found ? balanceOf(found) : 0n }
  }

  function* pages(of: AssetBalance): Generator<readonly Movement[]> {
    let from: Place = { at: period.start, balance: of.opening }
    for (;;) {
      const { movements, next } = page(of, from)
      if (!next) break
      if (movements.length > 0) yield movements
      from = next
    }
    invariant(from.balance === of.closing, () => `opening and movements of ${path} in ${of.asset.id} come to what is closing`)
  }

  const named = asset && balances.length === 0 ? [{ asset, account: 0, opening: 0n, in: 0n, out: 0n, closing: 0n }] : balances
  return { path, period, until, isPreliminary, balances: named, page, placeAt, pages }
}

function balancesIn(reads: Reads, path: AccountPath, { start, until }: Readonly<{ start: bigint; until: bigint }>): AssetBalance[] {
  const at = (time: bigint) => reads.balances(path, { limit: ASSETS_MAX, at: time }).filter((account) => account.path === path)
  const before = new Map(at(start - 1n).map((account) => [account.n, account]))
  return at(until - 1n)
    .map((account): AssetBalance => {
      const opened = before.get(account.n) ?? { debitsPosted: 0n, creditsPosted: 0n }
      return {
        asset: account.asset,
        account: account.n,
        opening: balanceOf(opened),
        in: account.creditsPosted - opened.creditsPosted,
        out: account.debitsPosted - opened.debitsPosted,
        closing: balanceOf(account),
      }
    })
    .sort((a, b) => a.asset.ledger - b.asset.ledger)
}

function balanceOf({ creditsPosted, debitsPosted }: Pick<ReadAccount, 'creditsPosted' | 'debitsPosted'>): bigint {
  return creditsPosted - debitsPosted
}

/** The last day that is in it. */
export function lastDay({ isPreliminary, period, until }: Statement): string {
  if (!isPreliminary) return period.to
  return until > period.start ? period.dayOf(until - 1n) : period.from
}
