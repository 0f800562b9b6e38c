import { decodeEventLog } from 'viem'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { hubAbi } from '../node/abi.ts'
import { lower } from '../node/contracts.ts'
import type { Log } from '../node/wire.ts'
import { emitted, raw, TOPIC } from './events.ts'

/** `channel` is there when the deposit opened it. */
type DepositEvent = Readonly<{
  log: Log
  channelId: Hex
  splitId: Hex
  value: bigint
  channel?: Readonly<{ payer: Hex; salt: bigint; closer: Hex }>
}>
type VouchedEvent = Readonly<{ log: Log; splitId: Hex; value: bigint }>
type WithdrawnEvent = Readonly<{ log: Log; channelId: Hex; splitId: Hex; payer: Hex; value: bigint }>

type At = Readonly<{ token: Hex; hub: Hex }>

/** Channels that were opened and topped up, in this token. */
export function depositsIn(logs: readonly Log[], at: At): DepositEvent[] {
  const opened = logs.filter(emitted(at.hub, TOPIC.opened)).flatMap((log): DepositEvent[] => {
    const { args } = decodeEventLog({ abi: hubAbi, eventName: 'ChannelOpened', ...raw(log) })
    const { channelId, splitId, value, salt } = args
    if (lower(args.token) !== at.token) return []
    return [{ log, channelId, splitId, value, channel: { payer: lower(args.payer), salt, closer: lower(args.closer) } }]
  })
  const toppedUp = logs.filter(emitted(at.hub, TOPIC.toppedUp)).flatMap((log): DepositEvent[] => {
    const { args } = decodeEventLog({ abi: hubAbi, eventName: 'ChannelToppedUp', ...raw(log) })
    return lower(args.token) === at.token ? [{ log, channelId: args.channelId, splitId: args.splitId, value: args.value }] : []
  })
  return [...opened, ...toppedUp]
}

/** Vouchers that moved from channels into a pot: one sum a call. */
export function vouchersIn(logs: readonly Log[], at: At): VouchedEvent[] {
  return logs.filter(emitted(at.hub, TOPIC.vouched)).flatMap((log) => {
    const { args } = decodeEventLog({ abi: hubAbi, eventName: 'VouchersClaimed', ...raw(log) })
    return lower(args.token) === at.token ? [{ log, splitId: args.splitId, value: args.value }] : []
  })
}

/** Channels that ended: their rest, perhaps nothing, went back to the payer. */
export function withdrawalsIn(logs: readonly Log[], at: At): WithdrawnEvent[] {
  return logs.filter(emitted(at.hub, TOPIC.withdrawn)).flatMap((log) => {
    const { args } = decodeEventLog({ abi: hubAbi, eventName: 'ChannelWithdrawn', ...raw(log) })
    const { channelId, splitId, value } = args
    return lower(args.token) === at.token ? [{ log, channelId, splitId, payer: lower(args.payer), value }] : []
  })
}
