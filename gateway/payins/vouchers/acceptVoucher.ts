import type { Receipt, ReceiptSigner } from '../../audit/receipt/receipt.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { type Money, money } from '../../money/money.ts'
import type { Payee, Splits } from '../../parties/party/splits.ts'
import type { Books, Fact } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { EntryId, Hex, ReceiptId } from '../../ports/ids.ts'
import type { VoucherChannelState } from '../../ports/voucherChannels.ts'
import { voucherDigest } from '../../split/voucher.ts'
import { recoverSigner } from '../proof/recoverSigner.ts'
import { move } from '../settlement/legs.ts'
import { receiptContent } from '../settlement/receiptContent.ts'
import type { VoucherChannel, VoucherChannelRecords } from '../settlement/voucherChannelRecords.ts'
import type { ChainStates } from './chainStates.ts'
import type { VoucherChannelChain } from './voucherChannelChain.ts'

/** A voucher as a payer sends it: `cumulative` is all that it owes over the channel's life. */
export type SentVoucher = Readonly<{ channel: VoucherChannel; cumulative: bigint; signature: Hex }>

/** `added`: what this voucher pays beyond the one before. `replayed`: the very same one had been taken already. */
export type Accepted = Readonly<{ receipt: ReceiptId; cumulative: bigint; added: Money; replayed: boolean }>

/** Vouchers of one channel sent at once overtake each other; one that was overtaken so often is refused. */
const DECIDE_MAX = 20

export type AcceptVoucher = ReturnType<typeof voucherAccepter>

/**
 * Takes vouchers: each is checked against the payer's key, the one before and the deposit, and is durable, with its entry and its receipt, when this
 * resolves. Throws `proof_bad_signature`, `voucher_not_higher`, `voucher_over_deposit`, `channel_closing`, `channel_not_accepted`.
 */
export function voucherAccepter(o: {
  books: Books
  view: VoucherChannelRecords
  splits: Splits
  states: ChainStates
  chainOf: (rail: string) => VoucherChannelChain
  receipts: ReceiptSigner
  clock: Clock
  ids: IdSource
}) {
  /** What stands now decides what the voucher adds; undefined when it is the one that was taken last. */
  async function worth({ channel, cumulative, signature }: SentVoucher): Promise<bigint | undefined> {
    if (channel.voucher?.signature === signature && channel.accepted === cumulative) return undefined
    const state = await o.states.fresh(channel)
    checkOpen(channel, state)
    const floor = channel.accepted > state.claimed ? channel.accepted : state.claimed
    if (cumulative <= floor) {
      throw new GatewayError('voucher_not_higher', `A voucher over ${cumulative} units adds nothing to the ${floor} that stand`, {
        meta: { accepted: floor, sent: cumulative },
      })
    }
    const covered = channel.deposit < state.deposit ? channel.deposit : state.deposit
    if (cumulative > covered) {
      throw new GatewayError('voucher_over_deposit', `A voucher over ${cumulative} units exceeds the deposit of ${covered}`, {
        meta: { deposit: covered, accepted: floor, sent: cumulative },
      })
    }
    return cumulative - floor
  }

  function receiptOf(v: SentVoucher, id: ReceiptId, entry: EntryId, added: Money): Receipt {
    const split = o.splits.bySplitId(v.channel.splitId)
    if (!split) throw new GatewayError('not_found', `There is no split ${v.channel.splitId}`)
    const payee: Payee = split.house ? { kind: 'party', party: split.house, split } : { kind: 'split', split }
    return o.receipts.issue(
      receiptContent({
        id,
        payment: `voucher:${v.channel.rail}:${v.channel.id}`,
        resource: `voucher over ${v.cumulative} units`,
        price: added,
        rail: v.channel.rail,
        paid: added,
        converted: added,
        credit: added,
        state: 'authorised',
        payee,
        entry,
      }),
    )
  }

  /** Durable, or `undefined` when another voucher, or a claim that is not ours, was first. */
  async function take(v: SentVoucher, added: Money): Promise<Accepted | undefined> {
    const { channel, cumulative, signature } = v
    const { rail, id } = channel
    const receiptId = o.receipts.nextId()
    const entry = o.ids.next('en_') as EntryId
    const at = o.clock.now()
    const receipt = receiptOf(v, receiptId, entry, added)
    const data = { rail, channel: id, previous: channel.accepted.toString(), cumulative: cumulative.toString(), signature, entry }
    const outcome = await o.books.submit({
      // Each voucher follows the one before, and only one can.
      claims: [{ key: `voucher:${rail}:${id}:${channel.accepted}`, fingerprint: `${cumulative}:${signature}` }],
      facts: [
        { type: 'voucher.accepted', id: receiptId, at, data },
        { type: 'receipt.issued', id: receiptId, at, data: receipt as unknown as Fact['data'] }, // Strings and lists of strings.
      ],
      entry: {
        id: entry,
        payment: receiptId,
        legs: [move(accounts.channel(channel.splitId), accounts.vouched(channel.splitId), added)],
      },
    })
    if (outcome.kind === 'unknown') throw new GatewayError('outcome_unknown', 'It is not known yet whether the voucher was taken')
    // Somebody else's claim took of the deposits since the chain was asked: asked again, it says what is left.
    if (outcome.kind === 'declined') o.states.forget(channel)
    return outcome.kind === 'applied' ? { receipt: receiptId, cumulative, added, replayed: false } : undefined
  }

  return async (sent: SentVoucher): Promise<Accepted> => {
    const { asset, place } = o.chainOf(sent.channel.rail)
    const signature = sent.signature.toLowerCase() as Hex // lower-casing keeps the 0x.
    checkCloser(sent.channel, place.closer)
    const digest = voucherDigest(place, { channelId: sent.channel.id, cumulative: sent.cumulative })
    if (recoverSigner(digest, signature) !== sent.channel.payer) {
      throw new GatewayError('proof_bad_signature', `The voucher is not signed by ${sent.channel.payer}, the payer of this channel`, {
        hint: 'Sign Voucher(bytes32 channelId,uint128 cumulative) with the key of `payer`, in the domain of the hub; docs/vouchers.md says how.',
      })
    }
    for (let decided = 0; decided < DECIDE_MAX; decided++) {
      const channel = o.view.of(sent.channel.rail, sent.channel.id) ?? sent.channel
      const v = { channel, cumulative: sent.cumulative, signature }
      const units = await worth(v)
      if (units === undefined) {
        return { receipt: channel.voucher!.receipt, cumulative: sent.cumulative, added: money(asset, 0n), replayed: true }
      }
      // The chain was asked in between: what stood then must stand still.
      if (o.view.of(channel.rail, channel.id) !== channel) continue
      const accepted = await take(v, money(asset, units))
      if (accepted) return accepted
    }
    throw new GatewayError('too_busy', 'Other vouchers of this channel, or claims of others, were always first')
  }
}

/** The closer can give the whole deposit back at once: only the gateway itself may be it, or nobody. */
function checkCloser(channel: VoucherChannel, own: Hex): void {
  if (channel.closer === own || /^0x0{40}$/.test(channel.closer)) return
  throw new GatewayError('channel_not_accepted', `${channel.closer} could close this channel at once, whatever vouchers it has given`, {
    meta: { closer: channel.closer, accepted: own },
  })
}

function checkOpen(channel: VoucherChannel, state: VoucherChannelState): void {
  if (state.closeAt === 0n && !channel.withdrawn) return
  throw new GatewayError('channel_closing', `Channel ${channel.id} is closed or about to be`, {
    meta: { close_at: state.closeAt, accepted: channel.accepted },
  })
}
