import { type AuthenticatedLnd, getChainBalance, getChannels, getPendingChainBalance, getWalletInfo } from 'lightning'
import type { LightningReport, OnChain } from '../../../gateway/ports/lightningNode.ts'
import type { ExplainedCoins } from './coins/explainCoins.ts'
import { railCall } from './node/lndCall.ts'
import { satsToMsat } from './node/msat.ts'

const CALL_DEADLINE_MS = 5_000
const SLOTS_MAX = 483
/** An operator who sends coins away by hand would fill the page. */
const UNEXPLAINED_MAX = 20

/** What LND says about itself and its channels, with what only we know. Throws `rail_unavailable`. */
export async function lndReport(
  lnd: AuthenticatedLnd,
  o: Pick<LightningReport, 'network' | 'underWay' | 'backup'> & Readonly<{ coins: () => Promise<ExplainedCoins | undefined> }>,
): Promise<LightningReport> {
  const { coins, ...rest } = o
  const ask = <T>(what: string, call: () => Promise<T>) => railCall(what, CALL_DEADLINE_MS, call)
  const [info, { channels }, onChain] = await Promise.all([
    ask('who it is', () => getWalletInfo({ lnd })),
    ask('the channels', () => getChannels({ lnd })),
    ask('the wallet', () => onChainOf(lnd, coins)),
  ])
  return {
    backend: 'lnd',
    nodeId: info.public_key,
    name: `${info.alias} (${info.version})`,
    height: info.current_block_height,
    synced: info.is_synced_to_chain,
    peers: info.peers_count,
    ...rest,
    onChain,
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

/** What LND's own wallet holds, and what left it unasked. */
async function onChainOf(lnd: AuthenticatedLnd, coins: () => Promise<ExplainedCoins | undefined>): Promise<OnChain> {
  const [{ chain_balance }, { pending_chain_balance }, explained] = await Promise.all([
    getChainBalance({ lnd }),
    getPendingChainBalance({ lnd }),
    coins(),
  ])
  const unexplained = (explained?.unexplained ?? [])
    .slice(-UNEXPLAINED_MAX)
    .map(({ transaction, sats }) => ({ transaction, msat: sats * 1_000n }))
  return { confirmedMsat: satsToMsat(chain_balance), pendingMsat: satsToMsat(pending_chain_balance), unexplained }
}
