import { setTimeout as pause } from 'node:timers/promises'
import { invariant } from '../../gateway/errors/invariant.ts'
import type { Asset } from '../../gateway/money/asset.ts'
import type { Cursor, Hex } from '../../gateway/ports/ids.ts'
import type { Settlement } from '../../gateway/ports/receiver.ts'
import { readBlocks } from './blockReader.ts'
import type { Chain } from './chain.ts'
import type { Contracts } from './contracts.ts'
import { BLOCK_END, isAfter, type Position, readCursor } from './position.ts'
import type { RailLog } from './railLog.ts'
import { RpcRefused, RpcSilent } from './rpc.ts'
import type { TransactionTable } from './transactionTable.ts'
import { type Placed, type Scope, translateCost } from './translate.ts'
import type { Watched, WatchTable } from './watchTable.ts'
import type { Header } from './wire.ts'

export type WatcherParts = Readonly<{
  chain: Chain
  contracts: Contracts
  transactions: TransactionTable
  watch: WatchTable
  token: Hex
  hub: Hex
  operator: Hex
  asset: Asset
  gasAsset: Asset
  firstBlock: bigint
  pollMs: number
  horizon: () => Header | undefined
  log: RailLog
}>

const RANGE_BLOCKS = 2_000n

/**
 * The stream of what the chain says moved, in chain order, each item once behind its cursor. Only blocks below the tracker's horizon are
 * read, so everything in it is final by the depth. A split that is watched later than its first money is caught up: then its past comes
 * at the present cursor, under ids that never change.
 */
export function createWatcher(parts: WatcherParts) {
  const { chain, watch, log } = parts

  function scopeOf(splits: readonly Watched[], wallet: boolean): Scope {
    const { token, hub, operator, asset, gasAsset } = parts
    const receivers = new Map(splits.map(({ receiver, splitId }) => [receiver, splitId]))
    return { token, hub, operator, asset, gasAsset, receivers, splits: new Set(splits.map(({ splitId }) => splitId)), wallet }
  }

  /** A block that was passed has another hash now: read again from the last that stands. */
  async function rewound(position: Position): Promise<Position> {
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

  /** The past of splits that are new to the stream, up to where it stands. */
  async function catchUp(position: Position): Promise<{ items: Placed[]; splits: Hex[] }> {
    const fresh = watch.all().filter((split) => !split.caughtUp)
    const items: Placed[] = []
    if (position.block >= parts.firstBlock) {
      for (const split of fresh) {
        const [pot, held] = await Promise.all([
          parts.contracts.pot(split.splitId, 'latest'),
          parts.contracts.balanceOf(split.receiver, 'latest'),
        ])
        // A receiver can only be emptied into the pot: both empty means that there is no past.
        if (pot.received === 0n && held === 0n) continue
        for (let from = parts.firstBlock; from <= position.block; from += RANGE_BLOCKS) {
          const past = await readBlocks(chain, scopeOf([split], false), from, smaller(from + RANGE_BLOCKS - 1n, position.block))
          items.push(...past.filter((item) => !isAfter(item.position, position)))
        }
      }
    }
    return { items, splits: fresh.map(({ splitId }) => splitId) }
  }

  async function readRange(position: Position, horizon: Header, signal: AbortSignal): Promise<{ items: Placed[]; end: Header }> {
    const from = position.index < BLOCK_END ? position.block : position.block + 1n
    const last = smaller(from + RANGE_BLOCKS - 1n, horizon.number)
    const end = last === horizon.number ? horizon : await chain.header(last)
    const caughtUp = watch.all().filter((split) => split.caughtUp)
    const moved = await readBlocks(chain, scopeOf(caughtUp, true), from, last)
    // The data file may be closed by now.
    if (signal.aborted) throw new RpcSilent('the stream has ended')
    const costs = parts.transactions.finalBetween(from, last).map((transaction) => translateCost(transaction, parts.gasAsset))
    const items = [...moved, ...costs].filter((item) => isAfter(item.position, position))
    items.sort((a, b) => (isAfter(a.position, b.position) ? 1 : -1))
    if ((await chain.header(last)).hash !== end.hash) throw new RpcSilent(`block ${last} changed while it was read`)
    return { items, end }
  }

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
          if (advanced) position = await rewound(position)
          const late = await catchUp(position)
          for (const { settlement } of late.items) {
            yield { ...settlement, cursor }
            if (signal.aborted) return
          }
          if (signal.aborted) return
          if (late.splits.length > 0) watch.setCaughtUp(late.splits)
          if (advanced) {
            const { items, end } = await readRange(position, horizon, signal)
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

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
