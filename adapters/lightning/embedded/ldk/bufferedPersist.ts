import { type ChannelMonitor, ChannelMonitorUpdateStatus, type OutPoint, Persist } from 'lightningdevkit'

/** Updates of a channel between two full copies of its monitor. A full one grows by 136 bytes a payment, an update stays at 1 to 2 kB. */
const UPDATES_PER_FULL_COPY = 200

/** What changed in one channel's monitor: all of it, or one update on top of what was written before. */
export type MonitorWrite = Readonly<{ channel: string; full: boolean; data: Uint8Array }>

export type BufferedPersist = Readonly<{ trait: Persist; drain: () => readonly MonitorWrite[]; archived: () => readonly string[] }>

/**
 * Keeps monitor changes in memory until the pump commits them together with the ChannelManager. Answering `Completed` before the disk has
 * them is sound only because the pump lets no byte, transaction or event out of the process before that commit: to every peer the node is
 * always exactly what its database says.
 */
export function bufferedPersist(): BufferedPersist {
  let writes: MonitorWrite[] = []
  let archived: string[] = []
  const written = new Map<string, { updateId: bigint; sinceFull: number }>()
  const keepFull = (channel: string, monitor: ChannelMonitor) => {
    written.set(channel, { updateId: monitor.get_latest_update_id(), sinceFull: 0 })
    writes.push({ channel, full: true, data: monitor.write() })
    return ChannelMonitorUpdateStatus.LDKChannelMonitorUpdateStatus_Completed
  }
  const trait = Persist.new_impl({
    persist_new_channel: (outpoint, monitor) => keepFull(channelKey(outpoint), monitor),
    update_persisted_channel: (outpoint, update, monitor) => {
      const channel = channelKey(outpoint)
      const last = written.get(channel)
      const updateId = monitor.get_latest_update_id()
      // For a new block LDK has no update, and its binding hands over an object around a null pointer: reading it reads foreign memory.
      // Only a monitor that is one step further tells that there is one.
      if (!last || updateId !== last.updateId + 1n || last.sinceFull >= UPDATES_PER_FULL_COPY) return keepFull(channel, monitor)
      written.set(channel, { updateId, sinceFull: last.sinceFull + 1 })
      writes.push({ channel, full: false, data: update.write() })
      return ChannelMonitorUpdateStatus.LDKChannelMonitorUpdateStatus_Completed
    },
    archive_persisted_channel: (outpoint) => {
      archived.push(channelKey(outpoint))
    },
  })
  return {
    trait,
    drain: () => {
      const taken = writes
      writes = []
      return taken
    },
    archived: () => {
      const taken = archived
      archived = []
      return taken
    },
  }
}

/** The funding outpoint, which names a channel for life. */
export function channelKey(outpoint: OutPoint): string {
  return `${Buffer.from(outpoint.get_txid()).toString('hex')}:${outpoint.get_index()}`
}
