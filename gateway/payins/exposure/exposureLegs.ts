import type { Asset } from '../../money/asset.ts'
import type { AccountPath, Entry, Leg } from '../../ports/books.ts'
import type { EntryId } from '../../ports/ids.ts'

/** Where allowances are filled from, and where what was lost goes: no money of a rail, but what the operator has set aside. */
export const SET_ASIDE: AccountPath = 'capital:exposure'
/** Of all payers who have never settled anything. */
export const NEW_PAYERS: AccountPath = 'exposure:new'
/** Of the payers who have never settled anything and for whom a known agent asks; a colon begins another part of a path. */
export function agentLineOf(agent: string): AccountPath {
  return `exposure:agent:${agent.replaceAll(':', ';')}`
}
/** Of the gateway: an account whose credits are limited, so that one leg counts against a payer and against it. */
export const GATEWAY: AccountPath = 'ceiling:gateway'

/** What a payer may owe: as much as it has settled, to a limit. */
export function lineOf(payer: string): AccountPath {
  return `exposure:payer:${payer}`
}

/** Holds so much of three allowances in two legs; the ledger declines when one of them has less. */
export function exposureLegs(o: Readonly<{ line: AccountPath; route: AccountPath; usd: Asset; units: bigint }>): Leg[] {
  const hold = (debit: AccountPath, credit: AccountPath): Leg => ({
    kind: 'hold',
    debit,
    credit,
    asset: o.usd,
    units: o.units,
    timeoutS: 0,
  })
  return [hold(o.line, GATEWAY), hold(o.route, SET_ASIDE)]
}

/** How many legs `exposureLegs` makes. */
const LEGS = 2

function isExposure(leg: Leg): boolean {
  return leg.kind === 'hold' && leg.debit.startsWith('exposure:')
}

/** The legs of a claim's entry that are about its money. */
export function moneyLegs({ legs }: Pick<Entry, 'legs'>): readonly Leg[] {
  return legs.filter((leg) => !isExposure(leg))
}

/** Gives back what a claim holds of allowances, from leg `first` of its entry on. */
export function giveBackLegs(entry: EntryId, first: number, usd: Asset): Leg[] {
  return Array.from({ length: LEGS }, (_, i): Leg => ({ kind: 'void', pending: { entry, leg: first + i }, asset: usd }))
}

/** Ends what a claim holds whose money will not come: the money's holds are released, and what it held of allowances is used up, or `lost` of it (USD). */
export function lossLegs(entry: Entry, lost?: bigint): Leg[] {
  return entry.legs.flatMap((leg, i): Leg[] => {
    const pending = { entry: entry.id, leg: i }
    if (leg.kind !== 'hold') return []
    return [
      isExposure(leg) ? { kind: 'post', pending, asset: leg.asset, units: lost ?? leg.units } : { kind: 'void', pending, asset: leg.asset },
    ]
  })
}
