import { EventEmitter } from 'node:events'

/** Who waits until something of this name has changed. */
export type Changes = Readonly<{ tell: (name: string) => void; next: (name: string, signal: AbortSignal) => Promise<void> }>

/** What is waited for is told by its name. `next` resolves then, or when its signal says so, and keeps nothing after that. */
export function createChanges(): Changes {
  const changes = new EventEmitter().setMaxListeners(0)
  return {
    tell: (name) => void changes.emit(name),
    next: (name, signal) =>
      new Promise((resolve) => {
        const over = () => {
          changes.off(name, over)
          signal.removeEventListener('abort', over)
          resolve()
        }
        changes.on(name, over)
        signal.addEventListener('abort', over)
        if (signal.aborted) over()
      }),
  }
}
