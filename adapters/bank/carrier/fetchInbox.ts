import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ifThere } from '../files/ifThere.ts'
import { syncPath } from '../files/syncPath.ts'
import { type FarPlaces, type NearPlaces, ROUND_FILES_MAX } from './places.ts'
import { LISTED_MAX, type Remote, type RemoteFile } from './remote.ts'
import { oneByOne, type Stuck } from './sendOutbox.ts'

/** What programs call files that they are writing. */
const UNFINISHED = /^\.|\.(tmp|part|filepart)$/i
/** Names that are names in every file system, and no paths. */
const USABLE = /^[A-Za-z0-9_][\w .()+,=@-]{0,199}$/

const lineOf = ({ name, bytes, changedAt }: RemoteFile) => `${bytes} ${changedAt} ${name}`

/**
 * Takes the bank's files into `inbox/`. One is taken when it stood still since the look before, and is under its own name here only when it is whole. With
 * `taken` as `leave`, `taken.txt` keeps what was taken of what still lies there; were it lost, files would come again, which the inbox takes for what they are.
 */
export function createFetcher(near: NearPlaces, far: FarPlaces, bytesMax: number) {
  let seen: ReadonlySet<string> = new Set()

  async function takenBefore(): Promise<ReadonlySet<string>> {
    if (far.taken === 'delete') return new Set()
    return new Set((await ifThere(readFile(near.taken, 'utf8')))?.split('\n') ?? [])
  }

  /** Whether it is here now. It is not when it changed while it was read, or when the one before it under this name waits here yet: a later look takes it. */
  async function take(file: RemoteFile, remote: Remote): Promise<boolean> {
    const [there, whole, part] = [`${far.takeFrom}/${file.name}`, join(near.inbox, file.name), join(near.inbox, `.${file.name}.part`)]
    if (await ifThere(stat(whole))) return false
    await rm(part, { force: true })
    await remote.get(there, part, bytesMax)
    const [{ size }, now] = [await stat(part), await remote.look(there)]
    if (!now || size !== file.bytes || now.bytes !== file.bytes || now.changedAt !== file.changedAt) {
      await rm(part)
      return false
    }
    await syncPath(part)
    await rename(part, whole)
    await syncPath(near.inbox)
    if (far.taken === 'delete') await remote.remove(there)
    return true
  }

  async function remember(lines: readonly string[]): Promise<void> {
    const fresh = `${near.taken}.new`
    await writeFile(fresh, lines.join('\n'))
    await syncPath(fresh)
    await rename(fresh, near.taken)
  }

  /** One look. Returns the files that can not be taken, and why. Throws when the link is lost. */
  return async function fetchInbox(remote: Remote): Promise<readonly Stuck[]> {
    const listed = (await remote.list(far.takeFrom, LISTED_MAX)).filter(({ name }) => !UNFINISHED.test(name))
    const [usable, unusable] = [listed.filter(({ name }) => USABLE.test(name)), listed.filter(({ name }) => !USABLE.test(name))]
    const before = await takenBefore()
    const stood = seen
    seen = new Set(usable.map(lineOf))
    const taken = usable.map(lineOf).filter((line) => before.has(line))
    const large = usable.filter(({ bytes }) => bytes > bytesMax)
    const ready = usable.filter((file) => file.bytes <= bytesMax && !before.has(lineOf(file)) && stood.has(lineOf(file)))
    const refused: Stuck[] = []
    try {
      for (const file of ready.slice(0, ROUND_FILES_MAX)) {
        const work = async () => {
          if (await take(file, remote)) taken.push(lineOf(file))
          return undefined
        }
        refused.push(...(await oneByOne(file.name, work)))
      }
    } finally {
      if (far.taken === 'leave' && (taken.length !== before.size || ready.length > 0)) await remember(taken)
    }
    return [
      ...refused,
      ...unusable.map(({ name }) => ({
        name: shown(name),
        why: 'its name could not be one here: ask the bank for letters, digits and . _ -',
      })),
      ...large.map(({ name, bytes }) => ({ name, why: `${bytes} bytes are more than ${bytesMax}: ask the bank for smaller files` })),
    ]
  }
}

/** As a line of a report may show it. */
const shown = (name: string) => JSON.stringify(name).slice(0, 100)
