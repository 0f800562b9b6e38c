import { invariant } from '../../errors/invariant.ts'
import type { Split } from '../../parties/party/splits.ts'
import type { AccountPath, Books, Leg } from '../../ports/books.ts'
import type { EntryId } from '../../ports/ids.ts'
import { entitlementLegs, move } from './legs.ts'

type Move = Extract<Leg, { kind: 'move' }>

/** What an entry moved, in its order. */
export type Moves = readonly Move[]

/** What an entry moved in the end: a posted hold counts as a move between the hold's accounts. What a payer may owe is no money and stays. */
export function movesOf(books: Books, id: EntryId): Move[] {
  const entry = books.entry(id)
  invariant(entry, `entry ${id} is booked`)
  return entry.legs.flatMap((leg): Move[] => {
    if (leg.kind === 'move') return leg.credit.startsWith('exposure:') ? [] : [leg]
    if (leg.kind !== 'post') return []
    const hold = books.entry(leg.pending.entry)?.legs[leg.pending.leg]
    invariant(hold?.kind === 'hold', `leg ${leg.pending.leg} of ${leg.pending.entry} is a hold`)
    return [{ kind: 'move', debit: hold.debit, credit: hold.credit, asset: leg.asset, units: leg.units }]
  })
}

/**
 * The same moves again, or with `undo` the other way round and in the opposite order. What a pot divided is divided anew: `received` is what
 * the pot has received by now, and because entitlements are a function of that sum alone, any order of coming and going ends at the same.
 */
export function repeatMoves(moves: readonly Move[], o: { undo: boolean; split: Split | undefined; received: bigint }): Leg[] {
  const divided = o.split && !o.split.house ? moves.filter(isDivision) : []
  const rest = moves.filter((leg) => !divided.includes(leg))
  const entitlements = divided.length > 0 ? division(divided, o.split!, o) : []
  const legs = [...rest, ...entitlements]
  if (!o.undo) return legs
  return legs.reverse().map((leg) => {
    invariant(leg.kind === 'move', 'only moves are undone')
    return move(leg.credit, leg.debit, leg)
  })
}

/** A pot or the hub gives to shares and dust; a claim, which takes from a share, is none. */
function isDivision({ debit, credit }: Move): boolean {
  return credit.startsWith('share:') || credit.startsWith('dust:') || debit.startsWith('dust:')
}

function division(divided: readonly Move[], split: Split, o: { undo: boolean; received: bigint }): Leg[] {
  const [first] = divided
  invariant(first, 'something was divided')
  const { asset } = first
  const from: AccountPath = first.debit.startsWith('dust:') ? first.credit : first.debit
  const value = divided.reduce((sum, leg) => sum + (leg.debit === from ? leg.units : -leg.units), 0n)
  return entitlementLegs({ split, received: o.undo ? o.received - value : o.received, value, from, asset })
}
