import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { ETH, erc20Asset } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import { recoverSigner } from '../../gateway/payins/proof/recoverSigner.ts'
import type { VoucherChannelChain } from '../../gateway/payins/vouchers/voucherChannelChain.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import { evmRail } from '../../gateway/ports/railName.ts'
import type { MovementKind, Settlement } from '../../gateway/ports/receiver.ts'
import {
  CLOSED_FOR_EVER,
  type PackedClaim,
  type VoucherChannelState,
  type VoucherChannelTerms,
} from '../../gateway/ports/voucherChannels.ts'
import { channelIdOf } from '../../gateway/split/channelId.ts'
import { voucherDigest } from '../../gateway/split/voucher.ts'
import { unpackRows } from '../../gateway/split/voucherRow.ts'
import { createFakeStream } from './fakeStream.ts'

const CHAIN_ID = 31337
const HUB: Hex = `0x${'40'.repeat(20)}`
const TOKEN: Hex = `0x${'c0'.repeat(20)}`
export const CLOSER: Hex = `0x${'c1'.repeat(20)}`
export const TOKEN_ASSET = erc20Asset({ chainId: CHAIN_ID, address: TOKEN, code: 'USDC', scale: 6, ledger: 100 })
export const RAIL = evmRail(CHAIN_ID)
const CLOSE_DELAY_S = 86_400n
/** Wei; at 3,000 dollars this is 0.00003 USD a row. */
const ROW_COST = 10_000_000_000n

type Slot = { terms: VoucherChannelTerms; deposit: bigint; claimed: bigint; closeAt: bigint }
type Held = { slots: Map<Hex, Slot>; pots: Map<Hex, bigint> }
type Told = { kind: MovementKind; id: string; settlement: Settlement; before: string }

export type FakeHub = ReturnType<typeof createFakeHub>

