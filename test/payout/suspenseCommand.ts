import { onTestFinished, vi } from 'vitest'
import { runWords } from '../../app/cli/program.ts'
import type { Recaller } from '../../gateway/ports/recaller.ts'
import { KEYS, openSuspenseWorld } from './suspenseWorld.ts'

/** A verb of the command against a gateway with something in suspense: `run` answers with its exit code and what it printed. */
export async function openSuspenseCommand(verb: string, recallers: readonly Recaller[] = []) {
  const w = await openSuspenseWorld(recallers)
  const url = await w.app.listen({ port: 0, host: '127.0.0.1' })
  const printed: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line))
  onTestFinished(() => log.mockRestore())
  const run = async (...words: string[]) => {
    printed.length = 0
    const code = await runWords([verb, ...words, '--url', url, '--key', KEYS.operator], { name: 'switchyard' })
    return { code, text: printed.join('\n') }
  }
  return { ...w, url, run }
}
