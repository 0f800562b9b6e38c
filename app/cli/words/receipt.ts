import { type AddVerb, explain, jsonOption, urlOption } from './tree.ts'

/** `switchyard receipt`. */
export const addReceipt: AddVerb = (program, ends) => {
  const command = program
    .command('receipt')
    .summary('show a receipt and check its signature')
    .description('Reads a receipt from a gateway or from a file, and checks its signature with the published key.')
    .argument('<receipt>', 'the id (rc_...) or a file')
    .addOption(urlOption)
    .option('--key-file <pem>', 'the public key, kept from a time when you trusted it')
    .addOption(jsonOption)
    .action(ends(async (what, o) => (await import('../receipt.ts')).showReceipt(what, o)))
  explain(command, {
    examples: ['receipt rc_0198f2...', 'receipt receipt.json --key-file receipt-key.pem'],
    exits: { 1: 'refused, there is no such receipt, or its signature does not hold' },
  })
}
