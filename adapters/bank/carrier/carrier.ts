import { mkdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { min } from '../../../gateway/money/integers.ts'
import { FILE_BYTES_MAX } from '../files/bankFile.ts'
import type { Problem } from '../files/store.ts'
import { createFetcher } from './fetchInbox.ts'
import { type FarPlaces, nearPlaces } from './places.ts'
import type { Remote } from './remote.ts'
import { type Stuck, sendOutbox } from './sendOutbox.ts'

/** The longest pause after failures; it begins with `pollMs` and doubles. */
const PAUSE_MAX_MS = 10 * 60_000

/** `folder`: the rail's, which exists. `pollMs`: between two rounds. `connect`: each round has a link of its own. */
type CarrierOptions = Readonly<{
  folder: string
  far: FarPlaces
  pollMs: number
  now: () => number
  connect: () => Promise<Remote>
}>

type Carrier = Readonly<{
  /** What a person should see: the bank that is not reached, files whose fate is not known. Of the last round. */
  problems(): readonly Problem[]
  close(): Promise<void>
}>

/** Carries files both ways, round after round, until it is closed. A link that fails is tried again, later each time. */
export async function startCarrier({ folder, far, pollMs, now, connect }: CarrierOptions): Promise<Carrier> {
  const near = nearPlaces(folder)
  for (const path of [near.outbox, near.inbox, near.leaving, near.carried]) await mkdir(path, { recursive: true })
  const fetchInbox = createFetcher(near, far, FILE_BYTES_MAX)
  const stopping = new AbortController()
  let remote: Remote | undefined
  let lost: Problem | undefined
  let stuck: readonly Problem[] = []

  const problemOf = ({ name, why }: Stuck, what: string): Problem => ({ id: `carrier:${name}`, at: now(), what, detail: `${name}: ${why}` })

  async function round(): Promise<void> {
    remote = await connect()
    try {
      const leaving = await sendOutbox(near, far, remote)
      const coming = await fetchInbox(remote)
      stuck = [
        ...leaving.map((one) => problemOf(one, 'an order file is not at the bank for certain')),
        ...coming.map((one) => problemOf(one, 'a file of the bank is not taken')),
      ]
    } finally {
      remote.close()
      remote = undefined
    }
  }

  async function carry(): Promise<void> {
    let pauseMs = pollMs
    while (!stopping.signal.aborted) {
      try {
        await round()
        lost = undefined
        pauseMs = pollMs
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error)
        lost = { id: 'carrier', at: lost?.at ?? now(), what: 'the bank’s SFTP server is not usable', detail }
        pauseMs = min(pauseMs * 2, PAUSE_MAX_MS)
      }
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  const carrying = carry()

  return {
    problems: () => [...(lost ? [lost] : []), ...stuck],
    async close() {
      stopping.abort()
      remote?.close()
      await carrying
    },
  }
}
