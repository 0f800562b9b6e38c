import { type AuthenticatedLnd, getChannels, getWalletInfo } from 'lightning'
import type { BackupState } from './backups.ts'
import { railCall } from './lndCall.ts'
import { satsToMsat } from './msat.ts'

const CALL_DEADLINE_MS = 5_000

/** The node's own word about itself, for an operator. Amounts in msat, times in ms. */
export type LndStatus = Readonly<{
  nodeId: string
  alias: string
  version: string
  height: number
  synced: boolean
  peers: number
  channels: readonly LndChannel[]
  /** Payments without an outcome; those that LND will not end by itself. */
  underWay: readonly Readonly<{ id: string; paymentHash: string; since: bigint; stuck: boolean }>[]
  backup: BackupState | undefined
}>

/** One channel. What can leave is `localMsat` less `reserveMsat`; `slotsUsed` of 483 in either direction. */
export type LndChannel = Readonly<{
  id: string
  peer: string
  usable: boolean
  weFunded: boolean
  announced: boolean
  localMsat: bigint
  remoteMsat: bigint
  unsettledMsat: bigint
  reserveMsat: bigint
  remoteReserveMsat: bigint
  slotsUsed: number
  slotsMax: number
}>

const SLOTS_MAX = 483

/** Reads it. Throws `rail_unavailable`. */
export async function lndStatus(lnd: AuthenticatedLnd, rest: Pick<LndStatus, 'underWay' | 'backup'>): Promise<LndStatus> {
  const ask = <T>(what: string, call: () => Promise<T>) => railCall(what, CALL_DEADLINE_MS, call)
  const [info, { channels }] = await Promise.all([
    ask('who it is', () => getWalletInfo({ lnd })),
    ask('the channels', () => getChannels({ lnd })),
  ])
  return {
    ...{ nodeId: info.public_key, alias: info.alias, version: info.version, height: info.current_block_height },
    ...{ synced: info.is_synced_to_chain, peers: info.peers_count, ...rest },
    channels: channels.map((channel) => ({
      ...{ id: channel.id, peer: channel.partner_public_key, usable: channel.is_active },
      ...{ weFunded: !channel.is_partner_initiated, announced: !channel.is_private },
      localMsat: satsToMsat(channel.local_balance),
      remoteMsat: satsToMsat(channel.remote_balance),
      unsettledMsat: satsToMsat(channel.unsettled_balance),
      reserveMsat: satsToMsat(channel.local_reserve),
      remoteReserveMsat: satsToMsat(channel.remote_reserve),
      slotsUsed: channel.pending_payments.length,
      slotsMax: channel.local_max_htlcs ?? SLOTS_MAX,
    })),
  }
}
