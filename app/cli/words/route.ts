import { Option } from '@commander-js/extra-typings'
import { type AddVerb, explain, jsonOption, keyOption, urlOption } from './tree.ts'

/** `switchyard route`. */
export const addRoute: AddVerb = (program, ends) => {
  const route = program
    .command('route')
    .summary('how a rail would be chosen, and what was learned')
    .description('How a rail would be chosen for a payment out, what each would cost in full, and what earlier payments have taught.')
  explain(route, { examples: ['route explain 100 --to rtp --to ach_same_day', 'route learned'] })
  const learned = route
    .command('learned')
    .description('What earlier tries have taught of each rail, and how good the chances were that were reckoned with.')
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (o) => (await import('../routeLearned.ts')).showLearned(o)))
  explain(learned, { notes: ['It needs the key of an operator. What the words mean: docs/learning.md.'], examples: ['route learned'] })
  const predict = route
    .command('predict')
    .description('What the next hour will cost on each rail whose price moves, and how good such forecasts were.')
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (o) => (await import('../routePredict.ts')).showForecast(o)))
  explain(predict, { notes: ['It needs the key of an operator. What the words mean: docs/learning.md.'], examples: ['route predict'] })
  const found = route
    .command('explain')
    .description('Shows what a payout would be decided as now, term by term; nothing is sent.')
    .argument('<amount>', 'how much, as a decimal')
    .addOption(
      new Option('--to <place>', 'where it could go: an address, an IBAN, an invoice, pa_..., or a price list such as rtp; once for each')
        .argParser((value: string, before: readonly string[] = []) => [...before, value])
        .makeOptionMandatory(),
    )
    .option('--asset <asset>', 'what it is in; the asset of balances when absent')
    .option('--party <party>', 'who would pay, pa_...; the newest party when absent')
    .option('--name <holder>', 'who holds the account, for an IBAN')
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (amount, o) => (await import('../route.ts')).explainRoute(amount, o)))
  explain(found, {
    notes: ['A price list is a way of its own, so rails can be compared that nobody has configured: docs/routing.md names them.'],
    examples: ['route explain 0.28 --to lightning --to usdc_base', 'route explain 100 --to 0x... --to rtp'],
  })
}
