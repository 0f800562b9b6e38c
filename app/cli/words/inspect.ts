import { dataOption, headerOption, methodOption, WALLET_NOTES, walletOption } from './requestOptions.ts'
import { type AddVerb, explain, jsonOption } from './tree.ts'

/** `inspect URL`. */
export const addInspect: AddVerb = (program, ends) => {
  const command = program
    .command('inspect')
    .summary('what a URL asks for, and which wallet could pay it')
    .description('Requests a URL, pays nothing, and says of every offer what it asks, which wallet could pay it and what that would cost.')
    .argument('<url>', 'what is requested')
    .addOption(methodOption)
    .addOption(headerOption)
    .addOption(dataOption)
    .addOption(walletOption)
    .addOption(jsonOption)
    .action(ends(async (url, o) => (await import('../pay/inspect.ts')).inspect(url, o)))
  explain(command, {
    notes: WALLET_NOTES,
    examples: ['inspect https://api.example.com/joke'],
    exits: { 0: 'some wallet here could pay it, or it is free', 1: 'refused, or nobody here could pay it' },
  })
}
