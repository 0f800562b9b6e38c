import { createPublicKey } from 'node:crypto'
import { join } from 'node:path'
import { openAuditLog } from '../../adapters/auditLog/sqlite/openAuditLog.ts'
import { openReadModel } from '../../adapters/readModel/sqlite/openReadModel.ts'
import { createAuditAnswers } from '../../gateway/audit/log/auditAnswers.ts'
import type { BlockFeed } from '../../gateway/audit/projection/blockFeed.ts'
import { lagBehind } from '../../gateway/audit/projection/lag.ts'
import { createReadWaiters } from '../../gateway/audit/projection/readWaiters.ts'
import type { Projector } from '../../gateway/audit/projector.ts'
import { invariant } from '../../gateway/errors/invariant.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { JournalReader } from '../../gateway/ports/journal.ts'
import type { ReadCursor } from '../../gateway/ports/readModel.ts'
import type { ProjectorStart } from './projectorLink.ts'
import { type ProjectorWorker, startWorker } from './projectorWorker.ts'

type Options = Readonly<{
  dataDir: string
  feed: BlockFeed
  privateKeyPem: string
  clock: Clock
  assetOf: (ledger: number) => string
  /** From which level on the thread writes the operator's log. */
  logLevel: string
  /** Told once when the projections stop before they are closed. */
  log: (line: string) => void
}>

/** `start` comes before anything is read; it resolves to the same projector. */
type OpenedProjector = Projector & Readonly<{ start: () => Promise<OpenedProjector>; close: () => Promise<void> }>

/**
 * The thread that builds read.db and audit.db from the feed. `start` refuses when one of them has seen blocks that the journal does not have: it has
 * lost payments, and both files stand outside of it.
 */
export function openProjector(o: Options): OpenedProjector {
  const paths: ProjectorStart = {
    readPath: join(o.dataDir, 'read.db'),
    auditPath: join(o.dataDir, 'audit.db'),
    privateKeyPem: o.privateKeyPem,
    logLevel: o.logLevel,
  }
  const waiters = createReadWaiters()
  let worker: ProjectorWorker | undefined
  let shown: ReturnType<typeof openShown> | undefined
  let failure: string | undefined
  const show = () => {
    invariant(shown, 'the projector is started before anything is read')
    return shown
  }

  function onStopped(why: string): void {
    failure = why
    waiters.fail(why)
    o.log(`projector: ${why}; payments go on, reads and audit proofs stand still`)
  }

  const projector: OpenedProjector = {
    get reads() {
      return show().reads
    },
    get audit() {
      return show().audit
    },
    readAfter: waiters.after,
    lag: () => ({
      ...lagBehind(o.feed, show().reads.cursor(), { now: o.clock.now(), assetOf: o.assetOf }),
      ...(failure === undefined ? {} : { failure }),
    }),
    async start() {
      worker = startWorker(paths, { feed: o.feed, onReached: waiters.reached, onStopped })
      await checkCursors(worker, o.feed.journal)
      shown = openShown(paths)
      return projector
    },
    async close() {
      // Readers first: who writes a file then closes it last, and leaves nothing beside it.
      shown?.close()
      await worker?.close()
    },
  }
  return projector
}

/** What the thread writes, as it is read here. */
function openShown({ readPath, auditPath, privateKeyPem }: ProjectorStart) {
  const reads = openReadModel(readPath)
  const log = openAuditLog(auditPath)
  const publicKeyPem = createPublicKey(privateKeyPem).export({ type: 'spki', format: 'pem' }) as string // A PEM is text.
  return {
    reads,
    audit: createAuditAnswers(log, publicKeyPem),
    close() {
      reads.close()
      log.close()
    },
  }
}

/** Ends the thread again when its files have seen another journal. */
async function checkCursors(worker: ProjectorWorker, journal: Pick<JournalReader, 'read'>): Promise<void> {
  try {
    for (const [file, cursor] of Object.entries(await worker.ready)) await checkCursor(file, cursor, journal)
  } catch (error) {
    await worker.close()
    throw error
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
