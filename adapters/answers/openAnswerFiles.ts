import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { ReceiptId } from '../../gateway/ports/ids.ts'
import type { AnswerOwner, KeptAnswers, StoredAnswer } from '../../gateway/ports/keptAnswers.ts'
import { readHead } from './answerHead.ts'
import { nameOf, PART, readName } from './answerName.ts'
import { createShares, type Limits, ROOM } from './shares.ts'
import { openWriter } from './writer.ts'

const RECEIPT = /^rc_[\w-]+$/
const SWEEP_EVERY_MS = 60_000
/** So many answers are looked at where there is no room for the next. */
const LOOKED_AT_MAX = 256
/** What an earlier process was still writing is kept for so long from now on: as long as an offer lives. */
const PART_LIFE_MS = 300_000

/** `at`: where the bytes of the answer begin in its file. */
type Kept = StoredAnswer & Readonly<{ owner: AnswerOwner; name: string; at: number; expiresAt: number }>

/** Opens or creates a folder of answers. One process uses it. */
export function openAnswerFiles(folder: string, o: Readonly<{ clock: Clock; log: (line: string) => void; limits?: Limits }>): KeptAnswers {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const kept = new Map<string, Kept>()
  const writing = new Map<string, ReturnType<typeof openWriter>>()
  const shares = createShares(o.limits ?? ROOM, () => sweep(LOOKED_AT_MAX))
  /** What has expired gives its room back. */
  const sweep = sweeper(kept, o.clock, ({ owner, bytes, name }) => {
    shares.giveFile(owner, bytes)
    void remove(name)
  })
  const sweeping = setInterval(() => sweep(kept.size + 1), SWEEP_EVERY_MS).unref()

  function remove(name: string): Promise<void> {
    return rm(join(folder, name), { force: true }).catch((error: unknown) => o.log(`answers: ${name} is not removed: ${error}`))
  }

  return {
    begin(owner, { bytesMax, bytes = 0 }) {
      const { receipt } = owner
      if (!RECEIPT.test(receipt) || writing.has(receipt) || kept.has(receipt) || bytes > bytesMax) return undefined
      if (!shares.hasRoom(owner, bytes) || !shares.takeFile(owner, 0)) return undefined
      const writer = openWriter({ folder, owner, bytesMax, shares, clock: o.clock, log: o.log })
      writing.set(receipt, writer)
      return {
        kept: writer.kept,
        write: writer.write,
        async end(lifeMs, how) {
          const whole = await writer.end(lifeMs, how === 'cut')
          writing.delete(receipt)
          if (whole) kept.set(receipt, { ...whole, owner })
          return whole !== undefined
        },
        async drop() {
          await writer.drop()
          writing.delete(receipt)
        },
      }
    },
    find(receipt) {
      if (writing.get(receipt)?.kept()) return 'open'
      const known = kept.get(receipt)
      return known && known.expiresAt > o.clock.now() ? known : undefined
    },
    read: (receipt, range) => readKept(folder, kept.get(receipt), range),
    async start(isRecorded) {
      for (const name of await readdir(folder)) {
        if (writing.has(name.split('.', 1)[0]!)) continue
        const found = await readNamed(folder, await cutPart(folder, name, o.clock.now()))
        const stands =
          found && found.expiresAt > o.clock.now() && isRecorded(found.owner.claimKey) && shares.takeFile(found.owner, found.bytes)
        if (stands) kept.set(found.owner.receipt, found)
        else await remove(found?.name ?? name)
      }
    },
    async close() {
      clearInterval(sweeping)
      await Promise.all([...writing.values()].map((writer) => writer.end(PART_LIFE_MS, true)))
    },
  }
}

/** Takes what has expired out of the next so many; each call goes on where the one before has ended. */
function sweeper(kept: Map<string, Kept>, clock: Clock, onTaken: (one: Kept) => void): (count: number) => void {
  let looking = kept.entries()
  return (count) => {
    const now = clock.now()
    for (let n = 0; n < count; n++) {
      const next = looking.next()
      if (next.done) {
        looking = kept.entries()
        continue
      }
      const [receipt, one] = next.value
      if (one.expiresAt > now) continue
      kept.delete(receipt)
      onTaken(one)
    }
  }
}

async function readKept(
  folder: string,
  kept: Kept | undefined,
  { from, end }: Readonly<{ from: number; end: number }>,
): Promise<Readable | undefined> {
  if (!kept) return undefined
  const file = await open(join(folder, kept.name), 'r').catch(() => undefined)
  if (!file) return undefined
  const { size } = await file.stat()
  if (size === kept.at + kept.bytes && from < end) return file.createReadStream({ start: kept.at + from, end: kept.at + end - 1 })
  await file.close()
  return undefined
}

/** The name of a file, which is another one from now on where an earlier process was writing it: nobody will write more. */
async function cutPart(folder: string, name: string, now: number): Promise<string> {
  if (!name.endsWith(PART)) return name
  const receipt = name.slice(0, -PART.length)
  const file = await open(join(folder, name), 'r')
  try {
    const head = await readHead(file)
    const { size } = await file.stat()
    if (!head || head.owner.receipt !== receipt || size === head.length) return name
    const hash = createHash('sha256')
    for await (const chunk of file.createReadStream({ start: head.length, autoClose: false })) hash.update(chunk as Uint8Array)
    const cut = nameOf({ receipt, endedAt: now, expiresAt: now + PART_LIFE_MS, digest: hash.digest('hex'), isCut: true })
    await rename(join(folder, name), join(folder, cut))
    return cut
  } finally {
    await file.close()
  }
}

/** What an earlier process kept under this name; undefined for anything else. */
async function readNamed(folder: string, name: string): Promise<Kept | undefined> {
  const said = readName(name)
  if (!said) return undefined
  const file = await open(join(folder, name), 'r')
  try {
    const head = await readHead(file)
    if (head?.owner.receipt !== said.receipt) return undefined
    const { size } = await file.stat()
    const { endedAt, expiresAt, digest, isCut } = said
    const owner = { ...head.owner, receipt: said.receipt as ReceiptId } // As we wrote it.
    return { owner, name, at: head.length, bytes: size - head.length, endedAt, expiresAt, digest, isCut }
  } finally {
    await file.close()
  }
}
