import { helpText } from './help.ts'
import { ledgerBalances } from './ledger/ledgerBalances.ts'
import { ledgerExport } from './ledger/ledgerExport.ts'
import { ledgerShow } from './ledger/ledgerShow.ts'
import { ledgerTrace } from './ledger/ledgerTrace.ts'
import { ledgerVerify } from './ledger/ledgerVerify.ts'
import { type LedgerWords, ledgerWords } from './ledger/ledgerWords.ts'
import type { Verb } from './verb.ts'

const PARTS: Readonly<Record<string, Readonly<{ words: string; run: (words: LedgerWords) => number | Promise<number> }>>> = {
  balances: { words: '[PREFIX] [--at TIME]                    every account under a path, now or at a past time', run: ledgerBalances },
  show: { words: 'ACCOUNT [ASSET] | ENTRY | PAYMENT [--limit N]  a statement, an entry or a payment', run: ledgerShow },
  trace: { words: 'PAYMENT                                   all that the journal says of a payment', run: ledgerTrace },
  verify: {
    words: '[--file EXPORT] [--checkpoint FILE --key PEM [--witness KEY]]  the whole journal against what vouches for it',
    run: ledgerVerify,
  },
  export: { words: '[--file NEW] [--content]                  the whole journal as NDJSON with its hashes', run: ledgerExport },
}

/** `switchyard ledger ...`: reads the books of a data folder, whether its gateway runs or not, and never writes to it. */
export const verb: Verb = {
  usage: 'balances|show|trace|verify|export [--data DIR] [--json]   read the books of a gateway that runs or has stopped',
  parts: [
    'Give --data DIR (or SWITCHYARD_DATA; without it the local network), --journal URL (or SWITCHYARD_JOURNAL_URL) when the',
    'journal is in PostgreSQL, and --json for programs.\n',
    ...Object.entries(PARTS).map(([name, { words }]) => `  switchyard ledger ${name.padEnd(8)} ${words}`),
  ],
  exits: { 1: 'refused, or `verify` found what does not agree' },
  async run([name = '', ...args]) {
    const part = PARTS[name]
    if (!part) {
      console.error(helpText('ledger', verb))
      return 2
    }
    return part.run(ledgerWords(args))
  },
}
