import { type AddVerb, explain, jsonOption } from './tree.ts'

/** `switchyard backup`. */
export const addBackup: AddVerb = (program, ends) => {
  const command = program
    .command('backup')
    .summary('copy the data folder of a gateway that runs, encrypted')
    .description('Writes an encrypted copy of a data folder into one new file, whether its gateway runs or not.')
    .requiredOption('--data <dir>', 'the data folder')
    .requiredOption('--out <file>', 'the backup; never replaced when it is there')
    .requiredOption('--key-file <file>', 'its key: a line of 16 random bytes or more')
    .addOption(jsonOption)
    .action(ends(async (o) => (await import('../backup/backup.ts')).backup(o)))
  explain(command, {
    notes: ['A key: openssl rand -base64 32 > backup.key. Keep it somewhere else than the backup.'],
    examples: ['backup --data data --out mo.backup --key-file key'],
  })
}

/** `switchyard restore`. */
export const addRestore: AddVerb = (program, ends) => {
  const command = program
    .command('restore')
    .summary('put a backup back into a new folder')
    .description('Checks all of a backup and puts it into a new or empty folder. Says how old it is, and what it cannot know.')
    .argument('<file>', 'the backup')
    .requiredOption('--data <dir>', 'the folder to make; it must be empty')
    .requiredOption('--key-file <file>', 'the key with which it was made')
    .addOption(jsonOption)
    .action(ends(async (file, o) => (await import('../backup/restore.ts')).restore(file, o)))
  explain(command, {
    notes: ['The gateway that was copied must never start again: two would pay from one key.'],
    examples: ['restore mo.backup --data data --key-file key'],
  })
}
