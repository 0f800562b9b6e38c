import { type AddVerb, explain, idOption, jsonOption, keyOption, nameOf, urlOption } from './tree.ts'

/** `switchyard approvals`. */
export const addApprovals: AddVerb = (program, ends) => {
  const approvals = program
    .command('approvals')
    .summary('what waits for another person')
    .description('What waits for another person: list it, agree to it, or say no (docs/people.md).')
  explain(approvals, { examples: ['approvals list', 'approvals approve ap_0198f2...'] })
  const list = approvals
    .command('list')
    .description('What waits, the oldest first, and what was asked for.')
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (o, command) => (await import('../approvals.ts')).listApprovals(nameOf(command), o)))
  explain(list, { examples: ['approvals list', 'approvals list --url https://pay.example --key sk_...'] })
  const words = [
    ['approve', 'Agrees, as another person than the one who asked.'],
    ['refuse', 'Says no, or takes back what one has asked for oneself.'],
  ] as const
  for (const [word, description] of words) {
    const command = approvals
      .command(word)
      .description(description)
      .argument('<approval>', 'ap_...')
      .addOption(idOption)
      .addOption(urlOption)
      .addOption(keyOption)
      .addOption(jsonOption)
      .action(ends(async (id, o) => (await import('../approvals.ts')).answerApproval(id, word, o)))
    explain(command, { examples: [`approvals ${word} ap_0198f2...`] })
  }
}
