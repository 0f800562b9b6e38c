import { setTimeout as pause } from 'node:timers/promises'
import type { Cursor } from '../../../gateway/ports/ids.ts'
import type { Settlement } from '../../../gateway/ports/receiver.ts'
import { RpcRefused, RpcSilent } from '../node/rpc.ts'
import type { Header } from '../node/wire.ts'
import { BLOCK_END, type Position, readCursor } from './position.ts'
import { type RollBackParts, rollBack } from './rollBack.ts'
import { readOn, readPast, type StreamParts } from './streamRanges.ts'

type WatcherParts = StreamParts &
  RollBackParts &
  Readonly<{
    pollMs: number
    horizon: () => Header | undefined
    /** What this authorization paid was taken back. */
    onTakenBack(authorization: string): void
  }>

/**
 * The stream of what the chain says moved, in chain order, each item once behind its cursor. Only blocks below the tracker's horizon are
 * read, so everything in it is final by the policy. When the chain replaces blocks all the same, what was reported from them comes again
 * as `demoted`, newest first, and then what is in their place. A split that is watched later than its first money is caught up: then its
 * past comes at the present cursor, under ids that never change.
 */
export function createWatcher(parts: WatcherParts) {
  const { watch, passed, reports, log } = parts

  function start(after: Cursor): Position {
    const position = readCursor(after, parts.firstBlock)
    const quiet = passed.quietThrough(after)
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
          if (horizon) position = await rollBack(parts, position, horizon)
          for (let item = reports.nextLeaving(); item; item = reports.nextLeaving()) {
            // A rewind that an earlier run began is taken up again.
            if (item.rewind !== undefined && item.rewind < position.block) position = { block: item.rewind, index: BLOCK_END }
            const demoted = item.settlement(cursor)
            yield demoted
            if (signal.aborted) return
            cursor = demoted.cursor
            reports.setGone(item.id)
            if (demoted.reference) parts.onTakenBack(demoted.reference)
          }
          const late = await readPast(parts, position)
          for (const { settlement } of signal.aborted ? [] : reports.add(late.items)) {
            yield { ...settlement, cursor }
            if (signal.aborted) return
          }
          if (signal.aborted) return
          if (late.splits.length > 0) watch.setCaughtUp(late.splits)
          if (horizon && horizon.number > position.block) {
            const { items, end } = await readOn(parts, position, horizon, signal)
            for (const { settlement, position: reached } of reports.add(items)) {
              yield settlement
              if (signal.aborted) return
              cursor = settlement.cursor
              position = reached
            }
            if (signal.aborted) return
            position = { block: end.number, index: BLOCK_END }
            passed.add(end, cursor)
            reports.prune(passed.oldest())
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
