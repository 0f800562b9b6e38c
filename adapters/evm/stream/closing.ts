import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Contracts } from '../node/contracts.ts'
import { RpcRefused } from '../node/rpc.ts'
import type { Header, Log } from '../node/wire.ts'
import { transfersIn } from './events.ts'

export type Closing = ReturnType<typeof createClosing>

type Moved = ReadonlyMap<Hex, bigint>
/** What two places held at a block, and what the transfers since then moved in and out of them, up to `reached`; `next` is not passed yet. */
type Account = Readonly<{ block: bigint; held: Moved; moved: Moved; reached: bigint; next?: Readonly<{ to: bigint; moved: Moved }> }>

/** Nodes keep the state of so many recent blocks at least (geth: of 128). */
const STATE_BLOCKS = 64n

type ClosingParts = Readonly<{ agreedContracts: Contracts; token: Hex; hub: Hex; operator: Hex }>

/**
 * Compares what the stream read with what the token says: the balances of the wallet and of the hub, where all pots and channels are, must
 * have changed by exactly the transfers that were found. It needs no query for any split.
 */
export function createClosing({ agreedContracts, token, hub, operator }: ClosingParts) {
  const places = { wallet: operator, hub }
  let account: Account | undefined

  async function heldAt(block: bigint): Promise<Map<Hex, bigint> | undefined> {
    try {
      const all = Object.values(places)
      const held = await Promise.all(all.map((place) => agreedContracts.balanceOf(place, block)))
      return new Map(all.map((place, i) => [place, held[i]!]))
    } catch (error) {
      // Nodes keep the state of recent blocks only.
      if (error instanceof RpcRefused) return undefined
      throw error
    }
  }

  /** A new account at this block, where the nodes still have its state. */
  async function begin(block: bigint, horizon: Header): Promise<Account | undefined> {
    const held = block < 0n || horizon.number - block > STATE_BLOCKS ? undefined : await heldAt(block)
    return held && { block, held, moved: new Map(), reached: block }
  }

  return {
    /**
     * Takes all transfers in the blocks behind `from` up to `to`, and compares where `to` is the horizon. Answers what does not add up, and
     * the block at which it last did. Repeating a call that threw, or was not acted on, counts nothing twice.
     */
    async check(logs: readonly Log[], { from, to, horizon }: { from: bigint; to: bigint; horizon: Header }): Promise<Gap | undefined> {
      const { next } = account ?? {}
      if (account && next?.to === from)
        account = { block: account.block, held: account.held, moved: sum(account.moved, next.moved), reached: from }
      const before = account?.reached === from ? account : await begin(from, horizon)
      const added = movedBy(logs, token, Object.values(places))
      account = before && { block: before.block, held: before.held, moved: before.moved, reached: from, next: { to, moved: added } }
      if (to !== horizon.number) return undefined
      const held = await heldAt(to)
      if (!held) return undefined
      const moved = before && sum(before.moved, added)
      const wrong = Object.entries(places).find(([, at]) => before && held.get(at) !== before.held.get(at)! + (moved?.get(at) ?? 0n))
      if (!wrong || !before) {
        account = { block: to, held, moved: new Map(), reached: to }
        return undefined
      }
      // The same blocks are read again, and compared with the same balances.
      account = { block: before.block, held: before.held, moved: new Map(), reached: before.block }
      return { place: wrong[0], from: before.block }
    },
  }
}

type Gap = Readonly<{ place: string; from: bigint }>

function movedBy(logs: readonly Log[], token: Hex, places: readonly Hex[]): Moved {
  const transfers = transfersIn(logs, token)
  const units = (place: Hex) =>
    transfers.reduce((total, { from, to, value }) => total + (to === place ? value : 0n) - (from === place ? value : 0n), 0n)
  return new Map(places.map((place) => [place, units(place)]))
}

function sum(a: Moved, b: Moved): Moved {
  return new Map([...b].map(([place, units]) => [place, units + (a.get(place) ?? 0n)]))
}
