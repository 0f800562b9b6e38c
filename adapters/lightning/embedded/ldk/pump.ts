import {
  type ChainMonitor,
  type ChannelManager,
  type Event,
  EventHandler,
  type PeerManager,
  Result_NoneReplayEventZ,
} from 'lightningdevkit'
import { saveManager } from './channelManager.ts'
import type { NodeParts } from './nodeParts.ts'
import type { NodeStore } from './nodeStore.ts'

/** Rounds of one run; what is left comes in the next, after the sockets had their turn. */
const ROUNDS_MAX = 32

export type Pump = Readonly<{
  /** Asks for a run once the current batch of socket reads and calls is over. */
  schedule: () => void
  /** Resolves when everything done so far is durable and let go. */
  committed: () => Promise<void>
}>

/** What a run does with each event; what it does once LDK is quiet, inside the same commit; and what it lets go after it. */
type PumpSteps = Readonly<{ handle: (event: Event) => void; settle: () => void; release: () => void }>

type PumpSources = Readonly<{ manager: ChannelManager; peers: PeerManager; parts: NodeParts; store: NodeStore }>

/**
 * Moves the node forward: lets LDK answer its peers, handles its events, and ends each run with one commit of monitors, ChannelManager and
 * everything the events wrote. `release` then lets bytes, transactions and news go. Nothing may leave the process by any other way: so a
 * process killed at any moment restarts as exactly the node that its peers, its chain and the gateway have seen.
 */
export function startPump(node: PumpSources, { handle, settle, release }: PumpSteps): Pump {
  const { manager, peers, parts } = node
  const collect = eventCollector(manager, parts.chainMonitor)
  let scheduled = false
  let waiting: (() => void)[] = []
  const run = () => {
    scheduled = false
    const served = waiting
    waiting = []
    let quiet = false
    for (let round = 0; round < ROUNDS_MAX && !quiet; round++) {
      peers.process_events()
      const events = collect()
      quiet = events.length === 0
      for (const event of events) handle(event)
    }
    if (quiet) settle()
    commit(node)
    release()
    for (const resolve of served) resolve()
    if (!quiet) schedule()
  }
  const schedule = () => {
    if (scheduled) return
    scheduled = true
    setImmediate(run)
  }
  const committed = () =>
    new Promise<void>((resolve) => {
      waiting.push(resolve)
      schedule()
    })
  return { schedule, committed }
}

function commit({ manager, parts, store }: PumpSources): void {
  store.writeMonitors(parts.persist.drain(), parts.persist.archived())
  if (manager.get_and_clear_needs_persistence() || store.dirty()) saveManager(store, manager)
  store.commit()
}

/** Events are taken out of LDK's callback and handled after it, because a handler may not call back into the object that calls it. */
function eventCollector(manager: ChannelManager, chainMonitor: ChainMonitor): () => Event[] {
  let taken: Event[] = []
  const handler = EventHandler.new_impl({
    handle_event: (event) => {
      taken.push(event)
      return Result_NoneReplayEventZ.constructor_ok()
    },
  })
  const providers = [manager.as_EventsProvider(), chainMonitor.as_EventsProvider()]
  return () => {
    taken = []
    for (const provider of providers) provider.process_pending_events(handler)
    return taken
  }
}
