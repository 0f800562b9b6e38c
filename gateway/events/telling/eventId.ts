import { invariant } from '../../errors/invariant.ts'

const WIDTHS = { seq: 12, n: 6, i: 2 } as const
const ID = /^evt_([0-9a-f]{12})([0-9a-f]{6})([0-9a-f]{2})$/

/** Where in the journal an event stands: its block, the place of its fact in the block, and its own among the events of that fact. */
type Position = Readonly<{ seq: number; n: number; i: number }>

/** The id of the event at a position: it sorts as the journal does, and is the same for whoever reads that journal. */
export function eventId({ seq, n, i }: Position): string {
  return `evt_${hex(seq, WIDTHS.seq)}${hex(n, WIDTHS.n)}${hex(i, WIDTHS.i)}`
}

/** Sorts behind every event of a block, and before those of the next. */
export function endOfBlock(seq: number): string {
  return `evt_${hex(seq, WIDTHS.seq)}${'f'.repeat(WIDTHS.n + WIDTHS.i)}`
}

/** Sorts just before an event, and behind every one that comes before it. */
export function justBefore(id: string): string {
  invariant(ID.test(id), `${id.slice(0, 60)} is the id of an event`)
  return `evt_${hex(BigInt(`0x${id.slice('evt_'.length)}`) - 1n, WIDTHS.seq + WIDTHS.n + WIDTHS.i)}`
}

/** The block of an event; undefined for what is no id of one. */
export function blockOf(id: string): number | undefined {
  const seq = ID.exec(id)?.[1]
  return seq === undefined ? undefined : Number.parseInt(seq, 16) // not money: a place in the journal
}

function hex(value: number | bigint, width: number): string {
  const digits = value.toString(16)
  invariant(digits.length <= width, `${value} fits into ${width} hex digits of an event's id`)
  return digits.padStart(width, '0')
}
