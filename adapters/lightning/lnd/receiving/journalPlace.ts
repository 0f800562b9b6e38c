import { GatewayError } from '../../../../gateway/errors/gatewayError.ts'
import type { Cursor } from '../../../../gateway/ports/ids.ts'
import { closingsAfter, setClosingsAfter } from '../closings/watchClosings.ts'
import type { LndStore } from '../node/store.ts'
import { lastSeq, leastIndexAfter, type SettledRow, setSettleIndex, settleIndex } from './settledRows.ts'
import { firstIndex, setFirst } from './sweep.ts'

/**
 * A cursor of the journal's: whose settle indexes it counts in, the one up to which all is booked, and the height at which the books began, after which
 * closings of channels are news.
 */
const PLACE = /^([0-9a-f]{16})\.(\d{1,15})\.(\d{1,9})$/
/** A cursor of before: a number that means something beside the file it was made with, and nothing without it. */
const OLD_PLACE = /^\d{1,18}$/

/** From where rows are told: all after `seq`, but up to `known.seq` only those that LND settled after `known.index`. */
export type Start = Readonly<{ seq: bigint; known: Readonly<{ seq: bigint; index: bigint }> }>

/** The node whose settle indexes a cursor counts in, in short: another one's number would be taken for a place of this one's. */
function epochOf(nodeId: string): string {
  return nodeId.slice(0, 16)
}

export function placeAt(store: LndStore, nodeId: string, index: bigint | number): Cursor {
  return `${epochOf(nodeId)}.${index}.${closingsAfter(store) ?? 0}`
}

/** Whether a cursor says by itself where to go on. */
export function isPlace(after: Cursor): boolean {
  return PLACE.test(after)
}

/** What the journal's cursor means to this file. Throws `rail_misconfigured` when it is another node's, or of a file that is lost. */
export function startAfter(store: LndStore, nodeId: string, after: Cursor): Start {
  if (after === '') return { seq: 0n, known: { seq: 0n, index: 0n } }
  if (OLD_PLACE.test(after)) return oldStart(store, BigInt(after))
  const [, epoch, index, height] = PLACE.exec(after) ?? []
  if (epoch !== epochOf(nodeId) || index === undefined || height === undefined) {
    throw new GatewayError('rail_misconfigured', `The journal has read the settlements of another node than ${nodeId}: ${after}`, {
      hint: 'Name the LND that this journal was written with.',
    })
  }
  takeOver(store, Number(index)) // An index of LND's, of 15 digits at most.
  setClosingsAfter(store, Number(height)) // not money: a height
  return { seq: 0n, known: { seq: lastSeq(store), index: BigInt(index) } }
}

/**
 * The file is a cache: where it is empty, or begins after what the journal has booked, it is read anew from there; where it is older than the journal, it
 * goes on from there.
 */
function takeOver(store: LndStore, index: number): void {
  const [read, first] = [settleIndex(store), firstIndex(store)]
  if (read === undefined || (first !== undefined && first > index)) {
    setFirst(store, { index })
    setSettleIndex(store, index)
  } else if (read < index) setSettleIndex(store, index)
}

function oldStart(store: LndStore, seq: bigint): Start {
  if (lastSeq(store) < seq) {
    throw new GatewayError('rail_misconfigured', `The journal counts in a file of the Lightning rail that is not here (${seq} arrivals)`, {
      hint: 'Start once with the lnd.db that this journal was written with; from the next arrival on the journal needs it no more.',
    })
  }
  return { seq, known: { seq, index: 0n } }
}

/**
 * The cursor of each row, as the journal keeps it: LND's index up to which all has been told when this row has. Rows stand in the order in which they were
 * found, and a sweep finds a later settlement before the stream tells an earlier one: then the cursor stays behind, and what is told again is claimed.
 */
export function cursorsOf(store: LndStore, nodeId: string, rows: readonly SettledRow[]): Cursor[] {
  const cursors: Cursor[] = []
  const read = BigInt(settleIndex(store) ?? 0)
  let least = leastIndexAfter(store, rows.at(-1)?.seq ?? 0n)
  for (const { seq, settleIndex: own } of rows.toReversed()) {
    cursors.push(own === undefined ? String(seq) : placeAt(store, nodeId, least === undefined || least > read ? read : least - 1n))
    if (own !== undefined && (least === undefined || own < least)) least = own
  }
  return cursors.reverse()
}
