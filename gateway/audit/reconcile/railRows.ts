import { isGatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { max, min } from '../../money/integers.ts'
import { type Money, money } from '../../money/money.ts'
import type { Books } from '../../ports/books.ts'
import type { RailName } from '../../ports/railName.ts'
import type { InFlight, RailBalance, Statement } from '../../ports/statement.ts'
import { beyond, silentRow, type VerifyRow, verifyRow } from './verifyRow.ts'

/** What is compared: our accounts of the rails, with what each rail says that it holds, but for what is under way. */
export type RailSides = Readonly<{
  books: Books
  statements: readonly Readonly<{ rail: RailName; statement: Statement }>[]
  inFlight: () => readonly InFlight[]
}>

/** A row for each place of each rail; one silent row for a rail that does not answer. */
export async function railRows({ books, statements, inFlight }: RailSides): Promise<VerifyRow[]> {
  const under = inFlight()
  const rows = await Promise.all(
    statements.map(async ({ rail, statement }) => {
      try {
        return (await statement.balances()).map((b) => compareRail(books, rail, b, under))
      } catch (error) {
        if (!isGatewayError(error)) throw error
        return [silentRow(`rail:${rail}`, error)]
      }
    }),
  )
  return rows.flat()
}

function compareRail(books: Books, rail: RailName, b: RailBalance, under: readonly InFlight[]): VerifyRow {
  const { path, ledger, named } = sidesOf(books, rail, b, under)
  return verifyRow(path, ledger, b.amount, named)
}

/**
 * What nothing explains: by how much the rail holds more than the books, negative where it holds less, at the account of a place. `atLeast`: the part of it
 * that what was booked around the look can not explain either.
 */
export type Unexplained = Readonly<{ account: string; difference: Money; atLeast: bigint }>

/** Each place of a rail with what is unexplained there, mostly nothing. `settleMs`: what the rail has by now is booked by then. Throws `rail_unavailable`. */
export async function unexplainedOf(
  { books, inFlight, settleMs }: Pick<RailSides, 'books' | 'inFlight'> & Readonly<{ settleMs: number }>,
  { rail, statement }: RailSides['statements'][number],
): Promise<Unexplained[]> {
  const before = new Map(books.accounts('rail').map((one) => [`${one.path} ${one.asset.id}`, one]))
  const balances = await statement.balances()
  const under = inFlight()
  const found = balances.map((b) => {
    const { path, ledger, named } = sidesOf(books, rail, b, under)
    return { account: path, amount: b.amount, named, difference: money(ledger.asset, beyond(b.amount.units - ledger.units, named)) }
  })
  if (found.some(({ difference }) => difference.units !== 0n)) await new Promise((resolve) => setTimeout(resolve, settleMs))
  return found.map(({ account, amount, named, difference }) => {
    if (difference.units === 0n) return { account, difference, atLeast: 0n }
    const from = before.get(`${account} ${amount.asset.id}`) ?? { debitsPosted: 0n, creditsPosted: 0n }
    const to = books.balance(account, amount.asset)
    // It came to have this much at some time between the two: what came in was not less than before, what went out not more than now.
    const [low, high] = [from.debitsPosted - to.creditsPosted, to.debitsPosted - from.creditsPosted]
    const by = amount.units < low ? amount.units - low : max(amount.units - high, 0n)
    return { account, difference, atLeast: beyond(by, named) }
  })
}

/** Both sides of a place, and what may explain a difference. */
export function sidesOf(books: Books, rail: RailName, b: RailBalance, under: readonly InFlight[]) {
  const { asset } = b.amount
  const path = accounts.rail(rail, b.place)
  const own = books.balance(path, asset)
  const ledger = money(asset, own.debitsPosted - own.creditsPosted)
  const here = under.filter((u) => u.rail === rail && u.place === b.place && u.amount.asset.id === asset.id)
  return { path, ledger, named: [...b.inFlight, ...notTold(here, b.inFlight)] }
}

/** Of what we know as under way what the rail's own lines do not tell: a payment that counted twice would hide that as much again is missing. */
function notTold(under: readonly InFlight[], lines: RailBalance['inFlight']): InFlight[] {
  const told = lines.map(({ amount, payments }) => ({ units: max(amount.units, -amount.units), payments: new Set(payments) }))
  return under.flatMap((one) => {
    let rest = one.amount.units
    for (const line of told.filter(({ payments }) => one.names?.some((name) => payments.has(name)))) {
      const covered = min(rest, line.units)
      line.units -= covered
      rest -= covered
    }
    if (rest === one.amount.units) return [one]
    return rest > 0n ? [{ ...one, what: `${one.what}, what the rail does not tell of it`, amount: money(one.amount.asset, rest) }] : []
  })
}
