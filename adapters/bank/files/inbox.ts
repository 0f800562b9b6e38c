import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { applyBankFile } from './apply.ts'
import { type BankFile, FILE_BYTES_MAX, type FileReader } from './bankFile.ts'
import { BankFileRefused } from './bankFileRefused.ts'
import type { CodeMeaning } from './codeMeaning.ts'
import { ifThere } from './ifThere.ts'
import type { BankStore } from './store.ts'

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

/** `read`: begins a file. `inTurn`: what nothing else of the rail comes between. */
type InboxOptions = Readonly<{
  read: () => FileReader
  meaningOf: (code: string) => CodeMeaning
  inTurn: <T>(work: () => Promise<T>) => Promise<T>
  now: () => number
}>

/**
 * Takes the bank's files: each is read whole, piece by piece, applied in one transaction with its hash, then moved to `archive/`; or refused whole, moved to
 * `inbox/rejected/` with `.reason.txt` beside it. A file is touched only when its size and time stood still between two scans.
 */
export async function openInbox(folder: string, store: BankStore, options: InboxOptions) {
  const inbox = join(folder, 'inbox')
  const archive = join(folder, 'archive')
  const rejected = join(inbox, 'rejected')
  for (const path of [inbox, archive, rejected]) await mkdir(path, { recursive: true })
  let seen = new Map<string, string>()

  async function standing(): Promise<{ name: string; size: number }[]> {
    const names = (await readdir(inbox, { withFileTypes: true })).filter((f) => f.isFile() && !UNFINISHED.test(f.name)).map((f) => f.name)
    const now = new Map<string, string>()
    const ready: { name: string; size: number }[] = []
    for (const name of names.sort().slice(0, SCAN_FILES_MAX)) {
      const file = await ifThere(stat(join(inbox, name)))
      if (!file) continue
      const { size, mtimeMs } = file
      const state = `${size}:${mtimeMs}`
      now.set(name, state)
      if (seen.get(name) === state) ready.push({ name, size })
    }
    seen = now
    return ready
  }

  async function refuse(name: string, hash: string, reason: string): Promise<void> {
    const kept = keptAs(hash, name)
    store.addProblem({ id: `refused:${kept}`, at: options.now(), what: 'a file of the bank is refused', detail: `${name}: ${reason}` })
    await writeFile(join(rejected, `${kept}.reason.txt`), `${reason}\n`)
    await ifThere(rename(join(inbox, name), join(rejected, kept)))
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

  return {
    /** One pass over the inbox. True when something new was taken. */
    async scan(): Promise<boolean> {
      let taken = false
      for (const { name, size } of await standing()) {
        const tooLarge = size > FILE_BYTES_MAX
        const hash = tooLarge ? sha256(`${name} of ${size} bytes`) : await ifThere(hashOf(join(inbox, name)))
        if (hash === undefined) continue
        try {
          if (tooLarge) throw new BankFileRefused(`${size} bytes are more than ${FILE_BYTES_MAX}`)
          if (await ifThere(take(name, hash))) taken = true
        } catch (error) {
          if (!(error instanceof BankFileRefused)) throw error
          await refuse(name, hash, error.reason)
        } finally {
          store.spool.clear()
        }
      }
      return taken
    },
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
