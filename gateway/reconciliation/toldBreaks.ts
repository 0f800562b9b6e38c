import { accounts } from '../ledger/journal/accounts.ts'
import { settlementId } from '../payins/settlement/settlementId.ts'
import type { RailName } from '../ports/railName.ts'
import type { MovementKind, Settlement } from '../ports/receiver.ts'
import type { Stranger } from '../ports/statement.ts'
import { utcDay } from '../ports/utcDay.ts'
import type { ReconciliationContext } from './context.ts'
import type { BreakData } from './facts.ts'
import { proposalFor } from './proposal.ts'
import type { SentPayments } from './sentPayments.ts'
import type { ToldMovements } from './toldMovements.ts'
import { openAs, resolveCleared } from './writeBreak.ts'

/** How many strangers a rail names at most: of fewer those that are not named are gone. */
const STRANGERS_MAX = 1_000
/** What takes from what a rail holds. */
const OUT: ReadonlySet<MovementKind | 'demoted'> = new Set(['claimed', 'withdrawn', 'spent', 'demoted'])

export type ToldSides = Readonly<{ told: ToldMovements; sent: SentPayments; settledMs: number }>
/** What left a rail and nothing here sent; undefined where it cannot tell. */
type Seen = Readonly<{ rail: RailName; strangers: readonly Stranger[] | undefined }>

/** Opens what a rail told or did and the books have not, or otherwise. Returns how many breaks are new. */
export async function openTold(c: ReconciliationContext, m: ToldSides, { rail, strangers = [] }: Seen): Promise<number> {
  const late = m.told.untaken().filter(({ settlement, since }) => settlement.rail === rail && since <= c.clock.now() - m.settledMs)
  const found = [
    ...m.told
      .takeFound(rail)
      .map(({ kind, settlement, beside, booked }) =>
        kind === 'duplicate'
          ? { ...ofSettlement(settlement, { kind, expected: booked, moved: 0n }), beside: [`${rail}:${settlement.kind}:${beside}`] }
          : { ...ofSettlement(settlement, { kind, expected: booked, moved: settlement.amount.units }), expectations: [beside] },
      ),
    ...late.map(({ settlement }) => ofSettlement(settlement, { kind: 'unexpected', expected: 0n, moved: settlement.amount.units })),
    ...strangers.filter(({ names }) => !names.some(m.sent.isOurs)).map((stranger) => ofStranger(rail, stranger)),
  ]
  let opened = 0
  for (const data of found) opened += (await openAs(c, data)) ? 1 : 0
  return opened
}

/** Ends what the books have taken since, and what the rail does not show any more. */
export async function clearTold(c: ReconciliationContext, { sent }: Pick<ToldSides, 'sent'>, { rail, strangers }: Seen): Promise<void> {
  const named = new Map(strangers?.map((stranger) => [strangerId(rail, stranger.id), stranger]))
  for (const one of c.records.open()) {
    const [id] = one.movements
    if (one.rail !== rail || one.status !== 'open' || one.kind !== 'unexpected' || id === undefined) continue
    if (c.books.claim(`settlement:${id}`)) await resolveCleared(c, one.id, 'The ledger has it now, or the rail took it back')
    else if (id.startsWith(strangerId(rail, '')) && strangers && strangers.length < STRANGERS_MAX) {
      const stranger = named.get(id)
      if (!stranger) await resolveCleared(c, one.id, 'The rail does not show it any more')
      else if (stranger.names.some(sent.isOurs)) await resolveCleared(c, one.id, 'The ledger has it now')
    }
  }
}

function strangerId(rail: RailName, id: string): string {
  return `${rail}:stranger:${id}`
}

type Sums = Readonly<{ kind: 'unexpected' | 'duplicate' | 'amount'; expected: bigint; moved: bigint }>

/** What is told a second time has moved once: the rail holds less than the books by it. */
function ofSettlement(s: Settlement, { kind, expected, moved }: Sums): BreakData {
  const side = OUT.has(s.kind) ? 'out' : 'in'
  const account = accounts.rail(s.rail, s.place)
  const more = side === 'in' ? moved > expected : moved < expected
  const of = s.kind === 'spent' ? 'fee' : 'payment'
  const proposal = proposalFor({ kind, of, rail: s.rail, account, more, waits: false })
  return {
    rail: s.rail,
    kind,
    side,
    account,
    asset: s.amount.asset.id,
    expected: expected.toString(),
    moved: moved.toString(),
    day: utcDay(s.at),
    expectations: [],
    movements: [settlementId(s)],
    ...(s.payer === undefined ? {} : { counterparty: s.payer }),
    ...(s.remittance === undefined ? {} : { text: s.remittance }),
    ...(proposal ? { proposal } : {}),
  }
}

function ofStranger(rail: RailName, { id, place, kind, side, amount, day, counterparty, text }: Stranger): BreakData {
  const account = accounts.rail(rail, place)
  const proposal = proposalFor({ kind: 'unexpected', of: kind, rail, account, more: side === 'in', waits: false })
  return {
    rail,
    kind: 'unexpected',
    side,
    account,
    asset: amount.asset.id,
    expected: '0',
    moved: amount.units.toString(),
    day,
    expectations: [],
    movements: [strangerId(rail, id)],
    ...(counterparty === undefined ? {} : { counterparty }),
    ...(text === undefined ? {} : { text }),
    ...(proposal ? { proposal } : {}),
  }
}
