import { GatewayError } from '../../errors/gatewayError.ts'
import { type Money, money } from '../../money/money.ts'
import type { Leg } from '../../ports/books.ts'
import type { Hex, ReceiptId } from '../../ports/ids.ts'
import { voucherDigest } from '../../split/voucher.ts'
import { recoverSigner } from '../proof/recoverSigner.ts'
import type { VoucherChannel, VoucherChannelRecords } from '../settlement/voucherChannelRecords.ts'
import { type RecordParts, recordVoucher } from './recordVoucher.ts'
import type { VoucherChannelChain } from './voucherChannelChain.ts'
import { type SentVoucher, voucherWorth } from './voucherWorth.ts'

/** `added`: what this voucher pays beyond the one before. `replayed`: the very same one had been taken already. */
type Accepted = Readonly<{ receipt: ReceiptId; cumulative: bigint; added: Money; replayed: boolean }>

/** `beside`: what is booked with it, by what it adds. */
export type AcceptVoucher = (sent: SentVoucher, beside?: (added: Money) => readonly Leg[]) => Promise<Accepted>

/** Vouchers of one channel sent at once overtake each other; one that was overtaken so often is refused. */
const DECIDE_MAX = 20

/**
 * Takes vouchers: each is checked against the payer's key, the one before and the deposit, and is durable, with its entry and its receipt, when this
 * resolves. Throws `proof_bad_signature`, `voucher_not_higher`, `voucher_over_deposit`, `channel_closing`, `channel_not_accepted`.
 */
export function voucherAccepter(
  o: RecordParts & Readonly<{ records: VoucherChannelRecords; chainOf: (rail: string) => VoucherChannelChain }>,
): AcceptVoucher {
  return async (sent, beside) => {
    const { asset, place } = o.chainOf(sent.channel.rail)
    const { cumulative } = sent
    const signature = checkVoucher(place, sent)
    for (let decided = 0; decided < DECIDE_MAX; decided++) {
      const channel = o.records.of(sent.channel.rail, sent.channel.id) ?? sent.channel
      const { voucher } = channel
      if (voucher?.signature === signature && channel.accepted === cumulative)
        return { receipt: voucher.receipt, cumulative, added: money(asset, 0n), replayed: true }
      // What stands now decides what the voucher adds.
      const added = money(asset, voucherWorth({ channel, cumulative, signature }, await o.states.fresh(channel)))
      // The chain was asked in between: what stood then must stand still.
      if (o.records.of(channel.rail, channel.id) !== channel) continue
      const receipt = await recordVoucher(o, { channel, cumulative, signature }, { added, beside: beside?.(added) ?? [] })
      if (receipt) return { receipt, cumulative, added, replayed: false }
    }
    throw new GatewayError('too_busy', 'Other vouchers of this channel, or claims of others, were always first')
  }
}

/**
 * The voucher's signature in lower case, once it is found to be the payer's, and the channel one that is taken here. Throws `proof_bad_signature` and
 * `channel_not_accepted`.
 */
export function checkVoucher(place: VoucherChannelChain['place'], sent: SentVoucher): Hex {
  const signature = sent.signature.toLowerCase() as Hex // lower-casing keeps the 0x.
  checkCloser(sent.channel, place.closer)
  checkSigner({ ...sent, signature }, voucherDigest(place, { channelId: sent.channel.id, cumulative: sent.cumulative }))
  return signature
}

function checkSigner({ channel, signature }: SentVoucher, digest: Uint8Array): void {
  if (recoverSigner(digest, signature) === channel.payer) return
  throw new GatewayError('proof_bad_signature', `The voucher is not signed by ${channel.payer}, the payer of this channel`, {
    hint: 'Sign Voucher(bytes32 channelId,uint128 cumulative) with the key of `payer`, in the domain of the hub; docs/vouchers.md says how.',
  })
}

/** The closer can give the whole deposit back at once: only the gateway itself may be it, or nobody. */
function checkCloser(channel: VoucherChannel, own: Hex): void {
  if (channel.closer === own || /^0x0{40}$/.test(channel.closer)) return
  throw new GatewayError('channel_not_accepted', `${channel.closer} could close this channel at once, whatever vouchers it has given`, {
    meta: { closer: channel.closer, accepted: own },
  })
}
