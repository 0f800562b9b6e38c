import { accounts } from '../../ledger/journal/accounts.ts'
import type { AccountPath, Books, Leg } from '../../ports/books.ts'
import type { Moves } from './bookedMoves.ts'
import { move } from './legs.ts'

/**
 * What a settlement means of which something was put aside for its payer, because the work failed or its payee gave it back. `rest`: the moves of its entry
 * but for that. `takeBack`: first what is put aside goes back to the payee, from whom the demotion takes all. `keepAgain`: when the money is here again, so
 * much is put aside again; `isAll`: all of it.
 */
type Kept = Readonly<{ rest: Moves; takeBack: readonly Leg[]; keepAgain: readonly Leg[]; isAll: boolean }>

/** Read off the ledger, so that it holds however old the request is. `moves` are those of the settlement's entry, `payment` what they were for. */
export function keptForPayer(books: Pick<Books, 'balance'>, payment: string, moves: Moves): Kept {
  const given = payment.startsWith('rc_') ? moves.find(({ credit }) => credit.startsWith('party:')) : undefined
  if (!given) return { rest: moves, takeBack: [], keepAgain: [], isAll: false }
  const { asset, credit: payee } = given
  const [surplus, taken, brought] = [accounts.surplus(payment), accounts.takenBack(payment), accounts.broughtAgain(payment)]
  const [put, back, again] = [surplus, taken, brought].map((path) => books.balance(path, asset).creditsPosted) as [bigint, bigint, bigint] // As many as paths.
  // Through accounts of their own, so that the ledger tells what a chain took and brought from what was given and paid.
  const across = (from: AccountPath, by: AccountPath, to: AccountPath, units: bigint) =>
    units > 0n ? [move(from, by, { asset, units }), move(by, to, { asset, units })] : []
  return {
    rest: moves.filter(({ credit, debit }) => ![surplus, brought].includes(credit) && debit !== brought),
    takeBack: across(surplus, taken, payee, put - back),
    keepAgain: across(payee, brought, surplus, back - again),
    isAll: back - again === given.units,
  }
}

/** True of the legs of a demotion that takes what is put aside for a payer. */
export function takesKept(legs: readonly Leg[], payment: string): boolean {
  return legs.some((leg) => leg.kind === 'move' && leg.credit === accounts.takenBack(payment))
}