/** The contract's rules for channels, one token and one closer, and a stream of what happened. `now` in seconds. */
export function createFakeHub(now: () => bigint) {
  const held: Held = { slots: new Map(), pots: new Map() }
  const { told, push, receiver } = createFakeStream(RAIL, TOKEN_ASSET)
  const history: Told[] = []
  const watched = new Map<Hex, Hex>()
  let silent = false
  let asked = 0

  type Fields = Partial<Settlement> & Pick<Settlement, 'splitId'>
  function tell(kind: MovementKind, units: bigint, before: string, fields: Fields): void {
    const id = `tx${told.length}`
    const settlement = {
      ...fields,
      kind,
      id,
      cursor: `${told.length + 1}`,
      rail: RAIL,
      place: 'hub',
      amount: money(TOKEN_ASSET, units),
      at: 0,
    }
    history.push({ kind, id, settlement, before })
    push(settlement)
  }
  const slot = (id: Hex): Slot => {
    const found = held.slots.get(id)
    if (!found) throw new Error(`there is no channel ${id}`)
    return found
  }

  const chain: VoucherChannelChain = {
    rail: RAIL,
    asset: TOKEN_ASSET,
    place: { chainId: CHAIN_ID, hub: HUB, token: TOKEN, tokenName: 'USD Coin', tokenVersion: '2', closer: CLOSER },
    watchChannel: (id, splitId) => void watched.set(id, splitId),
    async channels(ids) {
      asked += 1
      if (silent) throw new GatewayError('rail_unavailable', 'The node does not answer')
      return ids.map((id): VoucherChannelState => {
        const { deposit, claimed, closeAt } = held.slots.get(id) ?? { deposit: 0n, claimed: 0n, closeAt: 0n }
        return { id, deposit, claimed, closeAt }
      })
    },
    async openChannel(id, { terms, deposit }) {
      hub.deposit(terms, deposit.value)
      return { kind: 'settled', evidence: { rail: RAIL, id, at: 0 }, fee: money(ETH, 1n) }
    },
    async claimPacked(id, { splitId, closer, rows }: PackedClaim) {
      hub.claims += 1
      const before = snapshot(held)
      const value = unpackRows(rows).reduce((sum, row) => sum + claimRow(held, splitId, closer, row), 0n)
      held.pots.set(splitId, (held.pots.get(splitId) ?? 0n) + value)
      if (value > 0n) tell('vouched', value, before, { splitId })
      return { kind: 'settled', evidence: { rail: RAIL, id, at: 0 }, fee: money(ETH, 1n) }
    },
    async closeChannel(id, { terms, claimedMin }) {
      const own = slot(channelIdOf(terms))
      if (own.claimed < claimedMin || own.closeAt === CLOSED_FOR_EVER) return { kind: 'failed', reason: 'reverted' }
      hub.withdraw(channelIdOf(terms))
      return { kind: 'settled', evidence: { rail: RAIL, id, at: 0 }, fee: money(ETH, 1n) }
    },
    openCost: () => money(ETH, ROW_COST),
    closeCost: () => money(ETH, ROW_COST),
    claimCost: (rows) => money(ETH, ROW_COST * rows),
  }

  const hub = {
    chain,
    claims: 0,
    watched: watched as ReadonlyMap<Hex, Hex>,
    asked: () => asked,
    setSilent(value: boolean): void {
      silent = value
    },
    /** What a rail's stream would tell; from the beginning, then live. */
    receiver,
    told: () => told,
    /** What was told before is not told again. */
    forget: () => void told.splice(0),
    deposit(terms: VoucherChannelTerms, units: bigint): Hex {
      const [id, before] = [channelIdOf(terms), snapshot(held)]
      const standing = held.slots.get(id)
      held.slots.set(id, { terms, deposit: (standing?.deposit ?? 0n) + units, claimed: standing?.claimed ?? 0n, closeAt: 0n })
      const opened = standing ? {} : { payer: terms.payer, channel: { salt: terms.salt, closer: terms.closer } }
      tell('deposited', units, before, { splitId: terms.splitId, channelId: id, ...opened })
      return id
    },
    requestClose(id: Hex): void {
      slot(id).closeAt = now() + CLOSE_DELAY_S
    },
    withdraw(id: Hex): void {
      const [own, before] = [slot(id), snapshot(held)]
      const rest = own.deposit - own.claimed
      Object.assign(own, { deposit: own.claimed, closeAt: CLOSED_FOR_EVER })
      tell('withdrawn', rest, before, { splitId: own.terms.splitId, channelId: id, payer: own.terms.payer })
    },
    /** The chain replaces the block of what was told last; with `again` the same lands in the next one. */
    reorganise(again: boolean): void {
      const last = history.pop()
      if (!last) return
      const after = snapshot(held)
      restore(held, last.before)
      const { kind, id, settlement } = last
      const cursor = `${told.length + 1}`
      push({ ...settlement, kind: 'demoted', id: `${id}:demoted`, cursor, takesBack: { kind, id } })
      if (!again) return
      restore(held, after)
      tell(kind, settlement.amount.units, last.before, settlement)
    },
    lastTold: () => history.at(-1)?.settlement,
    state: (id: Hex): Slot | undefined => held.slots.get(id),
    pot: (splitId: Hex) => held.pots.get(splitId) ?? 0n,
    /** What its channels hold beside the pots. */
    inChannels: () => [...held.slots.values()].reduce((sum, own) => sum + own.deposit - own.claimed, 0n),
  }
  return hub
}

function snapshot({ slots, pots }: Held): string {
  return JSON.stringify([[...slots], [...pots]], (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v))
}

function restore(held: Held, text: string): void {
  const revive = (_: string, v: unknown) => (typeof v === 'string' && /^\d+n$/.test(v) ? BigInt(v.slice(0, -1)) : v)
  const [slots, pots] = JSON.parse(text, revive) as [[Hex, Slot][], [Hex, bigint][]] // As `snapshot` wrote it.
  held.slots = new Map(slots)
  held.pots = new Map(pots)
}

/** What the row's voucher adds to what was claimed; nothing where the contract would pass over it. */
function claimRow({ slots }: Held, splitId: Hex, closer: Hex, row: ReturnType<typeof unpackRows>[number]): bigint {
  const { payer, salt, cumulative, signature } = row
  const id = channelIdOf({ payer, salt, splitId, token: TOKEN, closer })
  const own = slots.get(id)
  if (!own || cumulative <= own.claimed || cumulative > own.deposit) return 0n
  const digest = voucherDigest({ chainId: CHAIN_ID, hub: HUB }, { channelId: id, cumulative })
  if (recoverSigner(digest, signature) !== payer) return 0n
  const gained = cumulative - own.claimed
  own.claimed = cumulative
  return gained
}
