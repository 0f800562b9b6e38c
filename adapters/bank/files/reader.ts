import { setTimeout as sleep } from 'node:timers/promises'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import type { Bell } from './bell.ts'

/**
 * Scans the inbox again and again and rings when something new was taken. A refused file does not stop it; an error of the disk or the data
 * file does, since going on could acknowledge what is not durable: from then on `check` throws.
 */
export function startReader(scan: () => Promise<boolean>, options: { pollMs: number; bell: Bell }) {
  const stopping = new AbortController()
  let fault: unknown

  async function read(): Promise<void> {
    while (!stopping.signal.aborted) {
      if (await scan()) options.bell.ring()
      await sleep(options.pollMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  const reading = read().catch((error: unknown) => {
    fault = error
    options.bell.ring()
  })

  return {
    stopped: stopping.signal,
    check(): void {
      if (fault !== undefined) throw new GatewayError('rail_unavailable', 'reading the files of the bank has stopped', { cause: fault })
    },
    async stop(): Promise<void> {
      stopping.abort()
      await reading
    },
  }
}
