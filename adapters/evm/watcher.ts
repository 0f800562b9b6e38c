import { setTimeout as pause } from 'node:timers/promises'
import { invariant } from '../../gateway/errors/invariant.ts'
import type { Cursor } from '../../gateway/ports/ids.ts'
import type { Settlement } from '../../gateway/ports/receiver.ts'
import { BLOCK_END, type Position, readCursor } from './position.ts'
import type { RailLog } from './railLog.ts'
import { RpcRefused, RpcSilent } from './rpc.ts'
import { readOn, readPast, type StreamParts } from './streamRanges.ts'
import type { Header } from './wire.ts'

export type WatcherParts = StreamParts & Readonly<{ pollMs: number; horizon: () => Header | undefined; log: RailLog }>

/**
 * The stream of what the chain says moved, in chain order, each item once behind its cursor. Only blocks below the tracker's horizon are
 * read, so everything in it is final by the depth. A split that is watched later than its first money is caught up: then its past comes
 * at the present cursor, under ids that never change.
 */
export function createWatcher(parts: WatcherParts) {
  const { watch, log } = parts

  function start(after: Cursor): Position {
    const position = readCursor(after, parts.firstBlock)
    const quiet = watch.quietThrough(after)
    return quiet === undefined ? position : { block: quiet, index: BLOCK_END }
  }

  return {
    /** Endless until the signal aborts. Asking for the next item says that the last one was taken over. */
    async *settlements(after: Cursor, { signal }: { signal: AbortSignal }): AsyncGenerator<Settlement, void> {
      let position = start(after)
      let cursor = after
      while (!signal.aborted) {
        try {
          const horizon = parts.horizon()
          const advanced = horizon !== undefined && horizon.number > position.block
          if (advanced) position = await standing(parts, position)
          const late = await readPast(parts, position)
          for (const { settlement } of late.items) {
            yield { ...settlement, cursor }
            if (signal.aborted) return
          }
          if (signal.aborted) return
          if (late.splits.length > 0) watch.setCaughtUp(late.splits)
          if (advanced) {
            const { items, end } = await readOn(parts, position, horizon, signal)
            for (const { settlement, position: reached } of items) {
              yield settlement
              if (signal.aborted) return
              cursor = settlement.cursor
              position = reached
            }
            if (signal.aborted) return
            position = { block: end.number, index: BLOCK_END }
            watch.passed(end, cursor)
            if (end.number < horizon.number) continue
          }
        } catch (error) {
          if (!(error instanceof RpcSilent) && !(error instanceof RpcRefused)) throw error
          log('debug', 'the stream waits for the node', { why: error.message })
        }
        await pause(parts.pollMs, undefined, { signal }).catch(() => undefined)
      }
    },
  }
}

/** A block that was passed has another hash now: read again from the last that stands. */
async function standing({ chain, watch, log }: WatcherParts, position: Position): Promise<Position> {
  const passed = watch.passedBlocks(position.block)
  for (const [depth, { number, hash }] of passed.entries()) {
    if ((await chain.header(number)).hash !== hash) continue
    if (depth === 0) return position
    log('error', 'the chain replaced blocks below the finality depth; what was reported from them may not stand', {
      from: number.toString(),
    })
    watch.forgetPassed(number)
    return { block: number, index: BLOCK_END }
  }
  invariant(passed.length === 0, 'the chain replaced more blocks than are remembered: this data file cannot follow it')
  return position
}
