import { type AddVerb, explain, jsonOption } from './tree.ts'

/** `switchyard doctor`. */
export const addDoctor: AddVerb = (program, ends) => {
  const command = program
    .command('doctor')
    .summary('is this machine, and a configuration, in order?')
    .description('Looks at Node, disk, clock, port, files and each rail, changes nothing, and says of each trouble what mends it.')
    .option('--config <file>', 'the configuration; without it the machine alone')
    .option('--secrets <file>', 'values of its $NAMEs, as init writes them')
    .addOption(jsonOption)
    .action(ends(async (o) => (await import('../doctor.ts')).doctor(o)))
  explain(command, {
    examples: ['doctor', 'doctor --config switchyard.json --secrets secrets.env'],
    exits: { 1: 'something would keep the gateway from its work' },
  })
}
