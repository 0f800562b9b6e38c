import { isGatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import type { Asset } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { Books } from '../../ports/books.ts'
import type { Hex } from '../../ports/ids.ts'
import type { RailName } from '../../ports/railName.ts'
import type { PotBalance, PotStatement } from '../../ports/statement.ts'
import { silentRow, type VerifyRow, verifyRow } from './verifyRow.ts'

/** A split as the contracts hold it: its key here, its id there, and the accounts that they pay. */
export type SplitTable = Readonly<{ key: string; splitId: Hex; leaves: readonly Readonly<{ account: Hex }>[] }>

/** A chain that can say what its contracts hold, in one asset. */
type PotChain = Readonly<{ rail: RailName; asset: Asset }> & PotStatement

/** What is compared: our accounts of the splits, with what the contracts of each chain hold for them. */
export type SplitSides = Readonly<{
  books: Books
  /** The splits whose money a contract holds; a party's own house is none. */
  tables: () => readonly SplitTable[]
  chains: readonly PotChain[]
}>

/**
 * Per chain and split: what the ledger owes out of the pot must equal what the contract holds for it, the undivided rest what its receiver holds,
 * and deposits with accepted vouchers what its channels hold. One silent row for a chain that does not answer.
 */
export async function splitRows({ books, tables, chains }: SplitSides): Promise<VerifyRow[]> {
  const splits = tables()
  if (splits.length === 0) return []
  const rows = await Promise.all(chains.map((chain) => chainRows(books, chain, splits)))
  return rows.flat()
}

async function chainRows(books: Books, chain: PotChain, splits: readonly SplitTable[]): Promise<VerifyRow[]> {
  try {
    const pots = await chain.pots(splits.map((s) => s.splitId))
    return pots.flatMap((pot) => {
      const split = splits.find((s) => s.splitId.toLowerCase() === pot.splitId.toLowerCase())
      return split ? potRows(books, chain, split, pot) : []
    })
  } catch (error) {
    if (!isGatewayError(error)) throw error
    return [silentRow(`pots ${chain.rail}`, error)]
  }
}

function potRows(books: Books, { rail, asset }: PotChain, { key, splitId, leaves }: SplitTable, pot: PotBalance): VerifyRow[] {
  const credit = (path: string): bigint => {
    const b = books.balance(path, asset)
    return b.creditsPosted - b.debitsPosted
  }
  const deposits = credit(accounts.channel(splitId)) + credit(accounts.vouched(splitId))
  const owed = leaves.reduce((sum, p) => sum + credit(accounts.share(splitId, p.account)), credit(accounts.dust(splitId)))
  return [
    verifyRow(`share+dust ${key} ${rail}`, money(asset, owed), money(asset, pot.received - pot.paidOut), []),
    verifyRow(`pot ${key} ${rail}`, money(asset, credit(accounts.pot(splitId))), money(asset, pot.inReceiver), []),
    verifyRow(`channel+vouched ${key} ${rail}`, money(asset, deposits), money(asset, pot.inChannels), []),
  ]
}
