import { type AddVerb, explain, jsonOption, keyOption, urlOption } from './tree.ts'

/** `switchyard invoice`. */
export const addInvoice: AddVerb = (program, ends) => {
  const command = program
    .command('invoice')
    .summary('ask for money: a page to pay it on')
    .description('Makes a payment intent and prints the page on which a person pays it. On the local network it is for the demo’s split.')
    .argument('<usd>', 'the amount in dollars')
    .option('--payee <party>', 'who is paid (pa_...)')
    .option('--split <split>', 'the split that is paid (sp_...)')
    .option('--description <text>', 'what it is for')
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (usd, o) => (await import('../invoice.ts')).makeInvoice(usd, o)))
  explain(command, { examples: ['invoice 2.50', 'invoice 2.50 --payee pa_0198f2... --description "a song"'] })
}
