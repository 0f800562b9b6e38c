import { Option } from '@commander-js/extra-typings'
import { BREAK_KINDS } from '../../../gateway/audit/matching/rows.ts'
import { BREAK_STATUSES } from '../../../gateway/reconciliation/break.ts'
import { evidenceOption, fileOption, reasonOption } from './suspense.ts'
import { type AddVerb, type Ends, explain, idOption, jsonOption, keyOption, nameOf, type Program, urlOption } from './tree.ts'

const statusOption = new Option('--status <status>', 'which ones').choices([...BREAK_STATUSES, 'all']).default('open')
const kindOption = new Option('--kind <kind>', 'of one kind').choices([...BREAK_KINDS])

/** `switchyard reconcile`. */
export const addReconcile: AddVerb = (program, ends) => {
  const reconcile = program
    .command('reconcile')
    .summary('where a rail and the ledger differ')
    .description('Compares what rails show with the ledger, and ends what differs.')
  explain(reconcile, { examples: ['reconcile run', 'reconcile show', 'reconcile resolve --help'] })
  const run = reconcile
    .command('run')
    .description('Reads the statements that were not read yet, and looks at the other rails.')
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (o) => (await import('../reconcile.ts')).runReconciliation(o)))
  explain(run, { examples: ['reconcile run'], exits: { 1: 'refused, or a break was opened' } })
  addShowing(reconcile, ends)
  addProof(reconcile, ends)
  addAssign(reconcile, ends)
  addResolve(reconcile, ends)
}

function addShowing(reconcile: Program, ends: Ends): void {
  const show = reconcile
    .command('show')
    .description('Breaks, newest first.')
    .addOption(statusOption)
    .addOption(kindOption)
    .option('--rail <rail>', 'of one rail')
    .option('--after <cursor>', 'the page after')
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (o, command) => (await import('../reconcile.ts')).showBreaks(o, nameOf(command))))
  explain(show, {
    examples: ['reconcile show', 'reconcile show --kind duplicate --status all'],
    exits: { 1: 'refused, or a break is open' },
  })
  const one = reconcile
    .command('explain')
    .description('What one break is, and what is done next.')
    .argument('<break>', 'rb_...')
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (id, o, command) => (await import('../reconcile.ts')).explainBreak(id, o, nameOf(command))))
  explain(one, { examples: ['reconcile explain rb_0198f2...'] })
}

function addAssign(reconcile: Program, ends: Ends): void {
  const assign = reconcile
    .command('assign')
    .description('Says which operator looks after a break.')
    .argument('<break>', 'rb_...')
    .argument('<operator>', 'by the name of a key or login')
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (id, to, o, command) => (await import('../reconcile.ts')).assignBreak(id, to, o, nameOf(command))))
  explain(assign, { examples: ['reconcile assign rb_0198f2... anna'] })
}

function addResolve(reconcile: Program, ends: Ends): void {
  const resolve = reconcile
    .command('resolve')
    .description('Books the entry that ends it, or says why none is needed.')
    .argument('<break>', 'rb_...')
    .option('--accept', 'book nothing')
    .option('--debit <account>', 'another entry than the proposed one')
    .option('--credit <account>', 'goes with --debit')
    .addOption(reasonOption)
    .addOption(evidenceOption)
    .addOption(fileOption)
    .addOption(idOption)
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (id, o, command) => (await import('../reconcile.ts')).resolveBreak(id, o, nameOf(command))))
  const notes = ['The same --id books once, however often it is repeated. Above a limit a second operator must agree.']
  const examples = ['reconcile resolve rb_0198f2... --reason charge']
  explain(resolve, { notes, examples, exits: { 3: 'asked for; it waits for a second operator' } })
}

function addProof(reconcile: Program, ends: Ends): void {
  const proof = reconcile
    .command('proof')
    .description('Writes what rails, the ledger and parties say at the end of a day, signed.')
    .argument('[day]', 'such as 2026-11-24, in UTC; yesterday without it, and today as it stands now')
    .option('--out <file>', 'where to; proof-DAY.json without it')
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (day, o) => (await import('../reconcileProof.ts')).writeProof(day, o)))
  explain(proof, { examples: ['reconcile proof', 'reconcile proof 2026-11-24'], exits: { 1: 'refused, or something does not agree' } })
  const verify = reconcile
    .command('verify-proof')
    .description('Proves such a file with the published key alone, without a network.')
    .argument('<file>', 'a proof of a day')
    .requiredOption('--key-file <pem>', 'the public key of receipts, kept from a time when you trusted it')
    .addOption(jsonOption)
    .action(ends(async (file, o) => (await import('../reconcileProof.ts')).verifyProof(file, o)))
  explain(verify, {
    examples: ['reconcile verify-proof proof.json --key-file key.pem'],
    exits: { 1: 'it is not as it was signed, or something does not agree' },
  })
}
