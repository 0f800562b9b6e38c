import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { min } from '../../money/integers.ts'
import { type Money, money } from '../../money/money.ts'
import type { Books } from '../../ports/books.ts'
import type { Hex } from '../../ports/ids.ts'
import type { EvmRailName } from '../../ports/railName.ts'
import { createChanges } from '../claim/changes.ts'
import type { Funding } from '../claim/claimEntry.ts'
import { hold, move } from '../settlement/legs.ts'
import type { VoucherChannel, VoucherChannelRecords } from '../settlement/voucherChannelRecords.ts'
import { type AcceptVoucher, checkVoucher } from '../vouchers/acceptVoucher.ts'
import type { CloseChannel } from '../vouchers/closeChannel.ts'
import type { ShownVouchers } from '../vouchers/shownVouchers.ts'
import type { VoucherChannelChain } from '../vouchers/voucherChannelChain.ts'
import type { SentVoucher } from '../vouchers/voucherWorth.ts'
import { createNewestFirst } from './newestFirst.ts'

/**
 * Units of the chain's token. `accepted`: the sum of the highest voucher. `available`: what is left of what vouchers brought in sessions. `spent` is all of
 * `accepted` that is not: for requests that were served, those that run (`held`), and vouchers that paid elsewhere.
 */
type SessionState = Readonly<{ channel: VoucherChannel; accepted: bigint; available: bigint; spent: bigint; held: bigint; deposit: bigint }>

/** `deltaMin`: what a voucher adds at least, or the whole rest of the deposit. */
type Taking = SentVoucher & Readonly<{ deltaMin: bigint }>

type Parts = Readonly<{
  books: Pick<Books, 'balance'>
  records: VoucherChannelRecords
  accept: AcceptVoucher
  close: CloseChannel
  shownUpTo: ShownVouchers['upTo']
  chains: readonly VoucherChannelChain[]
}>
type Room = Parts & Readonly<{ newest: (sent: SentVoucher) => Promise<void> }>

export type Sessions = ReturnType<typeof createSessions>

/** Sessions over the voucher channels of all chains. Nothing is remembered but what the books and the channels' records hold. */
export function createSessions(o: Parts) {
  const changes = createChanges()
  const newest = createNewestFirst({
    acceptedOf: ({ channel }) => asKnown(o, channel).accepted,
    async accept(sent) {
      const { rail, id } = sent.channel
      await o.accept(sent, (added) => [move(accounts.session(rail, id), accounts.sessions, added)])
      changes.tell(keyOf(sent.channel))
    },
  })
  const room: Room = { ...o, newest }
  return {
    stateOf: (channel: VoucherChannel): SessionState => stateOf(room, channel),
    /** The channel that pays this split, by its id; `toEnd`: also one that is closing. Throws `session_not_found` and `session_ended`. */
    find(rail: EvmRailName, id: Hex, { splitId, toEnd }: Readonly<{ splitId: Hex; toEnd: boolean }>): VoucherChannel {
      const channel = o.records.of(rail, id)
      if (!channel || channel.splitId.toLowerCase() !== splitId.toLowerCase())
        throw new GatewayError('session_not_found', `There is no channel ${id} to this payee on ${rail}`)
      if (!toEnd && (channel.withdrawn || channel.closing)) throw ended(channel)
      return channel
    },
    /**
     * Takes a voucher: durable, and to be spent, when this resolves. One that adds nothing is taken as it is, once its signature was found good and while
     * nobody else can know it. Throws `session_bad_signature`, `session_delta_small`, `session_ended`, `voucher_over_deposit` and `channel_not_accepted`.
     */
    take: (taking: Taking): Promise<void> => take(room, taking),
    /**
     * Ends the session by the payer's last voucher: what it covers beyond what was spent is the payees', and the rest of the deposit goes back. One that covers
     * less than was spent changes nothing of what stands. Answers the transaction. Throws what `take` and the closing of a channel throw.
     */
    end: (sent: SentVoucher): Promise<Hex | ''> => end(room, sent),
    /** What holds `got` for one request. Throws `session_balance_low`, and so does the claim where others were first. */
    async fund(channel: VoucherChannel, got: Money): Promise<Funding> {
      const state = stateOf(room, channel)
      if (state.available < got.units) throw balanceLow(state, got.units)
      // Its money is the payees' by the voucher itself; what is held is that it cannot pay for anything else.
      const reserved = [hold(accounts.sessions, accounts.session(channel.rail, channel.id), got)]
      return { rail: channel.rail, got, reserved, facts: () => [] }
    },
    /** Resolves once another voucher of this channel was taken, or when `signal` says so. */
    changed: (channel: VoucherChannel, signal: AbortSignal): Promise<void> => changes.next(keyOf(channel), signal),
  }
}

function asKnown({ records }: Pick<Parts, 'records'>, channel: VoucherChannel): VoucherChannel {
  return records.of(channel.rail, channel.id) ?? channel
}

