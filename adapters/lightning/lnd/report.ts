import { type AuthenticatedLnd, getChainBalance, getChannels, getPendingChainBalance, getWalletInfo } from 'lightning'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import type { LightningReport, OnChain } from '../../../gateway/ports/lightningNode.ts'
import { faultOf, isRefusedMacaroon, lndCall, railCall } from './node/lndCall.ts'
import { satsToMsat } from './node/msat.ts'

const CALL_DEADLINE_MS = 5_000
const SLOTS_MAX = 483

/** What LND says about itself and its channels, with what only we know. Throws `rail_unavailable`. */
export async function lndReport(
  lnd: AuthenticatedLnd,
  rest: Pick<LightningReport, 'network' | 'underWay' | 'backup'>,
): Promise<LightningReport> {
  const ask = <T>(what: string, call: () => Promise<T>) => railCall(what, CALL_DEADLINE_MS, call)
  const [info, { channels }, onChain] = await Promise.all([
    ask('who it is', () => getWalletInfo({ lnd })),
    ask('the channels', () => getChannels({ lnd })),
    onChainOf(lnd),
  ])
  return {
    backend: 'lnd',
    nodeId: info.public_key,
    name: `${info.alias} (${info.version})`,
    height: info.current_block_height,
    synced: info.is_synced_to_chain,
    peers: info.peers_count,
    ...rest,
    ...(onChain ? { onChain } : {}),
    channels: channels.map((channel) => ({
      id: channel.id,
      peer: channel.partner_public_key,
      usable: channel.is_active,
      weFunded: !channel.is_partner_initiated,
      announced: !channel.is_private,
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

/** What LND's own wallet holds. Nothing where the macaroon may not see it, as one of before it was asked for may not. */
async function onChainOf(lnd: AuthenticatedLnd): Promise<OnChain | undefined> {
  try {
    const [{ chain_balance }, { pending_chain_balance }] = await lndCall('the wallet', CALL_DEADLINE_MS, () =>
      Promise.all([getChainBalance({ lnd }), getPendingChainBalance({ lnd })]),
    )
    return { confirmedMsat: satsToMsat(chain_balance), pendingMsat: satsToMsat(pending_chain_balance), inBooks: false }
  } catch (error) {
    if (isRefusedMacaroon(faultOf(error))) return undefined
    throw new GatewayError('rail_unavailable', 'LND gave no answer to what its wallet holds', { cause: error })
  }
}
