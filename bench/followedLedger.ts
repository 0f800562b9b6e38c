import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteJournal } from '../adapters/journal/sqlite/openSqliteJournal.ts'
import { openStateFiles } from '../adapters/state/openStateFiles.ts'
import { openProjector } from '../app/projector/openProjector.ts'
import { openBlockFeed } from '../gateway/audit/projection/blockFeed.ts'
import { createBooks } from '../gateway/ledger/books/createBooks.ts'
import { clock, closedLoop, fund, openLoop, openLoopText } from './ledgerLoad.ts'

const WARM_UP = 20_000
const IN_FLIGHT = 64
const SAMPLE_MS = 1000
const DRAIN_MS_MAX = 300_000
const NS_PER_SECOND = 1_000_000_000

/** Prints what the open loop becomes while the projector builds its read model and audit log behind it on the other core, and how far that falls behind. */
export async function measureFollowed(load: Readonly<{ perSecond: number; seconds: number }>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'))
  const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string // A PEM is text.
  try {
    const feed = await openBlockFeed(openSqliteJournal(join(folder, 'journal.db')))
    const books = createBooks({ journal: feed.journal, clock, state: openStateFiles(join(folder, 'state')), warn: console.error })
    await books.start()
    const start = {
      dataDir: folder,
      feed,
      privateKeyPem,
      clock,
      assetOf: String,
      logLevel: 'silent',
      log: (line: string) => console.error(line),
    }
    const projector = await openProjector(start).start()
    await fund(books)
    await closedLoop(books, { count: WARM_UP, inFlight: IN_FLIGHT })
    await projector.readAfter(books.head().seq, DRAIN_MS_MAX)
    const behind: { blocks: number; seconds: number }[] = []
    const sampling = setInterval(() => {
      const [head, shown] = [feed.head(), projector.reads.cursor()]
      behind.push({ blocks: head.seq - shown.seq, seconds: Number(head.at - shown.at) / NS_PER_SECOND })
    }, SAMPLE_MS)
    const loop = await openLoop(books, load)
    clearInterval(sampling)
    const answered = performance.now()
    await projector.readAfter(books.head().seq, DRAIN_MS_MAX)
    const drained = (performance.now() - answered) / 1000
    const most = (of: 'blocks' | 'seconds') => behind.reduce((max, sample) => (sample[of] > max ? sample[of] : max), 0)
    console.log(
      `ledger  open loop at ${load.perSecond}/s for ${load.seconds} s, followed by the projector: ${openLoopText(loop)}; ` +
        `it was at most ${most('blocks')} blocks or ` +
        `${most('seconds').toFixed(2)} s behind, and showed everything ${drained.toFixed(2)} s after the last answer`,
    )
    await books.close()
    await projector.close()
  } finally {
    rmSync(folder, { recursive: true })
  }
}
