import { parentPort, workerData } from 'node:worker_threads'
import { openReadModel } from '../../adapters/readModel/sqlite/openReadModel.ts'
import { invariant } from '../../gateway/errors/invariant.ts'
import { createPump } from '../../gateway/events/relay/pump.ts'
import type { ToStreams } from '../../gateway/events/relay/streamLink.ts'

/** How often it looks for new events: nobody has to tell it, so that payments pay nothing for its readers. */
const LOOK_MS = 25

/** Reads events behind each stream's cursor, and hands them over as they are written to it. */
function run(path: string): void {
  invariant(parentPort, 'streams are read in a thread')
  const port = parentPort
  const reads = openReadModel(path)
  const pump = createPump({ reads, send: (message) => port.postMessage(message) })
  const looking = setInterval(pump.tick, LOOK_MS)
  port.on('message', (message: ToStreams) => {
    if (message.kind !== 'end') return pump.hear(message)
    clearInterval(looking)
    reads.close()
    port.close()
  })
}

run(workerData as string) // The path that `streamThread` gave it.
