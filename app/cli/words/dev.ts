import { type AddVerb, explain, jsonOption, nameOf } from './tree.ts'

/** `switchyard dev`, which starts the world and so is not of the gateway's own package. */
export const addDev: AddVerb = (program, ends) => {
  const command = program
    .command('dev')
    .summary('a local network and a gateway in it, to try things on')
    .description('Starts two chains, a Lightning network, a bank and a gateway on this machine. Ctrl-C ends everything.')
    .option('--port <port>', 'where the gateway listens; 0 takes a free one', '8402')
    .option('--data <dir>', 'keeps the world and the gateway in this folder: the next start goes on where this one stood')
    .addOption(jsonOption)
    .action(ends(async (o, self) => (await import('../dev.ts')).dev(o, nameOf(self))))
  explain(command, { examples: ['dev', 'dev --data ./yard', 'dev --port 0 --json'] })
}
