import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import type { Cursor } from '../../../gateway/ports/ids.ts'

/** A place in the stream: after the item `index` of `block`. */
export type Position = Readonly<{ block: bigint; index: bigint }>

/** Behind every item of its block. */
export const BLOCK_END = 10n ** 12n
/** Costs of our own transactions come behind the logs of their block, by their place in it. */
export const COSTS_START = 10n ** 11n
/** One log may tell of several movements; more of them than this do not fit into a transaction (13,000 gas each, 2^24 gas at most). */
const LOG_PARTS = 10_000n

/** Where the movement `part` of a log stands in its block. */
export function logIndexed(logIndex: bigint, part: number): bigint {
  return logIndex * LOG_PARTS + BigInt(part)
}

/** Reads a cursor; '' stands before `firstBlock`. */
export function readCursor(cursor: Cursor, firstBlock: bigint): Position {
  if (cursor === '') return { block: firstBlock - 1n, index: BLOCK_END }
  const match = /^([0-9]{1,18}):([0-9]{1,13})$/.exec(cursor)
  if (!match) throw new GatewayError('invalid_request', `"${cursor.slice(0, 40)}" is not a cursor of the EVM rail`)
  return { block: BigInt(match[1]!), index: BigInt(match[2]!) }
}

/** As text: `block:index`. */
export function writeCursor({ block, index }: Position): Cursor {
  return `${block}:${index}`
}

/** True when `a` comes behind `b`. */
export function isAfter(a: Position, b: Position): boolean {
  return a.block === b.block ? a.index > b.index : a.block > b.block
}
