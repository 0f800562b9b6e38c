/** The command was not understood: nothing was asked and nothing is done. Exit code 2. `verbs`: those whose help has the right words. */
export class WrongWords extends Error {
  override readonly name = 'WrongWords'
  readonly verbs: readonly string[]

  constructor(message: string, verbs: readonly string[] = []) {
    super(message)
    this.verbs = verbs
  }
}
