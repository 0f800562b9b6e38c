import { type ChannelConfig, MaxDustHTLCExposure, UserConfig } from 'lightningdevkit'

/** HTLCs a BOLT 2 channel may hold in each direction. LDK's default of 50 runs out at 30 payments in flight. */
export const HTLC_SLOTS = 483

/** Sum of HTLCs too small for an output of their own, lost to fees in a force close. LDK's default stops micro-payments at 23. */
const DUST_EXPOSURE_MSAT_MAX = 5_000_000_000n

/** Largest channel accepted: 10 bitcoin. LDK's default of 0.17 is from before large channels (BOLT 9, option_support_large_channel). */
const CHANNEL_SATS_MAX = 1_000_000_000n

const FORWARDING_BASE_MSAT = 1_000
const FORWARDING_PPM = 100

/**
 * The configuration both ends of every channel need, or micro-payments fail: room for dust, all HTLC slots, the whole channel in flight,
 * one confirmation, announced channels. LDK's getters return copies, so each part is set back.
 */
export function nodeConfig(): UserConfig {
  const config = UserConfig.constructor_default()
  const handshake = config.get_channel_handshake_config()
  handshake.set_minimum_depth(1)
  handshake.set_our_max_accepted_htlcs(HTLC_SLOTS)
  handshake.set_our_htlc_minimum_msat(1n)
  handshake.set_max_inbound_htlc_value_in_flight_percent_of_channel(100)
  handshake.set_announce_for_forwarding(true)
  config.set_channel_handshake_config(handshake)
  const limits = config.get_channel_handshake_limits()
  limits.set_force_announced_channel_preference(false)
  limits.set_max_funding_satoshis(CHANNEL_SATS_MAX)
  config.set_channel_handshake_limits(limits)
  config.set_channel_config(forwarding(config.get_channel_config()))
  config.set_accept_forwards_to_priv_channels(true)
  return config
}

function forwarding(channel: ChannelConfig): ChannelConfig {
  channel.set_forwarding_fee_base_msat(FORWARDING_BASE_MSAT)
  channel.set_forwarding_fee_proportional_millionths(FORWARDING_PPM)
  channel.set_max_dust_htlc_exposure(MaxDustHTLCExposure.constructor_fixed_limit_msat(DUST_EXPOSURE_MSAT_MAX))
  return channel
}
