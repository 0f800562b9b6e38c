import { max } from '../../money/integers.ts'
import type { Verification } from './verify.ts'
import type { VerifyRow } from './verifyRow.ts'

const MARK = { equal: 'equal', in_flight: 'in flight', break: 'BREAK', silent: 'SILENT' } as const

/** The verification for people: a row an account, ours and theirs side by side. */
export function verifyTable(v: Verification): string {
  const rows = [...v.rails, ...v.splits, ...v.suspense]
  const width = widest(['account', ...rows.map((r) => r.account)])
  const assetWidth = widest(v.sums.map((s) => s.asset))
  const lines = [
    `journal   ${v.journal.blocks} blocks, hash chain ${v.journal.verdict}, head ${v.journal.head.slice(0, 16)}${v.journal.detail ? ` (${v.journal.detail})` : ''}`,
    ...v.sums.map(
      (s) =>
        `entries   ${s.asset.padEnd(assetWidth)} debits ${s.debits.padStart(22)} = credits ${s.credits.padStart(22)}  ${MARK[s.verdict]}`,
    ),
    '',
    `${'account'.padEnd(width)} ${'asset'.padEnd(5)} ${'ledger'.padStart(22)} ${'rail says'.padStart(22)} ${'difference'.padStart(14)}  verdict`,
    ...rows.flatMap((r) => rowLines(r, width)),
    '',
    v.ok ? 'verified: every balance agrees' : 'NOT IN ORDER: see the rows above',
  ]
  return lines.join('\n')
}

function widest(texts: readonly string[]): number {
  return texts.reduce((width, text) => max(text.length, width), 0)
}

function rowLines(r: VerifyRow, width: number): string[] {
  const row = `${r.account.padEnd(width)} ${r.asset.padEnd(5)} ${r.ledger.padStart(22)} ${r.rail.padStart(22)} ${r.difference.padStart(14)}  ${MARK[r.verdict]}`
  if (r.verdict === 'equal') return [row]
  return [row, ...r.in_flight.map((f) => `  in flight: ${f.what} ${f.amount}`)]
}
