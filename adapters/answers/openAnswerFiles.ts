import { mkdirSync } from 'node:fs'
import { open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { ReceiptId } from '../../gateway/ports/ids.ts'
import type { AnswerOwner, KeptAnswers, WholeAnswer } from '../../gateway/ports/keptAnswers.ts'
import { readHead } from './answerHead.ts'
import { createShares, type Limits, ROOM } from './shares.ts'
import { openWriter } from './writer.ts'

/** `<receipt>.<ended at>.<expires at>.<SHA-256>`: a file has this name once it is whole. */
const WHOLE = /^(rc_[\w-]+)\.(\d+)\.(\d+)\.([0-9a-f]{64})$/
const RECEIPT = /^rc_[\w-]+$/
const SWEEP_EVERY_MS = 60_000

/** `at`: where the bytes of the answer begin in its file. */
type Kept = WholeAnswer & Readonly<{ owner: AnswerOwner; name: string; at: number; expiresAt: number }>

/** Opens or creates a folder of answers. One process uses it. */
export function openAnswerFiles(folder: string, o: Readonly<{ clock: Clock; log: (line: string) => void; limits?: Limits }>): KeptAnswers {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const kept = new Map<string, Kept>()
  const writing = new Map<string, ReturnType<typeof openWriter>>()
  const shares = createShares(o.limits ?? ROOM)
  const sweeping = setInterval(sweep, SWEEP_EVERY_MS).unref()

  function remove(name: string): Promise<void> {
    return rm(join(folder, name), { force: true }).catch((error: unknown) => o.log(`answers: ${name} is not removed: ${error}`))
  }

  /** What has expired gives its room back. */
  function sweep(): void {
    const now = o.clock.now()
    for (const [receipt, { owner, bytes, name, expiresAt }] of kept) {
      if (expiresAt > now) continue
      kept.delete(receipt)
      shares.giveFile(owner, bytes)
      void remove(name)
    }
  }

  return {
    begin(owner, { bytesMax, bytes = 0 }) {
      const { receipt } = owner
      if (!RECEIPT.test(receipt) || writing.has(receipt) || kept.has(receipt) || bytes > bytesMax) return undefined
      sweep()
      if (!shares.hasRoom(owner, bytes) || !shares.takeFile(owner, 0)) return undefined
      const writer = openWriter({ folder, owner, bytesMax, shares, clock: o.clock, log: o.log })
      writing.set(receipt, writer)
      return {
        kept: writer.kept,
        write: writer.write,
        async end(lifeMs) {
          const whole = await writer.end(lifeMs)
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
        const found = await readWhole(folder, name)
        const stands =
          found && found.expiresAt > o.clock.now() && isRecorded(found.owner.claimKey) && shares.takeFile(found.owner, found.bytes)
        if (stands) kept.set(found.owner.receipt, found)
        else await remove(name)
      }
    },
    async close() {
      clearInterval(sweeping)
      await Promise.all([...writing.values()].map((writer) => writer.drop()))
    },
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

/** What an earlier process kept under this name; undefined for what it had not finished. */
async function readWhole(folder: string, name: string): Promise<Kept | undefined> {
  const [, receipt, endedAt, expiresAt, digest] = WHOLE.exec(name) ?? []
  if (receipt === undefined || digest === undefined) return undefined
  const file = await open(join(folder, name), 'r')
  try {
    const head = await readHead(file)
    if (head?.owner.receipt !== receipt) return undefined
    const { size } = await file.stat()
    const times = { endedAt: Number.parseInt(endedAt!, 10), expiresAt: Number.parseInt(expiresAt!, 10) } // The pattern has them. Not money: times.
    return { ...times, owner: { ...head.owner, receipt: receipt as ReceiptId }, name, at: head.length, bytes: size - head.length, digest }
  } finally {
    await file.close()
  }
}
