import { type CommandUnknownOpts, Option } from '@commander-js/extra-typings'
import { type AddVerb, type Ends, explain, idOption, jsonOption, keyOption, nameOf, type Program, urlOption } from './tree.ts'

const amountOption = new Option('--amount <decimal>', 'a part of it; without it all')
export const reasonOption = new Option('--reason <why>', 'why it is done, in words').makeOptionMandatory()
export const evidenceOption = new Option('--evidence <text>', 'what shows that it is right')
export const fileOption = new Option('--file <path>', 'a file that shows it: its SHA-256 is kept, not the file')
const EXITS = { 3: 'asked for; it waits for a second operator' }

/** `switchyard suspense`. */
export const addSuspense: AddVerb = (program, ends) => {
  const suspense = program
    .command('suspense')
    .summary('money that arrived and has no owner')
    .description('Money that arrived and has no owner: list it, and give it, send it back or keep it.')
  explain(suspense, { examples: ['suspense list', 'suspense assign --help'], exits: EXITS })
  const list = suspense
    .command('list')
    .description('What waits, with whose it may be.')
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (o, command) => (await import('../suspense.ts')).listSuspense(nameOf(command), o)))
  explain(list, { examples: ['suspense list'], exits: { 1: 'refused, or the list is not empty' } })
  addGive(suspense, ends)
  addBooking(suspense, ends)
  addAgreement(suspense, ends)
}

function explainMove(command: CommandUnknownOpts, example: string): void {
  const notes = ['The same --id moves once, however often it is repeated. Above a limit a second operator must agree.']
  explain(command, { notes, examples: [example], exits: EXITS })
}

function addGive(suspense: Program, ends: Ends): void {
  const assign = suspense
    .command('assign')
    .description('Gives it to a party, or lets it pay an intent.')
    .argument('<item>', 'its id in the list')
    .requiredOption('--to <id>', 'pa_... or pi_...')
    .addOption(amountOption)
    .addOption(reasonOption)
    .addOption(evidenceOption)
    .addOption(fileOption)
    .addOption(idOption)
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (item, o, command) => (await import('../suspense.ts')).assign(item, o, nameOf(command))))
  explainMove(assign, 'suspense assign bank:B2 --to pa_0198f2... --reason found')
  const refund = suspense
    .command('refund')
    .description('Sends it back.')
    .argument('<item>', 'its id in the list')
    .requiredOption('--to <destination>', 'an IBAN, 0x..., lnbc..., name@host or pa_...')
    .option('--name <name>', 'the holder of an IBAN')
    .option('--reference <text>', 'what the payee reads')
    .addOption(amountOption)
    .addOption(reasonOption)
    .addOption(evidenceOption)
    .addOption(fileOption)
    .addOption(idOption)
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (item, o, command) => (await import('../suspense.ts')).refund(item, o, nameOf(command))))
  explainMove(refund, 'suspense refund bank:B2 --to pa_0198f2... --reason error')
}

function addBooking(suspense: Program, ends: Ends): void {
  const writeOff = suspense
    .command('write-off')
    .description('Keeps it as the operator’s own.')
    .argument('<item>', 'its id in the list')
    .addOption(amountOption)
    .addOption(reasonOption)
    .addOption(evidenceOption)
    .addOption(fileOption)
    .addOption(idOption)
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (item, o, command) => (await import('../suspense.ts')).writeOff(item, o, nameOf(command))))
  explainMove(writeOff, 'suspense write-off bank:received:B2 --reason ours')
  const adjust = suspense
    .command('adjust')
    .description('Makes the books follow what a rail says.')
    .argument('<amount>', 'a decimal of the asset')
    .requiredOption('--asset <asset>', 'such as EUR')
    .requiredOption('--debit <account>', 'the account that is debited')
    .requiredOption('--credit <account>', 'the account that is credited')
    .addOption(reasonOption)
    .addOption(evidenceOption)
    .addOption(fileOption)
    .addOption(idOption)
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (amount, o, command) => (await import('../suspense.ts')).adjust(amount, o, nameOf(command))))
  explainMove(adjust, 'suspense adjust 0.30 --asset EUR --reason fee \\\n      --debit rail:bank:account --credit fee:paid:bank')
}

function addAgreement(suspense: Program, ends: Ends): void {
  const kinds = [
    ['approve', 'Agrees to what another operator has asked for.'],
    ['cancel', 'Takes back what waits for a second operator.'],
  ] as const
  for (const [kind, description] of kinds) {
    const command = suspense
      .command(kind)
      .description(description)
      .argument('<action>', 'sa_...')
      .addOption(idOption)
      .addOption(urlOption)
      .addOption(keyOption)
      .addOption(jsonOption)
      .action(ends(async (action, o, self) => (await import('../suspense.ts')).endAction(action, kind, o, nameOf(self))))
    explainMove(command, `suspense ${kind} sa_0198f2...`)
  }
}
