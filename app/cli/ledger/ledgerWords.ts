import { parseArgs } from 'node:util'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import { localState } from '../../../world/localState.ts'
import { type LedgerFiles, ledgerFiles } from './ledgerFiles.ts'

/** The words after `switchyard ledger <part>`, read. */
export type LedgerWords = Readonly<{
  words: readonly string[]
  json: boolean
  files: LedgerFiles
  at: bigint | undefined
  limit: number
  /** An export to verify instead of a data folder; where an export goes. */
  file: string | undefined
  content: boolean
  /** A checkpoint that was kept elsewhere, the key that signed it, and the keys of those who must have cosigned it. */
  checkpoint: string | undefined
  key: string | undefined
  witnesses: readonly string[]
}>

const LIMIT = 50
const LIMIT_MAX = 100_000
const NS_PER_MS = 1_000_000n

const OPTIONS = {
  data: { type: 'string' },
  journal: { type: 'string' },
  json: { type: 'boolean' },
  at: { type: 'string' },
  limit: { type: 'string' },
  file: { type: 'string' },
  content: { type: 'boolean' },
  checkpoint: { type: 'string' },
  key: { type: 'string' },
  witness: { type: 'string', multiple: true },
} as const

/**
 * Reads the words of a part of `switchyard ledger`. The data folder is `--data`, SWITCHYARD_DATA, or that of the local network; a journal in
 * PostgreSQL is `--journal` or SWITCHYARD_JOURNAL_URL, and only counts beside a folder that was named.
 */
export function ledgerWords(args: string[]): LedgerWords {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS })
  const dataDir = values.data ?? process.env.SWITCHYARD_DATA
  return {
    words: positionals,
    json: values.json ?? false,
    files: dataDir === undefined ? localFiles() : ledgerFiles(dataDir, values.journal ?? process.env.SWITCHYARD_JOURNAL_URL),
    at: values.at === undefined ? undefined : timeOf(values.at),
    limit: values.limit === undefined ? LIMIT : limitOf(values.limit),
    file: values.file,
    content: values.content ?? false,
    checkpoint: values.checkpoint,
    key: values.key,
    witnesses: values.witness ?? [],
  }
}

/** Nobody named a folder: the local network's, which is only missed where one is needed. */
function localFiles(): LedgerFiles {
  const files = () => ledgerFiles(localState().dataDir)
  return {
    reads: () => files().reads(),
    journal: () => files().journal(),
    anchor: () => files().anchor(),
    checkpoints: () => files().checkpoints(),
  }
}

function timeOf(text: string): bigint {
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) throw new GatewayError('invalid_request', `${text} is not a time`, { hint: 'Write it as 2026-11-21T15:00:00Z.' })
  return BigInt(ms) * NS_PER_MS
}

function limitOf(text: string): number {
  const limit = /^[1-9][0-9]{0,5}$/.test(text) ? Number.parseInt(text, 10) : 0
  if (limit === 0 || limit > LIMIT_MAX)
    throw new GatewayError('invalid_request', `--limit is a whole number up to ${LIMIT_MAX}, not ${text}`)
  return limit
}
