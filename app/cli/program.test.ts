import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import { expect, onTestFinished, test, vi } from 'vitest'
import { newProgram, runWords } from './program.ts'
import { addDev } from './words/dev.ts'

const NAMED = { name: 'switchyard-gateway', first: [addDev] }

/** Every verb and part of one, as it is typed. */
function verbs(command: CommandUnknownOpts): string[][] {
  return command.commands.flatMap((one) => [[one.name()], ...verbs(one).map((more) => [one.name(), ...more])])
}
const VERBS = verbs(newProgram(NAMED, () => undefined))

async function printed(...words: string[]): Promise<string> {
  let text = ''
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk)
    return true
  })
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => {
    text += `${line}\n`
  })
  onTestFinished(() => {
    write.mockRestore()
    log.mockRestore()
  })
  expect(await runWords(words, NAMED)).toBe(0)
  return text
}

test('all verbs are here', () => {
  expect(VERBS.length).toBeGreaterThan(24)
})

test.each([[], ...VERBS].map((words) => [words.join(' '), words] as const))(
  'the help of "%s" has an example that is understood, exit codes, and 80 columns',
  async (_, words) => {
    const help = await printed(...words, '--help')
    const examples = [...help.split('Examples:')[1]!.matchAll(/^ {2}switchyard-gateway (.*)$/gm)].map((match) => match[1]!.split(' '))
    expect(examples.length).toBeGreaterThan(0)
    for (const example of examples) expect(VERBS.some((verb) => verb.every((word, i) => example[i] === word))).toBe(true)
    for (const exit of [0, 1, 2]) expect(help).toMatch(new RegExp(`^ +${exit}  \\S`, 'm'))
    expect(help.split('\n').filter((line) => line.length > 80)).toEqual([])
  },
)

test.each(
  VERBS.filter(
    (words) =>
      !['agents', 'approvals', 'events', 'ledger', 'lightning', 'payouts', 'reconcile', 'route', 'suspense', 'webhooks'].includes(
        words.join(' '),
      ),
  ).map((words) => [words.join(' '), words] as const),
)('%s prints JSON when it is asked to', async (_, words) => {
  expect(await printed(...words, '--help')).toMatch(/^ +--json /m)
})

test('a shell is told verbs and their parts', async () => {
  expect(await printed('complete', '--', 'led')).toMatch(/^ledger\t/m)
  expect(await printed('complete', '--', 'ledger', 'ba')).toMatch(/^balances\t/m)
  expect(await printed('complete', '--', 'ledger', 'balances', '--a')).toMatch(/^--at\t/m)
  for (const shell of ['bash', 'zsh', 'fish']) expect(await printed('complete', shell)).toContain('complete -- ')
})
