import type { Socket } from 'node:net'
import {
  Option_SocketAddressZ,
  type PeerManager,
  Result_boolPeerHandleErrorZ_OK,
  Result_CVec_u8ZPeerHandleErrorZ_OK,
  SocketDescriptor,
} from 'lightningdevkit'

/** Bytes that may wait for one peer before LDK is told to stop and hold its messages back. */
const WAITING_BYTES_MAX = 1 << 20

export type PeerSockets = Readonly<{
  /** Runs the BOLT 8 handshake as the one who calls. `onClose` is told once, however the connection ends. */
  dial: (socket: Socket, nodeId: Uint8Array, onClose: () => void) => void
  accept: (socket: Socket) => void
  /** Sends what LDK wrote since the last call. Only the pump calls it, after its commit. */
  flush: () => void
  closeAll: () => void
}>

type PeerSocket = {
  readonly socket: Socket
  readonly descriptor: SocketDescriptor
  out: Uint8Array[]
  waiting: number
  blocked: boolean
  ended: boolean
}

/** What the sockets share. `schedule` asks for a run of the pump. */
type Joined = {
  readonly peers: PeerManager
  readonly schedule: () => void
  readonly live: Map<bigint, PeerSocket>
  lastId: bigint
}

/** Joins TCP sockets to LDK's PeerManager. What LDK writes is held back until `flush`. */
export function peerSockets(peers: PeerManager, schedule: () => void): PeerSockets {
  const joined: Joined = { peers, schedule, live: new Map(), lastId: 0n }
  return {
    dial: (socket, nodeId, onClose) => {
      const peer = attach(joined, socket, onClose)
      const opened = peers.new_outbound_connection(nodeId, peer.descriptor, Option_SocketAddressZ.constructor_none())
      if (opened instanceof Result_CVec_u8ZPeerHandleErrorZ_OK) socket.write(opened.res)
      else {
        peer.ended = true
        socket.destroy()
      }
    },
    accept: (socket) => {
      const peer = attach(joined, socket, () => {})
      if (peers.new_inbound_connection(peer.descriptor, Option_SocketAddressZ.constructor_none()).is_ok()) return
      peer.ended = true
      socket.destroy()
    },
    flush: () => {
      for (const peer of joined.live.values()) flushOne(joined, peer)
    },
    closeAll: () => {
      for (const { socket } of joined.live.values()) socket.destroy()
    },
  }
}

function attach(joined: Joined, socket: Socket, onClose: () => void): PeerSocket {
  const { peers, schedule, live } = joined
  const id = ++joined.lastId
  const peer: PeerSocket = { socket, descriptor: describe(id, () => peer), out: [], waiting: 0, blocked: false, ended: false }
  live.set(id, peer)
  socket.setNoDelay(true)
  socket.on('data', (data) => {
    const read = peers.read_event(peer.descriptor, data)
    if (!(read instanceof Result_boolPeerHandleErrorZ_OK)) {
      // LDK has forgotten this connection already and may not be told again.
      peer.ended = true
      socket.destroy()
    } else if (read.res) socket.pause()
    schedule()
  })
  socket.on('drain', () => hasRoom(joined, peer))
  // An error is always followed by 'close'.
  socket.on('error', () => {})
  socket.on('close', () => {
    live.delete(id)
    if (!peer.ended) peers.socket_disconnected(peer.descriptor)
    peer.ended = true
    schedule()
    onClose()
  })
  return peer
}

function flushOne(joined: Joined, peer: PeerSocket): void {
  if (peer.out.length > 0) {
    const room = peer.socket.write(Buffer.concat(peer.out))
    peer.out = []
    // 'drain' comes only after a write that found no room; without one the bytes are in the kernel's hands.
    if (room) hasRoom(joined, peer)
  }
  if (peer.ended) peer.socket.end()
}

function hasRoom({ peers, schedule }: Joined, peer: PeerSocket): void {
  peer.waiting = 0
  if (!peer.blocked || peer.ended) return
  peer.blocked = false
  if (!peers.write_buffer_space_avail(peer.descriptor).is_ok()) peer.socket.destroy()
  schedule()
}

function describe(id: bigint, peer: () => PeerSocket): SocketDescriptor {
  return SocketDescriptor.new_impl({
    send_data: (data, resumeRead) => {
      const { socket, out, waiting } = peer()
      if (resumeRead) socket.resume()
      if (data.length === 0) return 0
      if (waiting >= WAITING_BYTES_MAX) {
        peer().blocked = true
        return 0
      }
      out.push(data)
      peer().waiting += data.length
      return data.length
    },
    disconnect_socket: () => {
      peer().ended = true
    },
    eq: (other) => other.hash() === id,
    hash: () => id,
  })
}
