import { Option } from '@commander-js/extra-typings'
import { type AddVerb, explain, jsonOption, nameOf } from './tree.ts'

/** `switchyard init`. */
export const addInit: AddVerb = (program, ends) => {
  const command = program
    .command('init')
    .summary('write a configuration with fresh secrets')
    .description('Writes a commented configuration and fresh secrets into files that only you can read. Nothing that is there is replaced.')
    .addOption(new Option('--network <network>', 'which rules hold').choices(['local', 'testnet', 'mainnet']).default('local'))
    .option('--out <dir>', 'the folder they go to', '.')
    .addOption(jsonOption)
    .action(ends(async (o, self) => (await import('../init.ts')).init(o, nameOf(self))))
  explain(command, { examples: ['init', 'init --network testnet --out ./yard'] })
}
