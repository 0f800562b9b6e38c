import { setTimeout as pause } from 'node:timers/promises'
import type { Cursor } from '../../../gateway/ports/ids.ts'
import type { Settlement } from '../../../gateway/ports/receiver.ts'
import type { Chain } from '../node/chain.ts'
import { RpcRefused, RpcSilent } from '../node/rpc.ts'
import type { Header } from '../node/wire.ts'
import { createClosing } from './closing.ts'
import { createLateSplits } from './lateSplits.ts'
import { BLOCK_END, type Position, readCursor } from './position.ts'
import { createRollBack, type RollBackParts } from './rollBack.ts'
import { createSecondWord } from './secondWord.ts'
import { readOn, type StreamParts } from './streamRanges.ts'

type WatcherParts = StreamParts &
  RollBackParts &
  Readonly<{
    pollMs: number
    /** The word of both, where two endpoints are configured. */
    both: Chain | undefined
    horizon: () => Header | undefined
    /** What this authorization paid was taken back. */
    onTakenBack(authorization: string): void
  }>

/**
 * The stream of what the chain says moved, in chain order, each item once behind its cursor. Only blocks below the tracker's horizon are
 * read, so everything in it is final by the policy. When the chain replaces blocks all the same, what was reported from them comes again
 * as `demoted`, newest first, and then what is in their place. A split that is watched later than its first money is taken up where the
 * stream stands; its past is read beside it and comes at the present cursor, under ids that never change.
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
      const rollBack = createRollBack(parts)
      const late = createLateSplits(parts, signal)
      const ahead = { ...parts, closing: createClosing(parts), secondWord: createSecondWord(parts) }
      while (!signal.aborted) {
        try {
          const horizon = parts.horizon()
          const stood = position
          if (horizon) position = await rollBack(position, horizon)
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
          if (position !== stood) late.goBack()
          const past = late.take()
          for (const { settlement } of past && !signal.aborted ? reports.add(past.items) : []) {
            yield { ...settlement, cursor }
            if (signal.aborted) return
          }
          if (signal.aborted) return
          if (past) watch.setCaughtUp(past.splits)
          late.takeUp(position)
          if (horizon && horizon.number > position.block) {
            const found = await readOn(ahead, { position, horizon, splits: late.streamed(), signal })
            if ('back' in found) position = found.back
            if ('back' in found) throw new RpcSilent('the blocks do not add up')
            const { items, end } = found
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
          if (horizon?.number === position.block && position.index === BLOCK_END) late.begin(horizon)
        } catch (error) {
          if (!(error instanceof RpcSilent) && !(error instanceof RpcRefused)) throw error
          log('debug', 'the stream waits for the node', { why: error.message })
        }
        await pause(parts.pollMs, undefined, { signal }).catch(() => undefined)
      }
    },
  }
}
