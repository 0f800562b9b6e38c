import { type AddVerb, explain, jsonOption, keyOption, urlOption } from './tree.ts'

/** `switchyard acts`. */
export const addActs: AddVerb = (program, ends) => {
  const acts = program
    .command('acts')
    .summary('who changed what, when and from where')
    .description('Who changed what, when and from where, the newest first: docs/people.md.')
    .option('--party <id>', 'only of this party (pa_...)')
    .option('--person <name>', 'only by this person')
    .option('--by-key <id>', 'only by this key (key_...)')
    .option('--resource <id>', 'only about this: an id, or a kind such as payouts')
    .option('--since <time>', 'from then on, as 2026-11-23T08:00:00Z')
    .option('--until <time>', 'before then')
    .option('--limit <count>', 'so many at most', '50')
    .option('--after <id>', 'those before this act (act_...)')
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (o) => (await import('../acts.ts')).listActs(o)))
  explain(acts, { examples: ['acts', 'acts --person anna --since 2026-11-01T00:00:00Z', 'acts --resource payouts --json'] })
}
