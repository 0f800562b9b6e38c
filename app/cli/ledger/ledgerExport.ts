import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { journalLine } from '../../../gateway/audit/projection/journalLines.ts'
import type { LedgerWords } from './ledgerWords.ts'

/** `switchyard ledger export [--file FILE] [--content]`: the whole journal as NDJSON, one block per line, with hashes; to standard output without a file. */
export async function ledgerExport({ files, file, content }: LedgerWords): Promise<number> {
  const journal = files.journal()
  const out = file === undefined ? process.stdout : createWriteStream(file, { flags: 'wx', mode: 0o600 })
  let blocks = 0
  try {
    for await (const block of journal.read(0)) {
      if (!out.write(journalLine(block, content))) await once(out, 'drain')
      blocks += 1
    }
  } finally {
    await journal.close()
  }
  if (out !== process.stdout) {
    out.end()
    await finished(out)
  }
  console.error(`exported ${blocks} blocks${file === undefined ? '' : ` to ${file}`}`)
  return 0
}
