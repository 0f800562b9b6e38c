import { type AddVerb, explain, jsonOption } from './tree.ts'

/** `switchyard proxy`. */
export const addProxy: AddVerb = (program, ends) => {
  const command = program
    .command('proxy')
    .summary('sell what a service in any language does, from a file of prices')
    .description('Stands before a service and asks for payment as a file says. What the file does not name is not passed on.')
    .requiredOption('--upstream <url>', 'the service, such as http://127.0.0.1:8000')
    .requiredOption('--prices <file>', 'what costs what (JSON): docs/sellers.md')
    .option('--gateway <url>', 'the gateway; without it the local network’s')
    .option('--key-file <file>', 'holds the API key of who sells; or SWITCHYARD_KEY')
    .option('--host <address>', 'where it listens', '127.0.0.1')
    .option('--port <number>', 'and the port', '8403')
    .option('--public-url <url>', 'how payers reach it, when not so')
    .addOption(jsonOption)
    .action(ends(async (o) => (await import('../proxy.ts')).runProxy(o)))
  explain(command, {
    notes: ['The file of prices is read again when it changes; one with a mistake is refused with all of them, and the prices stay.'],
    examples: ['proxy --upstream http://127.0.0.1:8000 --prices prices.json', 'proxy --upstream http://app --prices p.json --port 8080'],
  })
}
