import { statSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { type AuthenticatedLnd, getBackups, subscribeToBackups } from 'lightning'
import { z } from 'zod'
import { keepSubscribed } from './keepSubscribed.ts'
import { lndCall, messageOf } from './lndCall.ts'

const BACKUP_DEADLINE_MS = 10_000

/** A static channel backup (SCB): with it and LND's seed the channels' money can be asked back from the peers after the node's disk is lost. */
type BackupState = Readonly<{ file: string; channels: number | undefined; takenAt: number }>

type Backups = Readonly<{
  /** The newest backup on disk, undefined when there is none. */
  state: () => BackupState | undefined
  close: () => void
}>

const snapshot = z.object({ backup: z.string().regex(/^(?:[0-9a-f]{2})+$/), channels: z.array(z.unknown()) })

/** Writes the backup of all channels beside our own file, at the start and whenever a channel opens or closes. */
export async function keepBackups(
  lnd: AuthenticatedLnd,
  folder: string,
  o: { now: () => number; log: (line: string) => void },
): Promise<Backups> {
  const file = join(folder, 'channels.backup')
  let state: BackupState | undefined
  let writing = Promise.resolve()
  const keep = async (found: unknown): Promise<void> => {
    const { backup, channels } = snapshot.parse(found)
    const bytes = Buffer.from(backup, 'hex')
    await writeSafely(file, bytes)
    state = { file, channels: channels.length, takenAt: o.now() }
  }
  const queue = (found: unknown) => {
    writing = writing
      .then(() => keep(found))
      .catch((error: unknown) => o.log(`lightning: the channel backup was not written: ${messageOf(error)}`))
  }
  try {
    await keep(await lndCall('the channel backup', BACKUP_DEADLINE_MS, () => getBackups({ lnd })))
  } catch (error) {
    o.log(`lightning: no channel backup could be taken: ${messageOf(error)}`)
    state = backupOnDisk(file)
  }
  const subscription = keepSubscribed({ event: 'backup', open: () => subscribeToBackups({ lnd }), onData: queue })
  return { state: () => state, close: subscription.stop }
}

/** The old file stands until the new one is complete on the disk. */
async function writeSafely(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(`${file}.new`, 'w', 0o600)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${file}.new`, file)
}

/** What an earlier process left. It is encrypted, so how many channels it covers is not known. */
function backupOnDisk(file: string): BackupState | undefined {
  try {
    return { file, channels: undefined, takenAt: statSync(file).mtimeMs }
  } catch {
    return undefined
  }
}
