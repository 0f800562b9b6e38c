import type { Verification, VerifyRow } from '../settlement/verify.ts'

const MARK = { equal: 'equal', in_flight: 'in flight', break: 'BREAK', silent: 'SILENT' } as const

/** The verification for people: a row an account, ours and theirs side by side. */
export function verifyTable(v: Verification): string {
  const lines = [
    `journal   ${v.journal.blocks} blocks, hash chain ${v.journal.verdict}, head ${v.journal.head.slice(0, 16)}${v.journal.detail ? ` (${v.journal.detail})` : ''}`,
    ...v.sums.map(
      (s) => `entries   ${s.asset.padEnd(46)} debits ${s.debits.padStart(22)} = credits ${s.credits.padStart(22)}  ${MARK[s.verdict]}`,
    ),
    '',
    `${'account'.padEnd(46)} ${'asset'.padEnd(5)} ${'ledger'.padStart(22)} ${'rail says'.padStart(22)} ${'difference'.padStart(14)}  verdict`,
    ...[...v.rails, ...v.splits].flatMap(rowLines),
    '',
    v.ok ? 'verified: every balance agrees' : 'NOT IN ORDER: see the rows above',
  ]
  return lines.join('\n')
}

function rowLines(r: VerifyRow): string[] {
  const row = `${r.account.padEnd(46)} ${r.asset.padEnd(5)} ${r.ledger.padStart(22)} ${r.rail.padStart(22)} ${r.difference.padStart(14)}  ${MARK[r.verdict]}`
  if (r.verdict === 'equal') return [row]
  return [row, ...r.in_flight.map((f) => `  in flight: ${f.what} ${f.amount}`)]
}
