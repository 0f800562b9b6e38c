import { type AddVerb, explain } from './tree.ts'

/** `switchyard-client mcp`. */
export const addMcp: AddVerb = (program, ends) => {
  const command = program
    .command('mcp')
    .summary('pay for an agent, as an MCP server over standard input and output')
    .description('Serves the tools pay, quote, budget and receipts to an MCP client, with the wallets and the budget of a file.')
    .requiredOption('--config <file>', 'wallets and budget; readable by you alone (chmod 600)')
    .action(ends(async (o) => (await import('../mcp.ts')).serveAgent(o)))
  explain(command, {
    notes: ['docs/agents.md has a whole file, and what to tell an MCP client.'],
    examples: ['mcp --config agent.json'],
    exits: { 1: 'the configuration cannot be used; the message says why' },
  })
}
