import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { journalLine } from '../../../gateway/audit/projection/journalLines.ts'
import { type LedgerAsked, whichBooks } from './whichBooks.ts'

type Options = LedgerAsked & Readonly<{ file?: string | undefined; content?: boolean | undefined }>

/** The whole journal as NDJSON, one block per line, with hashes; to standard output without a file. */
export async function ledgerExport(o: Options): Promise<number> {
  const { file } = o
  const journal = whichBooks(o).journal()
  const out = file === undefined ? process.stdout : createWriteStream(file, { flags: 'wx', mode: 0o600 })
  let blocks = 0
  try {
    for await (const block of journal.read(0)) {
      if (!out.write(journalLine(block, o.content ?? false))) await once(out, 'drain')
      blocks += 1
    }
  } finally {
    await journal.close()
  }
  if (out !== process.stdout) {
    out.end()
    await finished(out)
  }
  console.error(
    o.json ? JSON.stringify({ blocks, file: file ?? null }) : `exported ${blocks} blocks${file === undefined ? '' : ` to ${file}`}`,
  )
  return 0
}
