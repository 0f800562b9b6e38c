import { type AddVerb, explain, jsonOption, keyOption, urlOption } from './tree.ts'

/** `switchyard events`. */
export const addEvents: AddVerb = (program, ends) => {
  const events = program
    .command('events')
    .summary('what happens, as it happens')
    .description('What happens in a gateway, as events: docs/events.md.')
  explain(events, { examples: ['events tail', 'events tail --help'] })
  const tail = events
    .command('tail')
    .description('Prints events as they come, until it is stopped (Ctrl-C).')
    .option('--after <id>', 'begins behind this event (evt_...), or `first`; without it with what comes now')
    .option('--type <types>', 'only these, with commas between; payout.* for a family')
    .option('--subject <id>', 'only what is about this: pi_..., po_..., ...')
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (o) => (await import('../events.ts')).tailEvents(o)))
  explain(tail, { examples: ['events tail', 'events tail --type payout.settled,payout.failed --json', 'events tail --after first'] })
}
