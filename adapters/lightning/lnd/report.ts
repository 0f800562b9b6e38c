import { type AuthenticatedLnd, getChannels, getWalletInfo } from 'lightning'
import type { LightningReport } from '../../../gateway/ports/lightningNode.ts'
import { railCall } from './lndCall.ts'
import { satsToMsat } from './msat.ts'

const CALL_DEADLINE_MS = 5_000
const SLOTS_MAX = 483

/** What LND says about itself and its channels, with what only we know. Throws `rail_unavailable`. */
export async function lndReport(
  lnd: AuthenticatedLnd,
  rest: Pick<LightningReport, 'network' | 'underWay' | 'backup'>,
): Promise<LightningReport> {
  const ask = <T>(what: string, call: () => Promise<T>) => railCall(what, CALL_DEADLINE_MS, call)
  const [info, { channels }] = await Promise.all([
    ask('who it is', () => getWalletInfo({ lnd })),
    ask('the channels', () => getChannels({ lnd })),
  ])
  return {
    ...{ backend: 'lnd', nodeId: info.public_key, name: `${info.alias} (${info.version})`, height: info.current_block_height },
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
