import { type AddVerb, explain, jsonOption } from './tree.ts'

/** `switchyard gateway`. */
export const addGateway: AddVerb = (program, ends) => {
  const command = program
    .command('gateway')
    .summary('run one gateway against the rails of a configuration')
    .description('Runs one gateway against rails that run elsewhere, until it is told to end (SIGTERM, SIGINT).')
    .requiredOption('--config <file>', 'the configuration (JSON): docs/configuration.md')
    .option('--secrets <file>', 'values of its $NAMEs, as init writes them')
    .addOption(jsonOption)
    .action(ends(async (o) => (await import('../gateway.ts')).runGateway(o)))
  explain(command, {
    notes: ['SWITCHYARD_LOG is the level of its log: trace, debug, info, warn, error, fatal or silent.'],
    examples: ['gateway --config switchyard.json'],
    exits: {
      1: 'refused: what cannot be as it is configured; nothing was started',
      70: 'the journal could not be written, or another gateway leads: start it again',
    },
  })
}
