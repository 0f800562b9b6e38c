import { parentPort, workerData } from 'node:worker_threads'
import { openAuditLogWriter } from '../../adapters/auditLog/sqlite/openAuditLog.ts'
import { openLog } from '../../adapters/operatorLog/openLog.ts'
import { openReadModelWriter } from '../../adapters/readModel/sqlite/openReadModelWriter.ts'
import { auditFollower } from '../../gateway/audit/log/auditFollower.ts'
import { createCheckpointer } from '../../gateway/audit/log/checkpointer.ts'
import { follow, readModelFollower } from '../../gateway/audit/projection/follower.ts'
import { invariant } from '../../gateway/errors/invariant.ts'
import type { Block } from '../../gateway/ports/journal.ts'
import { withPaymentLines } from './paymentLog.ts'
import type { FromProjector, ProjectorStart, ToProjector } from './projectorLink.ts'
import { readings } from './tellings.ts'

/** How often the audit log is signed while payments come in. */
const CHECKPOINT_MS = 1000

/** The thread that builds read.db and audit.db behind the journal. It asks for blocks, one page at a time, and ends when it is given none. */
async function run(start: ProjectorStart): Promise<void> {
  invariant(parentPort, 'the projector is a thread')
  const port = parentPort
  const notify = (message: FromProjector) => port.postMessage(message)
  const writer = openReadModelWriter(start.readPath)
  const log = openAuditLogWriter(start.auditPath)
  const signCheckpoint = createCheckpointer(log, start.privateKeyPem)
  notify({ kind: 'ready', cursors: { 'read.db': writer.cursor(), 'audit.db': log.cursor() } })

  function pages(after: number): Promise<readonly Block[]> {
    return new Promise((resolve) => {
      port.once('message', (blocks: ToProjector) => resolve(blocks))
      notify({ kind: 'want', after })
    })
  }

  signCheckpoint()
  const signing = setInterval(() => {
    try {
      signCheckpoint()
    } catch (error) {
      fail(error)
    }
  }, CHECKPOINT_MS)
  const operatorLog = openLog(start.logLevel, { atOnce: true })
  const payments = { since: Date.now(), write: (line: object) => operatorLog.info(line, 'payment') }
  await follow([withPaymentLines(readModelFollower(writer, readings), payments), auditFollower(log)], pages, () => undefined)
  clearInterval(signing)
  signCheckpoint()
  writer.close()
  log.close()
  port.close()
}

/** The projections stop and say why; payments go on without them. */
function fail(error: unknown): never {
  const message: FromProjector = { kind: 'failed', message: error instanceof Error ? error.message : String(error) }
  parentPort?.postMessage(message)
  // Only this thread: what was told is delivered first.
  process.exit(1)
}

run(workerData as ProjectorStart).catch(fail) // What `openProjector` gave it.