function keyOf({ rail, id }: VoucherChannel): string {
  return `${rail} ${id}`
}

function chainOf({ chains }: Pick<Parts, 'chains'>, rail: string): VoucherChannelChain {
  const chain = chains.find((one) => one.rail === rail)
  if (!chain) throw new GatewayError('rail_unavailable', `${rail} is not configured`)
  return chain
}

function stateOf(room: Room, channel: VoucherChannel): SessionState {
  const known = asKnown(room, channel)
  const { accepted, deposit } = known
  const account = accounts.session(known.rail, known.id)
  const { debitsPosted, creditsPosted, creditsPending: held } = room.books.balance(account, chainOf(room, known.rail).asset)
  const available = debitsPosted - creditsPosted - held
  return { channel: known, accepted, available, spent: accepted - available, held, deposit }
}

async function take(room: Room, { deltaMin, ...sent }: Taking): Promise<void> {
  checkSigned(() => checkVoucher(chainOf(room, sent.channel.rail).place, sent))
  const state = stateOf(room, sent.channel)
  checkUnshown(room, state, sent.cumulative)
  checkDelta(room, state, { cumulative: sent.cumulative, deltaMin })
  try {
    await room.newest(sent)
  } catch (error) {
    if (isGatewayError(error, 'voucher_not_higher') && sent.cumulative <= asKnown(room, sent.channel).accepted) return
    if (isGatewayError(error, 'channel_closing')) throw ended(sent.channel)
    throw error
  }
}

async function end(room: Room, sent: SentVoucher): Promise<Hex | ''> {
  const { cumulative, signature } = sent
  // What closes already is only carried on, by whoever asks.
  if (!asKnown(room, sent.channel).closing) await take(room, { ...sent, deltaMin: 0n })
  else checkSigned(() => checkVoucher(chainOf(room, sent.channel.rail).place, sent))
  const { channel, accepted, available, spent, held } = stateOf(room, sent.channel)
  const { closing, voucher, rail, id } = channel
  if (closing || !voucher) return room.close(channel, { cumulative: accepted, signature, beside: [] })
  // What fails is not to be paid.
  if (held > 0n) throw new GatewayError('request_in_progress', 'Work that this session pays for is still running')
  const left = money(chainOf(room, rail).asset, available)
  const beside = available > 0n ? [move(accounts.sessions, accounts.session(rail, id), left)] : []
  return room.close(channel, cumulative >= spent ? { cumulative, signature, beside } : { cumulative: accepted, ...voucher, beside })
}

function checkSigned(check: () => unknown): void {
  try {
    check()
  } catch (error) {
    if (!isGatewayError(error, 'proof_bad_signature')) throw error
    throw new GatewayError('session_bad_signature', error.shortMessage)
  }
}

/** What is missing, in the words of the draft's `payment-need-voucher`. */
export function voucherNeeded({ channel, accepted, available, deposit }: SessionState, units: bigint) {
  return {
    channelId: channel.id,
    requiredCumulative: `${accepted - available + units}`,
    acceptedCumulative: `${accepted}`,
    deposit: `${deposit}`,
  }
}

function balanceLow(state: SessionState, units: bigint): GatewayError {
  const needed = voucherNeeded(state, units)
  return new GatewayError('session_balance_low', `${state.available} units are left of the vouchers, and ${units} are asked`, {
    meta: needed,
  })
}

/** Whoever reads the chain has what a claim has shown: it buys nothing, and ends nothing. */
function checkUnshown({ shownUpTo }: Room, state: SessionState, cumulative: bigint): void {
  if (cumulative === 0n || cumulative > shownUpTo(state.channel)) return
  const requiredCumulative = `${state.accepted + 1n}`
  throw new GatewayError('session_delta_small', 'The vouchers up to this one were claimed, so that others can know them', {
    hint: 'Sign one over `requiredCumulative`: one unit more is enough.',
    meta: { ...voucherNeeded(state, 0n), requiredCumulative, minVoucherDelta: '1' },
  })
}

/** What adds little is taken all the same where it makes up for what is missing, takes the rest of the deposit, or follows what others can know. */
function checkDelta(
  { shownUpTo }: Room,
  state: SessionState,
  { cumulative, deltaMin }: Readonly<{ cumulative: bigint; deltaMin: bigint }>,
): void {
  const { accepted, spent, deposit } = state
  const [delta, least] = [cumulative - accepted, min(deltaMin, deposit - accepted)]
  if (delta <= 0n || delta >= least || cumulative >= spent + deltaMin || shownUpTo(state.channel) >= accepted) return
  throw new GatewayError('session_delta_small', `The voucher adds ${delta} units, and the least is ${least}`, {
    meta: { ...voucherNeeded(state, deltaMin), minVoucherDelta: `${least}` },
  })
}

function ended({ id }: VoucherChannel): GatewayError {
  return new GatewayError('session_ended', `Channel ${id} is closed or about to be`)
}
