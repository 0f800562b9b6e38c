import { GatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { money } from '../../money/money.ts'
import type { Books } from '../../ports/books.ts'
import type { RailName } from '../../ports/railName.ts'
import type { InFlight, RailBalance, Statement } from '../../ports/statement.ts'
import { silentRow, type VerifyRow, verifyRow } from './verifyRow.ts'

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
        if (!(error instanceof GatewayError)) throw error
        return [silentRow(`rail:${rail}`, error)]
      }
    }),
  )
  return rows.flat()
}

function compareRail(books: Books, rail: RailName, b: RailBalance, under: readonly InFlight[]): VerifyRow {
  const { asset } = b.amount
  const path = accounts.rail(rail, b.place)
  const own = books.balance(path, asset)
  const ledger = money(asset, own.debitsPosted - own.creditsPosted)
  const named = [...b.inFlight, ...under.filter((u) => u.rail === rail && u.place === b.place && u.amount.asset.id === asset.id)]
  return verifyRow(path, ledger, b.amount, named)
}
