import { type CommandUnknownOpts, Option } from '@commander-js/extra-typings'
import { type AddVerb, type Ends, explain, jsonOption, keyOption, type Program, urlOption } from './tree.ts'

const dataOption = new Option('--data <dir>', 'the data folder; without it SWITCHYARD_DATA or the local network’s')
const journalOption = new Option('--journal <url>', 'where the journal is in PostgreSQL; or SWITCHYARD_JOURNAL_URL')
const WHERE = ['It reads the books of a gateway that runs or has stopped, and never writes to them.']

/** `switchyard ledger`. */
export const addLedger: AddVerb = (program, ends) => {
  const ledger = program
    .command('ledger')
    .summary('read the books: balances, statements, verify, exports')
    .description('Reads the books of a data folder, whether its gateway runs or not, and never writes to it.')
  explain(ledger, { examples: ['ledger balances party:', 'ledger verify --help'] })
  addViews(ledger, ends)
  addPeriods(ledger, ends)
  addVerify(ledger, ends)
  const command = ledger
    .command('export')
    .description('The whole journal as NDJSON with its hashes.')
    .addOption(dataOption)
    .addOption(journalOption)
    .option('--file <new>', 'where it goes; without it to standard output')
    .option('--content', 'with what the facts say, not their hashes alone')
    .addOption(jsonOption)
    .action(ends(async (o) => (await import('../ledger/ledgerExport.ts')).ledgerExport(o)))
  explain(command, { notes: WHERE, examples: ['ledger export --file journal.ndjson'] })
}

function addViews(ledger: Program, ends: Ends): void {
  const balances = ledger
    .command('balances')
    .description('Every account under a path with its balance, now or at a past time.')
    .argument('[prefix]', 'such as party: or rail:lightning')
    .option('--at <time>', 'a past time, such as 2026-11-21T15:00:00Z')
    .option('--wide', 'also debits, credits and what is coming')
    .addOption(dataOption)
    .addOption(jsonOption)
    .action(ends(async (prefix, o) => (await import('../ledger/ledgerBalances.ts')).ledgerBalances(prefix ?? '', o)))
  explain(balances, { notes: WHERE, examples: ['ledger balances', 'ledger balances party: --at 2026-11-21T15:00:00Z'] })
  const sheet = ledger
    .command('balance-sheet')
    .description(
      'What rails hold, what of it is owed, and what is yours: in each asset and in the reporting currency. Asks the gateway, because it has the prices.',
    )
    .option('--lines', 'also each group of accounts')
    .option('--rates-of <date>', 'value currencies by the reference rates of that day, such as 2026-11-30')
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (o) => (await import('../ledger/ledgerBalanceSheet.ts')).ledgerBalanceSheet(o)))
  explain(sheet, { examples: ['ledger balance-sheet', 'ledger balance-sheet --lines'], exits: { 1: 'refused, or the books do not agree' } })
  const show = ledger
    .command('show')
    .description('A statement of an account, an entry with its legs, or the story of a payment.')
    .argument('<what>', 'an account’s path, en_..., or the id of a payment')
    .argument('[asset]', 'of an account: its asset, such as USD')
    .option('--limit <n>', 'changes of a statement', '50')
    .addOption(dataOption)
    .addOption(jsonOption)
    .action(ends(async (what, asset, o) => (await import('../ledger/ledgerShow.ts')).ledgerShow(what, asset, o)))
  explain(show, { notes: WHERE, examples: ['ledger show fee:earned USD', 'ledger show en_0198f2...'] })
  const trace = ledger
    .command('trace')
    .description('All that the journal says of a payment, and every entry that it made.')
    .argument('<payment>', 'pi_..., rc_... or po_...')
    .addOption(dataOption)
    .addOption(jsonOption)
    .action(ends(async (payment, o) => (await import('../ledger/ledgerTrace.ts')).ledgerTrace(payment, o)))
  explain(trace, { notes: WHERE, examples: ['ledger trace pi_0198f2...'] })
}

/** What is of a period of days: the gateway is asked, because it has the prices. */
function addPeriods(ledger: Program, ends: Ends): void {
  const statement = ledger
    .command('statement')
    .description('What moved on a party’s balances in a period, as a file.')
    .argument('[party]', 'pa_...; whose key it is, when none is named')
    .requiredOption('--from <date>', 'the first day, such as 2026-11-01')
    .requiredOption('--to <date>', 'the last day')
    .option('--zone <zone>', 'where days begin, such as Europe/Berlin; UTC')
    .option('--asset <asset>', 'in one asset, such as EUR')
    .addOption(new Option('--format <format>', 'what it is written as').choices(['csv', 'camt053', 'mt940']).default('csv'))
    .option('--file <new>', 'where it goes; without it to standard output')
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (party, o) => (await import('../ledger/ledgerStatement.ts')).ledgerStatement(party, o)))
  explain(statement, { examples: ['ledger statement --from 2026-11-01 --to 2026-11-30'] })
  const accounting = ledger
    .command('accounting')
    .description('Every entry of a period as double entry in CSV, for a bookkeeper.')
    .requiredOption('--from <date>', 'the first day, such as 2026-11-01')
    .requiredOption('--to <date>', 'the last day')
    .option('--zone <zone>', 'where days begin, such as Europe/Berlin; UTC')
    .option('--accounts <file>', 'the bookkeeper’s accounts: a row a line, party=1600')
    .option('--file <new>', 'where it goes; without it to standard output')
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (o) => (await import('../ledger/ledgerAccounting.ts')).ledgerAccounting(o)))
  explain(accounting, {
    notes: ['A row names ours and, in one asset alone, that: rail:bank@EUR=1201. The longest path counts. Behind # is for people.'],
    examples: ['ledger accounting --from 2026-11-01 --to 2026-11-30'],
  })
  const profit = ledger
    .command('profit')
    .description('What was earned in a period, by where it came from.')
    .requiredOption('--from <date>', 'the first day, such as 2026-11-01')
    .requiredOption('--to <date>', 'the last day')
    .option('--zone <zone>', 'where days begin, such as Europe/Berlin; UTC')
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (o) => (await import('../ledger/ledgerProfit.ts')).ledgerProfit(o)))
  explain(profit, { examples: ['ledger profit --from 2026-11-01 --to 2026-11-30'] })
}

function addVerify(ledger: Program, ends: Ends): void {
  const verify: CommandUnknownOpts = ledger
    .command('verify')
    .description('The whole journal against itself and against what vouches for it: the anchored head, read.db, signed checkpoints.')
    .addOption(dataOption)
    .addOption(journalOption)
    .option('--file <export>', 'an export instead of a data folder')
    .option('--checkpoint <file>', 'a checkpoint that was kept elsewhere')
    .option('--key <pem>', 'the key that signed it')
    .option('--witness <key...>', 'who must have cosigned it')
    .addOption(jsonOption)
    .action(ends(async (o) => (await import('../ledger/ledgerVerify.ts')).ledgerVerify(o)))
  explain(verify, {
    notes: WHERE,
    examples: ['ledger verify', 'ledger verify --file all.ndjson --checkpoint kept --key pem'],
    exits: { 1: 'refused, or something does not agree' },
  })
}
