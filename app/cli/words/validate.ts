import { dataOption, headerOption, methodOption } from './requestOptions.ts'
import { type AddVerb, explain, jsonOption } from './tree.ts'

/** `validate URL`. */
export const addValidate: AddVerb = (program, ends) => {
  const command = program
    .command('validate')
    .summary('is this endpoint a correct 402?')
    .description('Requests a URL, pays nothing, and compares its 402 with the rules of x402 (versions 1 and 2), MPP and L402.')
    .argument('<url>', 'what is requested')
    .addOption(methodOption)
    .addOption(headerOption)
    .addOption(dataOption)
    .addOption(jsonOption)
    .action(ends(async (url, o) => (await import('../pay/validate.ts')).validate(url, o)))
  explain(command, {
    examples: ['validate https://api.example.com/joke'],
    exits: { 0: 'every rule holds', 1: 'a rule does not hold, or there is no 402' },
  })
}
