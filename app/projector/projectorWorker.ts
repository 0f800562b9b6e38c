import { Worker } from 'node:worker_threads'
import type { BlockFeed } from '../../gateway/audit/projection/blockFeed.ts'
import { patience } from '../../gateway/ports/patience.ts'
import type { FromProjector, ProjectorStart, ToProjector } from './projectorLink.ts'

const STOP_MS_MAX = 10_000

// Beside this file under the same ending: .ts as it is, .js once compiled.
const THREAD = new URL(`./projectorThread${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url)

type Cursors = Extract<FromProjector, { kind: 'ready' }>['cursors']

/** The thread that builds read.db and audit.db, fed with the blocks that it asks for. */
export type ProjectorWorker = Readonly<{
  /** Where each file stood when the thread opened it; rejects when it does not come up. */
  ready: Promise<Cursors>
  /** Resolves when the thread has ended, by itself or by force. */
  close: () => Promise<void>
}>

/** `onReached`: everything up to this block is shown. `onStopped`: told once when the thread stops before it is closed. */
export function startWorker(
  start: ProjectorStart,
  o: { feed: BlockFeed; onReached: (seq: number) => void; onStopped: (why: string) => void },
): ProjectorWorker {
  const worker = new Worker(THREAD, { workerData: start, name: 'projector' })
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  const ready = Promise.withResolvers<Cursors>()
  const starting = patience(ready.reject, 'the projector')
  let wanted: number | undefined
  let over = false
  let closing = false

  function stopped(why: string): void {
    if (closing || over) return
    over = true
    ready.reject(new Error(why))
    o.onStopped(why)
  }

  /** Answers the thread's question once there is something to answer. */
  function offer(): void {
    if (wanted === undefined || (o.feed.head().seq <= wanted && !closing)) return
    const after = wanted
    wanted = undefined
    const page: Promise<ToProjector> = closing ? Promise.resolve([]) : o.feed.after(after)
    page.then(
      (blocks) => worker.postMessage(blocks),
      (error: unknown) => stopped(`the journal cannot be read: ${error instanceof Error ? error.message : 'unknown error'}`),
    )
  }

  worker.on('message', (message: FromProjector) => {
    if (message.kind === 'ready') ready.resolve(message.cursors)
    else if (message.kind === 'failed') stopped(message.message)
    else {
      wanted = message.after
      o.onReached(message.after)
      offer()
    }
  })
  worker.on('error', (error) => stopped(error instanceof Error ? error.message : String(error)))
  worker.once('exit', (code) => stopped(`its thread ended (${code})`))
  o.feed.onBlock(offer)

  async function close(): Promise<void> {
    closing = true
    offer()
    if ((await Promise.race([ended, lateAfter(STOP_MS_MAX)])) === 'late') await worker.terminate()
  }
  return { ready: ready.promise.finally(starting.end), close }
}

function lateAfter(ms: number): Promise<'late'> {
  return new Promise((resolve) => setTimeout(resolve, ms, 'late').unref())
}
