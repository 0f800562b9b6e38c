import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { applyBankFile } from './apply.ts'
import { type BankFile, FILE_BYTES_MAX, type FileReader } from './bankFile.ts'
import { BankFileRefused } from './bankFileRefused.ts'
import { BankFileToCome } from './bankFileToCome.ts'
import type { CodeMeaning } from './codeMeaning.ts'
import { holdFiles } from './heldFiles.ts'
import { ifThere } from './ifThere.ts'
import type { BankStore, Problem } from './store.ts'

/** Files of one scan; the rest wait for the next. */
const SCAN_FILES_MAX = 100
/** Names that a transfer program uses while it writes. */
const UNFINISHED = /^\.|\.(tmp|part|filepart)$/i
const HASH_IN_NAME = 12
/** A name that file systems take has 255 bytes at most; the end says what it is, and with the hash before it none is another's. */
const NAME_BYTES_MAX = 200

/** What a file is kept as once it was read: by its hash and its name, or the end of that. */
function keptAs(hash: string, name: string): string {
  let end = name
  while (Buffer.byteLength(end) > NAME_BYTES_MAX) end = end.slice(1)
  return `${hash.slice(0, HASH_IN_NAME)}-${end}`
}

/** `state` is another one when the file was written anew. */
type Standing = Readonly<{ name: string; size: number; state: string }>

/** `read`: begins a file. `inTurn`: what nothing else of the rail comes between. */
type InboxOptions = Readonly<{
  read: () => FileReader
  meaningOf: (code: string) => CodeMeaning
  inTurn: <T>(work: () => Promise<T>) => Promise<T>
  now: () => number
}>

/** Each call is a look at files that are `due`, and answers those that have stood still since the one before. */
function lookInto(inbox: string, due: (names: readonly string[]) => string[]): () => Promise<Standing[]> {
  let seen = new Map<string, string>()
  return async () => {
    const names = (await readdir(inbox, { withFileTypes: true })).filter((f) => f.isFile() && !UNFINISHED.test(f.name)).map((f) => f.name)
    const now = new Map<string, string>()
    const ready: Standing[] = []
    for (const name of due(names).sort().slice(0, SCAN_FILES_MAX)) {
      const file = await ifThere(stat(join(inbox, name)))
      if (!file) continue
      const { size, mtimeMs } = file
      const state = `${size}:${mtimeMs}`
      now.set(name, state)
      if (seen.get(name) === state) ready.push({ name, size, state })
    }
    seen = now
    return ready
  }
}

/**
 * Takes the bank's files: each is read whole, piece by piece, applied in one transaction with its hash, then moved to `archive/`; or refused whole, moved to
 * `inbox/rejected/` with `.reason.txt` beside it. One that is only of a day to come stays where it is: the clock here may be wrong, and then it is no fault
 * of the file. A file is touched only when its size and time stood still between two scans.
 */
export async function openInbox(folder: string, store: BankStore, options: InboxOptions) {
  const inbox = join(folder, 'inbox')
  const archive = join(folder, 'archive')
  const rejected = join(inbox, 'rejected')
  for (const path of [inbox, archive, rejected]) await mkdir(path, { recursive: true })
  const held = holdFiles(options.now)
  const standing = lookInto(inbox, held.due)

  async function refuse(name: string, hash: string, reason: string): Promise<void> {
    const kept = keptAs(hash, name)
    store.addProblem({ id: `refused:${kept}`, at: options.now(), what: 'a file of the bank is refused', detail: `${name}: ${reason}` })
    await writeFile(join(rejected, `${kept}.reason.txt`), `${reason}\n`)
    await ifThere(rename(join(inbox, name), join(rejected, kept)))
    held.end(name)
  }

  async function take(name: string, hash: string): Promise<boolean> {
    const before = store.file(hash)
    if (before && before.name !== name) throw new BankFileRefused(`the same file was taken before as ${before.name}`)
    if (!before) {
      const file = await readWhole(join(inbox, name), hash, options.read)
      if (!file) return false
      await options.inTurn(async () =>
        store.transaction(() => {
          applyBankFile(store, file, { hash, meaningOf: options.meaningOf, now: options.now() })
          store.addFile(hash, name, options.now())
        }),
      )
    }
    await ifThere(rename(join(inbox, name), join(archive, keptAs(hash, name))))
    return true
  }

  /** True when it was new and is taken; one that is refused or has to wait keeps no other from being read. */
  async function settle({ name, size, state }: Standing): Promise<boolean> {
    const tooLarge = size > FILE_BYTES_MAX
    const hash = tooLarge ? sha256(`${name} of ${size} bytes`) : await ifThere(hashOf(join(inbox, name)))
    if (hash === undefined) return false
    try {
      if (tooLarge) throw new BankFileRefused(`${size} bytes are more than ${FILE_BYTES_MAX}`)
      if (!(await ifThere(take(name, hash)))) return false
      held.end(name)
      return true
    } catch (error) {
      if (error instanceof BankFileToCome) held.hold(name, state, error)
      else if (error instanceof BankFileRefused) await refuse(name, hash, error.reason)
      else throw error
      return false
    } finally {
      store.spool.clear()
    }
  }

  return {
    /** One pass over the inbox. True when something new was taken. */
    async scan(): Promise<boolean> {
      let taken = false
      for (const file of await standing()) if (!held.waits(file.name, file.state) && (await settle(file))) taken = true
      return taken
    },
    /** What waits for its day. */
    problems: (): readonly Problem[] => held.problems(),
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}

/** Reads it whole, into lists of its entries, while others go on; nothing when it has changed meanwhile. */
async function readWhole(path: string, hash: string, begin: InboxOptions['read']): Promise<BankFile | undefined> {
  const reader = begin()
  const now = createHash('sha256')
  try {
    for await (const chunk of createReadStream(path)) {
      now.update(chunk)
      reader.write(chunk)
    }
    const file = reader.end()
    return now.digest('hex') === hash ? file : undefined
  } catch (error) {
    // What was read may be a part of the one and a part of the other.
    if (error instanceof BankFileRefused && (await hashOf(path)) !== hash) return undefined
    throw error
  }
}
