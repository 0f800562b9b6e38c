import { newEntry } from '../../ledger/process/newEntry.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import type { Asset } from '../../money/asset.ts'
import { floorDivCount, min } from '../../money/integers.ts'
import type { AccountPath, Books, Leg } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import { GATEWAY, SET_ASIDE } from './exposureLegs.ts'

const DAY_MS = 86_400_000

/** An allowance of the operator's: the account that keeps it, and what it is filled to each day. */
type Allowance = Readonly<{ path: AccountPath; size: bigint }>

type Parts = Readonly<{ books: Books; clock: Clock; ids: IdSource; usd: Asset }>

/** Fills allowances once a day (UTC), at their first use; once more where their size was changed. */
export function createAllowances(o: Parts) {
  const { books, clock, usd } = o
  /** For which day each is filled, and while it is being filled when that is done. As many as there are accounts of routes, and two. */
  const filled = new Map<AccountPath, Readonly<{ day: number; done?: Promise<void> }>>()

  /** The day is in the books whether or not anything was missing: they alone know, after a restart too, that it was filled. */
  async function fill({ path, size }: Allowance, day: number): Promise<void> {
    const key = `${path}:${day}:${size}`
    if (books.claim(key)) return
    const legs = fillLegs(path, size)
    const entry = legs.length > 0 ? { entry: newEntry(o, 'exposure', legs) } : {}
    await submitUntilKnown(books, { claims: [{ key, fingerprint: 'filled' }], ...entry })
  }

  /** To its size less what is still held: what was served yesterday and is not collected counts for today too. A smaller size takes back what is free. */
  function fillLegs(path: AccountPath, size: bigint): Leg[] {
    const { has, free } = contentOf(path)
    if (has < size) return [legOf(path, size - has)]
    const over = min(has - size, free)
    return over > 0n ? [legOf(path, -over)] : []
  }

  function legOf(path: AccountPath, units: bigint): Leg {
    const more = units > 0n === (path !== GATEWAY)
    const [debit, credit] = more ? [SET_ASIDE, path] : [path, SET_ASIDE]
    return { kind: 'move', debit, credit, asset: usd, units: units < 0n ? -units : units }
  }

  /** What an allowance has, and what of it is not held. */
  function contentOf(path: AccountPath): Readonly<{ has: bigint; free: bigint }> {
    const { creditsPosted, debitsPosted, debitsPending, creditsPending } = books.balance(path, usd)
    const has = path === GATEWAY ? debitsPosted - creditsPosted : creditsPosted - debitsPosted
    return { has, free: has - (path === GATEWAY ? creditsPending : debitsPending) }
  }

  function fillOnce(allowance: Allowance, day: number): Promise<void> {
    const { path } = allowance
    const standing = filled.get(path)
    if (standing?.done && standing.day === day) return standing.done
    const done = fill(allowance, day).then(
      () => void filled.set(path, { day }),
      (error: unknown) => {
        filled.delete(path)
        throw error
      },
    )
    filled.set(path, { day, done })
    return done
  }

  return {
    /** Fills these where they were not yet filled today; a promise only where there is something to wait for. */
    open(allowances: readonly Allowance[]): Promise<unknown> | undefined {
      const day = floorDivCount(clock.now(), DAY_MS)
      const missing = allowances.filter(({ path }) => {
        const standing = filled.get(path)
        return standing?.day !== day || standing.done !== undefined
      })
      return missing.length > 0 ? Promise.all(missing.map((allowance) => fillOnce(allowance, day))) : undefined
    },
    free: (path: AccountPath): bigint => contentOf(path).free,
  }
}
