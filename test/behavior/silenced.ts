/** Stops a process where it stands, with its connections open. What this answers lets it go on. */
export async function silenced(processId: number): Promise<() => Promise<void>> {
  process.kill(processId, 'SIGSTOP')
  return async () => {
    process.kill(processId, 'SIGCONT')
  }
}
