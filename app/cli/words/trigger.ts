import { type AddVerb, explain, jsonOption } from './tree.ts'

/** `switchyard trigger`. */
export const addTrigger: AddVerb = (program, ends) => {
  const command = program
    .command('trigger')
    .summary('on the local network: make a payment late, short, refunded, ...')
    .description('Makes something happen on the running local network, by its customers, and says what to look at: docs/test-mode.md.')
    .argument('<what>', 'paid, late, partial, over, expired, reorg, rail-down, refunded, payout-fails, payout-returns or payout-hangs')
    .addOption(jsonOption)
    .action(ends(async (what, o) => (await import('../trigger.ts')).trigger(what, o)))
  explain(command, {
    notes: [
      'late and expired put the clock of the whole local network forward by a quarter of an hour.',
      'rail-down lets the node of a chain answer nobody for some seconds, a minute at most.',
      'reorg takes what else was mined on that chain meanwhile along.',
    ],
    examples: ['trigger paid', 'trigger late --json'],
  })
}
