import { readdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { syncPath } from '../files/syncPath.ts'
import { type FarPlaces, type NearPlaces, ROUND_FILES_MAX } from './places.ts'
import { type Remote, RemoteRefused } from './remote.ts'

/** As programs of banks know files that are not whole yet; nobody reads them. */
const UNFINISHED = '.part'

/** A file that a person has to look after, and why. */
export type Stuck = Readonly<{ name: string; why: string }>

/**
 * Carries what lies in `outbox/` to the bank, each file at most once, and ends what a round before began. Returns the files whose fate the bank's folder does
 * not tell, and those that it does not take; the others do not wait for them. Throws when the link is lost; what was begun is ended by a later round.
 */
export async function sendOutbox(near: NearPlaces, far: Pick<FarPlaces, 'putInto'>, remote: Remote): Promise<readonly Stuck[]> {
  const o = { near, far, remote }
  const begun = await filesIn(near.leaving)
  const fresh = (await filesIn(near.outbox)).slice(0, ROUND_FILES_MAX)
  const stuck: Stuck[] = []
  for (const name of begun) stuck.push(...(await oneByOne(name, () => endBegun(name, o))))
  for (const name of fresh) stuck.push(...(await oneByOne(name, () => sendFile(name, o))))
  return stuck
}

/** What a person has to know of one file, if anything. */
export async function oneByOne(name: string, work: () => Promise<string | undefined>): Promise<readonly Stuck[]> {
  try {
    const why = await work()
    return why === undefined ? [] : [{ name, why }]
  } catch (error) {
    if (error instanceof RemoteRefused) return [{ name, why: `the bank’s server refuses it: ${error.message}` }]
    throw error
  }
}

async function filesIn(folder: string): Promise<string[]> {
  const found = await readdir(folder, { withFileTypes: true })
  return found
    .filter((one) => one.isFile() && !one.name.startsWith('.'))
    .map(({ name }) => name)
    .sort()
}

type Parts = Readonly<{ near: NearPlaces; far: Pick<FarPlaces, 'putInto'>; remote: Remote }>

const farPaths = ({ far }: Parts, name: string) => ({ whole: `${far.putInto}/${name}`, part: `${far.putInto}/${name}${UNFINISHED}` })

async function sendFile(name: string, o: Parts): Promise<string | undefined> {
  const { near, remote } = o
  const { whole, part } = farPaths(o, name)
  // Names of order files are never used twice, so this one is somebody else's, or a person has put a carried file back too early.
  if ((await remote.look(whole)) !== undefined) return `${whole} lies at the bank already: see what it is before this one is carried`
  const local = join(near.outbox, name)
  await remote.put(local, part)
  const [sent, { size }] = [(await remote.look(part))?.bytes, await stat(local)]
  if (sent !== size) throw new Error(`${part} has ${sent ?? 'no'} bytes there, and ${size} were sent`)
  // From here on the bank may have it: durable before it is so.
  await move(name, near.outbox, near.leaving)
  await remote.rename(part, whole)
  await move(name, near.leaving, near.carried)
  return undefined
}

/** What lies in `leaving/`: the other side had it whole under the other name, and was asked for the rename or about to be. */
async function endBegun(name: string, o: Parts): Promise<string | undefined> {
  const { near, remote } = o
  const { whole, part } = farPaths(o, name)
  const waits = (await remote.look(part)) !== undefined
  const there = (await remote.look(whole)) !== undefined
  if (!waits && !there) {
    return `the link was lost while ${whole} got its name. Ask the bank: if it has the file, move it from leaving/ to carried/; if not, to outbox/`
  }
  if (waits && there) return `${whole} lies at the bank, and ${part} beside it: see which is ours, and move the file from leaving/ by hand`
  if (waits) await remote.rename(part, whole)
  await move(name, near.leaving, near.carried)
  return undefined
}

async function move(name: string, from: string, to: string): Promise<void> {
  await rename(join(from, name), join(to, name))
  await syncPath(to)
  await syncPath(from)
}
