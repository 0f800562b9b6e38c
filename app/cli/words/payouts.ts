import { Argument } from '@commander-js/extra-typings'
import { type AddVerb, explain, idOption, jsonOption, keyOption, nameOf, urlOption } from './tree.ts'

/** `switchyard payouts`. */
export const addPayouts: AddVerb = (program, ends) => {
  const payouts = program
    .command('payouts')
    .summary('payments that their rail will not end, or that came back')
    .description('Payments that their rail will not end: list them, and say what became of one. And those that came back.')
  explain(payouts, { examples: ['payouts stuck', 'payouts returned', 'payouts end --help'] })
  const stuck = payouts
    .command('stuck')
    .description('Lists what no rail will end.')
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (o) => (await import('../payouts.ts')).stuckPayouts(o)))
  explain(stuck, { examples: ['payouts stuck'], exits: { 1: 'refused, or there are such payments' } })
  const returned = payouts
    .command('returned')
    .description('Lists what came back, and why.')
    .option('--limit <count>', 'so many at most', '50')
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (o) => (await import('../payouts.ts')).returnedPayouts(o)))
  explain(returned, { examples: ['payouts returned'] })
  const end = payouts
    .command('end')
    .description('Says what became of one.')
    .argument('<payout>', 'po_...')
    .argument('<attempt>', 'at_...')
    .addArgument(new Argument('<outcome>', 'what became of it').choices(['settled', 'failed']))
    .requiredOption('--reason <why>', 'why it is said, in words')
    .option('--evidence <text>', 'what shows it; needed for settled')
    .addOption(idOption)
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(
      ends(async (payout, attempt, outcome, o, self) =>
        (await import('../payouts.ts')).endPayout([payout, attempt, outcome], o, nameOf(self)),
      ),
    )
  explain(end, {
    examples: ['payouts end po_01... at_01... failed --reason "a call"'],
    exits: { 3: 'asked for; it waits for a second operator' },
  })
}
