import type { Block } from '../../../gateway/ports/journal.ts'
import { blockGiver, newSharedBlock } from './sharedBlock.ts'
import { newThread, type StartThread } from './startThread.ts'

export type CommitThreadStart = Readonly<{ path: string; memory: SharedArrayBuffer }>
export type FromCommitThread = 'ready' | 'done' | Readonly<{ error: unknown }>

const THREAD = new URL(`./commitThread${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url)

/** A thread that commits. */
type CommitThread = Readonly<{
  /** False until it has begun, and after it has died. */
  isReady(): boolean
  /** Resolves once the block is durable and anchored. Rejects when that is not known. */
  commit(block: Block): Promise<void>
  close(): Promise<void>
}>

type UnderWay = Readonly<{ resolve: () => void; reject: (error: unknown) => void }>

/** Starts a thread that commits to the journal at `path`. It keeps no process alive but while it commits, or ends. Throws where there is no room for it. */
export function commitElsewhere(path: string, start: StartThread = newThread): CommitThread {
  const memory = newSharedBlock()
  const giver = blockGiver(memory)
  const thread = start(THREAD, { workerData: { path, memory } satisfies CommitThreadStart, name: 'journal' })
  thread.unref()
  let isReady = false
  let underWay: UnderWay | undefined
  /** Resolves when nothing is under way any more. */
  let quiet: Promise<void> = Promise.resolve()

  function ended(end: (block: UnderWay) => void): void {
    const block = underWay
    underWay = undefined
    thread.unref()
    if (block) end(block)
  }

  /** Whether the block that it had is durable is not known. */
  function died(error: unknown): void {
    isReady = false
    ended(({ reject }) => reject(error))
  }

  thread.on('message', (message: FromCommitThread) => {
    if (message === 'ready') isReady = true
    else if (message === 'done') ended(({ resolve }) => resolve())
    else died(message.error)
  })
  thread.on('error', died)
  const gone = new Promise<void>((resolve) => {
    thread.on('exit', (code) => {
      died(new Error(`the journal's thread ended with ${code}`))
      resolve()
    })
  })

  return {
    isReady: () => isReady,
    commit(block) {
      const committed = new Promise<void>((resolve, reject) => {
        underWay = { resolve, reject }
        thread.ref()
        giver.give(block)
      })
      // Its outcome is for who gave the block.
      quiet = committed.catch(() => undefined)
      return committed
    },
    async close() {
      isReady = false
      // The end would take the turn of a block that the thread has not begun, and the end of one lets the process go.
      await quiet
      thread.ref()
      giver.end()
      await gone
    },
  }
}
