import { invariant } from '../../errors/invariant.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Hex } from '../../ports/ids.ts'
import type { VoucherChannelState } from '../../ports/voucherChannels.ts'
import type { VoucherChannel } from '../settlement/voucherChannelRecords.ts'

/** Who says of the channels of a chain how they are. */
type StatesChain = Readonly<{ channels: (ids: readonly Hex[]) => Promise<readonly VoucherChannelState[]> }>
type Known = Pick<VoucherChannel, 'rail' | 'id' | 'deposit'>

/**
 * How old the chain's word may be when a voucher is taken on it. A close takes effect a day after it was requested, so a voucher that is taken a
 * minute after the request can still be claimed.
 */
const FRESH_MS = 60_000

export type ChainStates = ReturnType<typeof createChainStates>

/** What each channel's chain said of it last; one state a channel. */
export function createChainStates(o: { chainOf: (rail: string) => StatesChain; clock: Clock }) {
  const last = new Map<string, Readonly<{ state: VoucherChannelState; at: number }>>()
  const asking = new Map<string, Promise<VoucherChannelState>>()
  const keyOf = ({ rail, id }: Pick<VoucherChannel, 'rail' | 'id'>) => `${rail} ${id}`

  /** Asks the chain about channels of one rail, now. Throws `rail_unavailable`. */
  async function ask(rail: string, ids: readonly Hex[]): Promise<readonly VoucherChannelState[]> {
    const at = o.clock.now()
    const states = await o.chainOf(rail).channels(ids)
    // Of a channel that does not exist nothing is kept: anybody can name one.
    for (const [i, id] of ids.entries()) {
      const state = states[i]!
      if (state.deposit === 0n) last.delete(`${rail} ${id}`)
      else last.set(`${rail} ${id}`, { state, at })
    }
    return states
  }

  async function askOne(channel: Pick<VoucherChannel, 'rail' | 'id'>): Promise<VoucherChannelState> {
    const [state] = await ask(channel.rail, [channel.id])
    invariant(state, 'a chain answers for each channel it is asked about')
    return state
  }

  return {
    ask,
    askOne,
    /** What was said last, however old. */
    last: (channel: Pick<VoucherChannel, 'rail' | 'id'>): VoucherChannelState | undefined => last.get(keyOf(channel))?.state,
    /** The next voucher of this channel is judged by what the chain says then. */
    forget: (channel: Pick<VoucherChannel, 'rail' | 'id'>): void => void last.delete(keyOf(channel)),
    /** From memory when it is young enough and knows of the deposits that are booked; many who ask at once are one question. */
    async fresh(channel: Known): Promise<VoucherChannelState> {
      const key = keyOf(channel)
      const known = last.get(key)
      if (known && o.clock.now() - known.at < FRESH_MS && known.state.deposit >= channel.deposit) return known.state
      const question = asking.get(key) ?? askOne(channel).finally(() => asking.delete(key))
      asking.set(key, question)
      return question
    },
  }
}
