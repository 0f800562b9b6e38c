import { max } from '../money/integers.ts'
import type { Money } from '../money/money.ts'
import type { Payouts } from '../payouts/payout/payouts.ts'
import { railPath } from '../payouts/payoutState/entries.ts'
import type { Outcome } from '../ports/outcome.ts'
import type { RailName } from '../ports/railName.ts'
import { utcDay } from '../ports/utcDay.ts'
import type { ReconciliationContext } from './context.ts'
import type { BreakData } from './facts.ts'
import { proposalFor } from './proposal.ts'
import type { SentPayment, SentPayments } from './sentPayments.ts'
import { openAs, resolveCleared } from './writeBreak.ts'

/** Payments of one look, and how many are asked for at once. */
const LOOK_MAX = 2_000
const WIDTH = 8
/** A payment that its rail does not know for so long is missing. */
const MISSING_MS = 3_600_000
/** So does one of which the rail says nothing at all, for so long: a node that is down has lost nothing. */
const SILENT_MS = 24 * MISSING_MS

export type PaymentSides = Readonly<{ sent: SentPayments; payouts: Pick<Payouts, 'lookAgain'>; settledMs: number }>
type Said = Readonly<{ row: SentPayment; amount: Money; outcome: Outcome }>

/** Asks rails again for payments that the ledger has as gone. */
export function createPaymentLooks(c: ReconciliationContext, m: PaymentSides) {
  /** What this pass has yet to ask for. */
  const passes = new Map<RailName, Set<string>>()

  /** Begins a pass over all rows that there are once the last one is through, so that many without an answer hide none, and each is asked for again. */
  function next(rail: RailName): SentPayment[] {
    const rows = [...m.sent.before(c.clock.now() - m.settledMs)].filter((row) => row.rail === rail)
    const before = passes.get(rail)
    const rest = rows.filter(({ id }) => before?.has(id))
    const pass = rest.length > 0 ? rest : rows
    passes.set(rail, new Set(pass.map(({ id }) => id)))
    return pass.slice(0, LOOK_MAX)
  }

  /** Those that it confirms with the same fee are answered; of the others breaks are opened. A rail that says nothing is asked for no more this time. */
  return async (rail: RailName) => {
    const rows = next(rail)
    const confirmed: string[] = []
    let breaks = 0
    for (let at = 0; at < rows.length; at += WIDTH) {
      const group = rows.slice(at, at + WIDTH)
      const all = await Promise.all(group.map((row) => ask(m, row)))
      for (const { id } of group) passes.get(rail)?.delete(id)
      for (const one of all) {
        const data = breakOf(one, c.clock.now())
        if (data) breaks += (await openAs(c, data)) ? 1 : 0
        else if (one.outcome.kind === 'settled') confirmed.push(one.row.id)
        if (one.outcome.kind === 'settled' && one.row.missing) await clearMissing(c, one.row.missing)
      }
      if (all.every(({ outcome }) => isSilent(outcome))) break
    }
    return { confirmed, breaks }
  }
}

function isSilent(outcome: Outcome): boolean {
  return outcome.kind === 'unknown' && outcome.silent === true
}

async function ask({ payouts }: PaymentSides, row: SentPayment): Promise<Said> {
  const said = await payouts.lookAgain(row.id)
  // Its own record is in the same books.
  if (!said) throw new Error(`invariant broken: ${row.id} was settled and is no attempt`)
  return { row, ...said }
}

async function clearMissing(c: ReconciliationContext, id: string): Promise<void> {
  const one = c.records.get(id)
  if (one?.status === 'open') await resolveCleared(c, one.id, 'The rail shows it')
}

/** Undefined of what agrees, and of what may yet. */
function breakOf({ row, amount, outcome }: Said, now: number): BreakData | undefined {
  const { id, rail, evidence, asset, fee, at } = row
  const common = { rail, side: 'out', account: railPath(rail as Exclude<RailName, 'book'>), day: utcDay(now), expectations: [id] } as const
  if (outcome.kind === 'settled') {
    const moved = outcome.fee.units
    if (outcome.fee.asset.id === asset && moved === BigInt(fee)) return undefined
    const proposal = proposalFor({
      kind: 'fee_mismatch',
      of: 'fee',
      rail,
      account: common.account,
      more: moved < BigInt(fee),
      waits: false,
    })
    const sums = { asset, expected: fee, moved: moved.toString(), ...(proposal ? { proposal } : {}) }
    return { ...common, ...sums, kind: 'fee_mismatch', movements: [evidence] }
  }
  const waits = outcome.kind === 'unknown' && max(now - at, 0) < (isSilent(outcome) ? SILENT_MS : MISSING_MS)
  if (waits || row.missing) return undefined
  const text = outcome.detail === undefined ? {} : { text: outcome.detail }
  return { ...common, ...text, kind: 'missing', asset: amount.asset.id, expected: amount.units.toString(), moved: '0', movements: [] }
}
