/** A verb of the command line gets the words after its name and answers with the exit code. */
export type Verb = Readonly<{ usage: string; run: (args: string[]) => Promise<number> }>
