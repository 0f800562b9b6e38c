/**
 * A verb of the command line gets the words after its name and answers with the exit code. `parts`: lines that say what its words are. `exits`: what
 * its codes mean beyond 0, done, 1, refused, and 2, wrong words.
 */
export type Verb = Readonly<{
  usage: string
  parts?: readonly string[]
  exits?: Readonly<Record<number, string>>
  run: (args: string[]) => Promise<number>
}>

/** The command was not understood: nothing was asked and nothing is done. Exit code 2. */
export class WrongWords extends Error {
  override readonly name = 'WrongWords'
}
