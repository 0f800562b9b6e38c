import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { FromStreams } from '../../gateway/events/relay/streamLink.ts'
import type { StreamThread } from '../../gateway/events/relay/streams.ts'

// Beside this file under the same ending: .ts as it is, .js once compiled.
const THREAD = new URL(`./streamsThread${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url)

/** The thread that reads events of the data folder for streams. It starts with the first stream, and anew with the next one when it has failed. */
export function streamThread({ dataDir, log }: { dataDir: string; log: (line: string) => void }) {
  return (onText: (message: FromStreams) => void, onEnded: () => void): StreamThread => {
    let worker: Worker | undefined

    function start(): Worker {
      const started = new Worker(THREAD, { workerData: join(dataDir, 'read.db'), name: 'events' })
      started.on('message', (message: FromStreams) => onText(message))
      started.on('error', (error) => log(`events: ${error instanceof Error ? error.message : String(error)}; its readers come again`))
      started.once('exit', () => {
        if (worker === started) worker = undefined
        onEnded()
      })
      return started
    }

    return {
      post(message) {
        // Nobody is left to be told that a stream is closed when the thread is gone.
        if (message.kind === 'open') worker ??= start()
        worker?.postMessage(message)
      },
      async close() {
        const ending = worker
        if (!ending) return
        const ended = new Promise<void>((resolve) => ending.once('exit', () => resolve()))
        ending.postMessage({ kind: 'end' })
        await ended
      },
    }
  }
}
