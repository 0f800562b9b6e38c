import { Argument, Option } from '@commander-js/extra-typings'
import { RECALL_REASONS } from '../../../gateway/ports/recaller.ts'
import { type AddVerb, explain, idOption, jsonOption, keyOption, nameOf, urlOption } from './tree.ts'

/** `switchyard payouts`. */
export const addPayouts: AddVerb = (program, ends) => {
  const payouts = program
    .command('payouts')
    .summary('payments that no rail will end, that came back, or are to')
    .description(
      'Payments that their rail will not end: list them, and say what became of one. Those that came back, and those that you want back.',
    )
  explain(payouts, { examples: ['payouts stuck', 'payouts returned', 'payouts recall --help'] })
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
  const recall = payouts
    .command('recall')
    .description('Asks for one back that has left.')
    .argument('<payout>', 'po_...')
    .addOption(new Option('--reason <code>', 'why, as banks code it').choices(RECALL_REASONS).makeOptionMandatory())
    .option('--details <text>', "words for the payee's bank, 105 characters at most")
    .addOption(idOption)
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (payout, o) => (await import('../payouts.ts')).recallPayout(payout, o)))
  explain(recall, { examples: ['payouts recall po_01... --reason DUPL'] })
  const recalls = payouts
    .command('recalls')
    .description('Lists what was asked, answered.')
    .argument('<payout>', 'po_...')
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (payout, o) => (await import('../payouts.ts')).payoutRecalls(payout, o)))
  explain(recalls, { examples: ['payouts recalls po_01...'] })
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
