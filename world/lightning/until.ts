import { setTimeout as sleep } from 'node:timers/promises'

const POLL_MS = 10

/** Waits until `holds` does, or throws after `deadlineMs` with what was waited for. */
export async function until(deadlineMs: number, what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + deadlineMs
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited ${deadlineMs} ms in vain: ${what}`)
    await sleep(POLL_MS)
  }
}
