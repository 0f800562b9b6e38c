import { GatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import type { Asset } from '../../money/asset.ts'
import { formatAmount, type Money, money } from '../../money/money.ts'
import type { Books } from '../../ports/books.ts'
import type { Hex } from '../../ports/ids.ts'
import type { RailName } from '../../ports/railName.ts'
import type { InFlight, PotStatement, RailBalance, Statement } from '../../ports/statement.ts'

/** `equal`: to the unit. `in_flight`: the difference is within what is named as under way. `break`: an alarm. `silent`: the rail does not answer. */
export type Verdict = 'equal' | 'in_flight' | 'break' | 'silent'
export type VerifyRow = Readonly<{
  account: string
  asset: string
  ledger: string
  rail: string
  difference: string
  in_flight: readonly Readonly<{ what: string; amount: string }>[]
  verdict: Verdict
}>
export type Verification = Readonly<{
  ok: boolean
  at: string
  journal: Readonly<{ blocks: number; head: string; verdict: 'unbroken' | 'broken'; detail?: string }>
  sums: readonly Readonly<{ asset: string; debits: string; credits: string; verdict: Verdict }>[]
  rails: readonly VerifyRow[]
  splits: readonly VerifyRow[]
}>

/** A split as the contracts hold it: its key here, its id there, and the accounts of its payees. */
export type SplitTable = Readonly<{ key: string; splitId: Hex; payees: readonly Readonly<{ account: Hex }>[] }>

/** The rails and the ledger are read one after the other, so a payment between the two reads looks like a difference: read again. */
const READS_MAX = 12
const READ_AGAIN_MS = 250
/** Not begun again after so long: a rail that keeps its whole deadline to say nothing must not hold up what the others say. */
const READING_MS_MAX = 8_000

/** Compares the ledger with itself (hash chain, sums) and with each rail's own word. */
export function createVerify(o: {
  books: Books
  /** The splits whose money a contract holds; a party's own house is none. */
  tables: () => readonly SplitTable[]
  statements: readonly Readonly<{ rail: RailName; statement: Statement }>[]
  /** Who can say what the contracts hold, a chain each. */
  chains: readonly (Readonly<{ rail: RailName; asset: Asset }> & PotStatement)[]
  inFlight: () => readonly InFlight[]
  now: () => number
}) {
  async function railRows(): Promise<VerifyRow[]> {
    const under = o.inFlight()
    const rows = await Promise.all(
      o.statements.map(async ({ rail, statement }) => {
        try {
          return (await statement.balances()).map((b) => compareRail(rail, b, under))
        } catch (error) {
          if (!(error instanceof GatewayError)) throw error
          return [silent(`rail:${rail}`, error)]
        }
      }),
    )
    return rows.flat()
  }

  function compareRail(rail: RailName, b: RailBalance, under: readonly InFlight[]): VerifyRow {
    const { asset } = b.amount
    const path = accounts.rail(rail, b.place)
    const own = o.books.balance(path, asset)
    const ledger = money(asset, own.debitsPosted - own.creditsPosted)
    const named = [...b.inFlight, ...under.filter((u) => u.rail === rail && u.place === b.place && u.amount.asset.id === asset.id)]
    return row(path, ledger, b.amount, named)
  }

  /**
   * Per chain and split: what the ledger owes out of the pot must equal what the contract holds for it, the undivided rest what its receiver holds,
   * and deposits with accepted vouchers what its channels hold.
   */
  async function splitRows(): Promise<VerifyRow[]> {
    const splits = o.tables()
    if (splits.length === 0) return []
    const rows = await Promise.all(o.chains.map((chain) => chainRows(chain, splits)))
    return rows.flat()
  }

  async function chainRows(chain: (typeof o.chains)[number], splits: readonly SplitTable[]): Promise<VerifyRow[]> {
    const { rail, asset } = chain
    const credit = (path: string) => {
      const b = o.books.balance(path, asset)
      return b.creditsPosted - b.debitsPosted
    }
    try {
      const pots = await chain.pots(splits.map((s) => s.splitId))
      return pots.flatMap((pot) => {
        const split = splits.find((s) => s.splitId.toLowerCase() === pot.splitId.toLowerCase())
        if (!split) return []
        const dust = credit(accounts.dust(split.splitId))
        const deposits = credit(accounts.channel(split.splitId)) + credit(accounts.vouched(split.splitId))
        const owed = split.payees.reduce((sum, p) => sum + credit(accounts.share(split.splitId, p.account)), dust)
        return [
          row(`share+dust ${split.key} ${rail}`, money(asset, owed), money(asset, pot.received - pot.paidOut), []),
          row(`pot ${split.key} ${rail}`, money(asset, credit(accounts.pot(split.splitId))), money(asset, pot.inReceiver), []),
          row(`channel+vouched ${split.key} ${rail}`, money(asset, deposits), money(asset, pot.inChannels), []),
        ]
      })
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      return [silent(`pots ${rail}`, error)]
    }
  }

  return async (): Promise<Verification> => {
    const chain = await o.books.verify()
    const began = o.now()
    const differs = (r: VerifyRow) => r.verdict === 'in_flight' || r.verdict === 'break'
    let [rails, splits] = await Promise.all([railRows(), splitRows()])
    for (let read = 1; read < READS_MAX && o.now() - began < READING_MS_MAX && [...rails, ...splits].some(differs); read++) {
      await new Promise((resolve) => setTimeout(resolve, READ_AGAIN_MS))
      ;[rails, splits] = await Promise.all([railRows(), splitRows()])
    }
    const sums = chain.sums.map((s) => {
      const verdict: Verdict = s.debits === s.credits ? 'equal' : 'break'
      return { asset: s.asset, debits: s.debits.toString(), credits: s.credits.toString(), verdict }
    })
    const journal = {
      ...{ blocks: chain.blocks, head: chain.head, verdict: chain.broken === undefined ? ('unbroken' as const) : ('broken' as const) },
      ...(chain.broken === undefined ? {} : { detail: chain.broken }),
    }
    const bad = [...rails, ...splits, ...sums].some((r) => r.verdict === 'break' || r.verdict === 'silent')
    return { ok: !bad && journal.verdict === 'unbroken', at: new Date(o.now()).toISOString(), journal, sums, rails, splits }
  }
}

function row(account: string, ledger: Money, rail: Money, named: readonly Readonly<{ what: string; amount: Money }>[]): VerifyRow {
  const difference = money(ledger.asset, rail.units - ledger.units)
  const room = named.reduce((sum, n) => sum + magnitude(n.amount.units), 0n)
  const verdict: Verdict = difference.units === 0n ? 'equal' : magnitude(difference.units) <= room ? 'in_flight' : 'break'
  return {
    ...{
      account,
      asset: ledger.asset.code,
      ledger: formatAmount(ledger),
      rail: formatAmount(rail),
      difference: formatAmount(difference),
      verdict,
    },
    in_flight: named.map((n) => ({ what: n.what, amount: formatAmount(n.amount) })),
  }
}

/** The rail gave no word, so nothing can be compared. */
function silent(account: string, error: GatewayError): VerifyRow {
  return { account, asset: '', ledger: '', rail: error.shortMessage, difference: '', in_flight: [], verdict: 'silent' }
}

function magnitude(units: bigint): bigint {
  return units < 0n ? -units : units
}
