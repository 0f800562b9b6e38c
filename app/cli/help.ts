import type { Verb } from './verb.ts'

const EXITS: Readonly<Record<number, string>> = { 0: 'done', 1: 'refused; the message says why', 2: 'wrong words; nothing was done' }

/** What `switchyard VERB --help` prints: the words, and what each exit code means. */
export function helpText(name: string, { usage, parts = [], exits = {} }: Verb): string {
  const codes = Object.entries({ ...EXITS, ...exits })
  return [
    `switchyard ${name} ${usage}`,
    ...(parts.length > 0 ? ['', ...parts] : []),
    '\nExit codes:',
    ...codes.map(([code, meaning]) => `${code.padStart(4)}  ${meaning}`),
  ].join('\n')
}
