import { connect } from 'node:net'
import type { LightningNode } from './lightningNode.ts'

const BACKOFF_MS_MIN = 100
const BACKOFF_MS_MAX = 5_000

/** Keeps one outbound connection to the peer; between tries it waits longer each time, up to five seconds. Answers how to stop trying. */
export function keepConnected(node: LightningNode, peer: { nodeId: string; host: string; port: number }): () => void {
  let backoffMs = BACKOFF_MS_MIN
  let stopped = false
  const dial = () => {
    let connected = false
    const socket = connect(peer.port, peer.host)
    socket.once('connect', () => {
      connected = true
      node.sockets.dial(socket, Buffer.from(peer.nodeId, 'hex'), again)
      node.pump.schedule()
    })
    // An error is always followed by 'close'; once connected, the dialler is told of that.
    socket.on('error', () => {})
    socket.once('close', () => {
      if (!connected) again()
    })
    socket.on('data', () => {
      backoffMs = BACKOFF_MS_MIN
    })
  }
  const again = () => {
    if (!stopped) setTimeout(dial, backoffMs)
    backoffMs = Math.min(backoffMs * 2, BACKOFF_MS_MAX)
  }
  dial()
  return () => {
    stopped = true
  }
}
