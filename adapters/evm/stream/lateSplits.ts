import { setTimeout as pause } from 'node:timers/promises'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { RpcRefused, RpcSilent } from '../node/rpc.ts'
import type { Header } from '../node/wire.ts'
import { isAfter, type Position } from './position.ts'
import { readPast } from './readPast.ts'
import type { StreamParts } from './streamRanges.ts'
import type { Placed } from './translate.ts'
import type { Watched } from './watchTable.ts'

/** What came to late splits before the stream took them up. */
type Past = Readonly<{ items: readonly Placed[]; splits: readonly Hex[] }>

/** Looks of the stream until a past that could not be read is tried again. */
const RETRY_POLLS = 20

/**
 * Splits that are watched when the stream stands behind their first money already. The stream takes them up at once, where it stands; what
 * is behind that is read beside it, and never in its way.
 */
export function createLateSplits(parts: StreamParts & Readonly<{ pollMs: number }>, signal: AbortSignal) {
  let reading = false
  let read: Past | undefined
  /** Counts how often the stream went back: what was read before that may stand in blocks that were replaced. */
  let turns = 0

  const fresh = (): Watched[] => parts.watch.all().filter((split) => !split.caughtUp)

  async function readBeside(splits: readonly Watched[], end: Header): Promise<void> {
    const turn = turns
    const past = await readPast(parts, splits, end)
    const stands = (await parts.agreed.header(end.number)).hash === end.hash
    if (turn !== turns || !stands) return
    const from = new Map(parts.watch.all().map(({ splitId, takenUp }) => [splitId, takenUp]))
    const before = ({ position, settlement }: Placed) => !isAfter(position, from.get(settlement.splitId!)!)
    read = { items: past.items.filter(before), splits: past.splits }
    if (past.splits.length < splits.length) throw new RpcSilent('the past of some splits does not add up')
  }

  async function readOrWait(splits: readonly Watched[], end: Header): Promise<void> {
    try {
      await readBeside(splits, end)
    } catch (error) {
      if (!(error instanceof RpcSilent) && !(error instanceof RpcRefused)) throw error
      await pause(parts.pollMs * RETRY_POLLS, undefined, { signal }).catch(() => undefined)
    } finally {
      reading = false
    }
  }

  return {
    /** The stream stands here: it reads the events of what is new from here on. Before the first block there is no past. */
    takeUp(position: Position): void {
      parts.watch.takeUp(position)
      if (position.block < parts.firstBlock) read = { items: [], splits: fresh().map(({ splitId }) => splitId) }
    },
    /** The stream has read to the end of this block, whose state the nodes still have: the past is read up to there. */
    begin(end: Header): void {
      const late = fresh().filter(({ takenUp }) => takenUp !== undefined)
      if (late.length === 0 || reading || read) return
      reading = true
      void readOrWait(late, end)
    },
    /** What has been read by now, once. */
    take(): Past | undefined {
      const past = read
      read = undefined
      return past
    },
    /** The splits whose events the stream reads. */
    streamed: (): Watched[] => parts.watch.all().filter(({ caughtUp, takenUp }) => caughtUp || takenUp !== undefined),
    /** The stream goes back: what was read of the past may be of replaced blocks. */
    goBack(): void {
      turns += 1
      read = undefined
    },
  }
}
