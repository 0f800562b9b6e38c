import { allocate } from '../money/allocate.ts'
import { min } from '../money/integers.ts'
import type { AccountPath } from '../ports/books.ts'
import type { Share } from './standing.ts'

/** So much is to be had of an account, of which `share` at the rate of the payment. */
type Taking = Readonly<{ from: AccountPath; units: bigint; share: bigint }>

/** `brought`: what the part had brought its payees; `worth`: what it costs now, never less. */
type Wanted = Readonly<{
  brought: bigint
  worth: bigint
  shares: readonly Share[]
  /** The party that asks, when it is one: nobody can take another's money by its own key. */
  asker: string | undefined
  availableOf: (party: string) => bigint
  /** What the operator's reserve may bear of it, and which account that is. */
  reserve: Readonly<{ from: AccountPath; units: bigint }>
}>

/**
 * Who pays for what goes back, in this order: the payees, of what their shares of the payment still have and in proportion of it, by largest remainder; the
 * party that asks; the operator's reserve. All parts of a payment together take from each payee exactly what it was given. `missing`: what nobody pays.
 */
export function takingsFor(o: Wanted): Readonly<{ takings: readonly Taking[]; missing: bigint }> {
  const takings = new Map<AccountPath, Taking>()
  const take = (from: AccountPath, units: bigint, share: bigint) => {
    if (units === 0n) return
    const before = takings.get(from)
    takings.set(from, { from, units: units + (before?.units ?? 0n), share: share + (before?.share ?? 0n) })
  }
  const available = new Map(o.shares.map(({ party }) => [party, o.availableOf(party)]))
  let missing = 0n
  for (const { party, units, share } of wantedOf(o)) {
    const isOthers = o.asker !== undefined && party !== o.asker
    const taken = isOthers ? 0n : min(units, available.get(party) ?? 0n)
    available.set(party, (available.get(party) ?? 0n) - taken)
    take(`party:${party}`, taken, min(share, taken))
    missing += units - taken
  }
  const own = o.asker === undefined ? 0n : min(missing, available.get(o.asker) ?? o.availableOf(o.asker))
  take(`party:${o.asker}`, own, 0n)
  missing -= own
  const reserved = min(missing, o.reserve.units)
  take(o.reserve.from, reserved, 0n)
  return { takings: [...takings.values()], missing: missing - reserved }
}

/** What each payee would bear: its part of what was brought, and of what that costs more by now. */
function wantedOf({ brought, worth, shares }: Wanted): readonly Readonly<{ party: string; units: bigint; share: bigint }>[] {
  const left = shares.map((share) => share.left)
  const weights = left.some((units) => units > 0n) ? left : shares.map(({ given }) => given)
  if (weights.every((weight) => weight === 0n)) return [{ party: shares[0]?.party ?? '', units: worth, share: 0n }]
  const [parts, more] = [allocate(brought, weights), allocate(worth - brought, weights)]
  return shares.map(({ party }, i) => ({ party, units: parts[i]! + more[i]!, share: parts[i]! }))
}
