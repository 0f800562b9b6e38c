import type { ChannelManager, PeerManager } from 'lightningdevkit'
import type { NodeParts } from './nodeParts.ts'
import type { NodeStore } from './nodeStore.ts'
import type { Pump } from './pump.ts'
import { keepRouting } from './routingMemory.ts'

const PEER_TICK_MS = 10_000
const CHANNEL_TICK_MS = 60_000

type Ticking = Readonly<{
  manager: ChannelManager
  peers: PeerManager
  parts: NodeParts
  store: NodeStore
  now: () => number
  pump: Pump
  announce: () => void
}>

/** What LDK wants to be called for by the clock: pings, timeouts of requests, claims sent again. Answers how to stop. */
export function startTicks({ manager, peers, parts, store, now, pump, announce }: Ticking): () => void {
  const peerTick = setInterval(() => {
    peers.timer_tick_occurred()
    pump.schedule()
  }, PEER_TICK_MS)
  const channelTick = setInterval(() => {
    manager.timer_tick_occurred()
    parts.chainMonitor.rebroadcast_pending_claims()
    announce()
    parts.scorer.as_ScoreUpdate().time_passed(BigInt(Math.trunc(now() / 1000)))
    keepRouting(store, parts)
    pump.schedule()
  }, CHANNEL_TICK_MS)
  return () => {
    clearInterval(peerTick)
    clearInterval(channelTick)
  }
}
