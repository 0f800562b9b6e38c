import { Option } from '@commander-js/extra-typings'
import { type AddVerb, explain, jsonOption, urlOption } from './tree.ts'

/** `switchyard verify`. */
export const addVerify: AddVerb = (program, ends) => {
  const command = program
    .command('verify')
    .summary('compare the ledger with every rail, or prove a receipt')
    .description(
      'Asks a running gateway to compare its ledger with itself and with every rail. With --receipt it asks nobody: it proves a receipt.',
    )
    .addOption(urlOption)
    .addOption(new Option('--key <key>', 'the API key; with --receipt the file of the public key (PEM)'))
    .addOption(jsonOption)
    .option('--receipt <file>', 'a signed receipt, to be proved without a network')
    .action(ends(async (o) => (await import('../verify.ts')).verify(o)))
  explain(command, {
    examples: ['verify', 'verify --receipt receipt.json --key receipt-key.pem'],
    exits: { 1: 'refused, or something differs or does not hold' },
  })
}
