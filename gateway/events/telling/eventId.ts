import { invariant } from '../../errors/invariant.ts'

const WIDTHS = { seq: 12, n: 6, i: 2 } as const
const ID = /^evt_([0-9a-f]{12})([0-9a-f]{6})([0-9a-f]{2})$/

/** Where in the journal an event stands: its block, the place of its fact in the block, and its own among the events of that fact. */
type Position = Readonly<{ seq: number; n: number; i: number }>

/** The id of the event at a position: it sorts as the journal does, and is the same for whoever reads that journal. */
export function eventId({ seq, n, i }: Position): string {
  return `evt_${hex(seq, WIDTHS.seq)}${hex(n, WIDTHS.n)}${hex(i, WIDTHS.i)}`
}

/** The block of an event; undefined for what is no id of one. */
export function blockOf(id: string): number | undefined {
  const seq = ID.exec(id)?.[1]
  return seq === undefined ? undefined : Number.parseInt(seq, 16) // not money: a place in the journal
}

function hex(value: number, width: number): string {
  const digits = value.toString(16)
  invariant(digits.length <= width, `${value} fits into ${width} hex digits of an event's id`)
  return digits.padStart(width, '0')
}
