import { createPublicKey } from 'node:crypto'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { openAuditLog } from '../../adapters/auditLog/sqlite/openAuditLog.ts'
import { openReadModel } from '../../adapters/readModel/sqlite/openReadModel.ts'
import type { Projector } from '../../gateway/api/http/context.ts'
import { createAuditAnswers } from '../../gateway/audit/log/auditAnswers.ts'
import type { BlockFeed } from '../../gateway/audit/projection/blockFeed.ts'
import { lagBehind } from '../../gateway/audit/projection/lag.ts'
import { createReadWaiters } from '../../gateway/audit/projection/readWaiters.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { JournalReader } from '../../gateway/ports/journal.ts'
import type { ReadCursor } from '../../gateway/ports/readModel.ts'
import type { FromProjector, ProjectorStart, ToProjector } from './projectorLink.ts'

const READY_MS_MAX = 30_000
const STOP_MS_MAX = 10_000

// Beside this file under the same ending: .ts as it is, .js once compiled.
const THREAD = new URL(`./projectorThread${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url)

type Options = Readonly<{
  dataDir: string
  feed: BlockFeed
  privateKeyPem: string
  clock: Clock
  assetOf: (ledger: number) => string
  /** Told once when the projections stop before they are closed. */
  log: (line: string) => void
}>

/**
 * Starts the thread that builds read.db and audit.db from the feed. Refuses when one of them has seen blocks that the journal does not have: it has
 * lost payments, and both files stand outside of it.
 */
export async function startProjector(o: Options): Promise<Projector & Readonly<{ close: () => Promise<void> }>> {
  const start: ProjectorStart = {
    readPath: join(o.dataDir, 'read.db'),
    auditPath: join(o.dataDir, 'audit.db'),
    privateKeyPem: o.privateKeyPem,
  }
  const worker = new Worker(THREAD, { workerData: start, name: 'projector' })
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  const waiters = createReadWaiters()
  const ready = Promise.withResolvers<Extract<FromProjector, { kind: 'ready' }>['cursors']>()
  let wanted: number | undefined
  let failure: string | undefined
  let closing = false

  function stopped(why: string): void {
    if (closing || failure !== undefined) return
    failure = why
    ready.reject(new Error(why))
    waiters.fail(why)
    o.log(`projector: ${why}; payments go on, reads and audit proofs stand still`)
  }

  /** Answers the thread's question once there is something to answer. */
  function offer(): void {
    if (wanted === undefined || (o.feed.head().seq <= wanted && !closing)) return
    const after = wanted
    wanted = undefined
    const page: Promise<ToProjector> = closing ? Promise.resolve([]) : o.feed.after(after)
    page.then(
      (blocks) => worker.postMessage(blocks),
      (error: unknown) => stopped(`the journal cannot be read: ${error instanceof Error ? error.message : 'unknown error'}`),
    )
  }

  worker.on('message', (message: FromProjector) => {
    if (message.kind === 'ready') ready.resolve(message.cursors)
    else if (message.kind === 'failed') stopped(message.message)
    else {
      wanted = message.after
      waiters.reached(message.after)
      offer()
    }
  })
  worker.on('error', (error) => stopped(error instanceof Error ? error.message : String(error)))
  worker.once('exit', (code) => stopped(`its thread ended (${code})`))
  o.feed.onBlock(offer)

  async function close(): Promise<void> {
    closing = true
    offer()
    const late = new Promise<'late'>((resolve) => setTimeout(resolve, STOP_MS_MAX, 'late').unref())
    if ((await Promise.race([ended, late])) === 'late') await worker.terminate()
  }

  const late = setTimeout(() => ready.reject(new Error(`the projector was not ready after ${READY_MS_MAX} ms`)), READY_MS_MAX)
  try {
    const cursors = await ready.promise
    for (const [file, cursor] of Object.entries(cursors)) await checkCursor(file, cursor, o.feed.journal)
  } catch (error) {
    await close()
    throw error
  } finally {
    clearTimeout(late)
  }
  const reads = openReadModel(start.readPath)
  const log = openAuditLog(start.auditPath)
  const publicKeyPem = createPublicKey(o.privateKeyPem).export({ type: 'spki', format: 'pem' }) as string // A PEM is text.
  return {
    reads,
    audit: createAuditAnswers(log, publicKeyPem),
    readAfter: waiters.after,
    lag: () => ({
      ...lagBehind(o.feed, reads.cursor(), { now: o.clock.now(), assetOf: o.assetOf }),
      ...(failure === undefined ? {} : { failure }),
    }),
    async close() {
      // Readers first: who writes a file then closes it last, and leaves nothing beside it.
      reads.close()
      log.close()
      await close()
    },
  }
}

/** A projection only ever saw blocks that were durable: its cursor is an anchor of the journal's head outside of it. */
async function checkCursor(file: string, { seq, hash }: ReadCursor, journal: Pick<JournalReader, 'read'>): Promise<void> {
  if (seq === 0) return
  const restore = `Restore the journal from a copy; if it is the right one, delete ${file}, and it is built again.`
  for await (const block of journal.read(seq - 1)) {
    if (block.seq === seq && Buffer.compare(block.hash, hash) === 0) return
    throw new Error(
      `block ${seq} of the journal is not the one that ${file} was built from: the journal was replaced or changed. ${restore}`,
    )
  }
  throw new Error(`the journal ends before block ${seq}, which ${file} was built from: data was lost. ${restore}`)
}
