import { type AddVerb, explain, jsonOption, keyOption, urlOption } from './tree.ts'

/** `switchyard webhooks`. */
export const addWebhooks: AddVerb = (program, ends) => {
  const webhooks = program
    .command('webhooks')
    .summary('events as webhooks, for a receiver that you write')
    .description('Events as webhooks, for a receiver that you write: docs/events.md.')
  explain(webhooks, { examples: ['webhooks forward 3000', 'webhooks forward --help'] })
  const forward = webhooks
    .command('forward')
    .description('Brings events to a port of this machine, signed, until it is stopped (Ctrl-C).')
    .argument('<port>', 'where the receiver listens')
    .option('--path <path>', 'where it takes them', '/')
    .option('--secret <secret>', 'whsec_...; without it a new one, which is printed first')
    .option('--after <id>', 'begins behind this event (evt_...), or `first`; without it with what comes now')
    .option('--type <types>', 'only these, with commas between; payout.* for a family')
    .option('--subject <id>', 'only what is about this: pi_..., po_..., ...')
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (port, o) => (await import('../webhooks.ts')).forwardWebhooks(port, o)))
  explain(forward, {
    notes: ['An event is brought again until its receiver answers 2xx within 10 seconds; the next one waits for it.'],
    examples: ['webhooks forward 3000', 'webhooks forward 3000 --path /hooks --type payment.*'],
  })
}
