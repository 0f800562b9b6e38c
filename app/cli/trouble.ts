import { styleText } from 'node:util'
import { GatewayError, isGatewayError } from '../../gateway/errors/gatewayError.ts'
import { WrongWords } from './wrongWords.ts'

/** Says on standard error why a command ended, and answers with its exit code. Only what nobody could cause by what they typed has a stack. */
export function tell(error: unknown, words: readonly string[], name: string): number {
  const prefix = `${styleText('red', `${name}:`, { stream: process.stderr })} `
  if (error instanceof WrongWords) {
    console.error(`${prefix}${error.message}\n  ${[name, ...error.verbs].join(' ')} --help says what there is`)
    return 2
  }
  const refusal = refusalOf(error)
  if (!refusal) console.error(error)
  else if (words.includes('--json')) console.error(JSON.stringify(problemOf(refusal)))
  else console.error([`${prefix}${refusal.message}`, ...fieldsOf(refusal)].join('\n'))
  return 1
}

/** Where a gateway names several wrong fields, each in a line of its own; the first of one alone is in the message. */
function fieldsOf({ meta: { errors = [] } }: GatewayError): string[] {
  const wrong = errors as readonly Readonly<{ path?: string; message?: string }>[] // As refusals are written.
  return wrong.length < 2 ? [] : wrong.map(({ path = '', message = '' }) => `  ${path === '' ? 'the request' : path}: ${message}`)
}

/** A refusal of ours, or of the system for a file or an address that was named. */
function refusalOf(error: unknown): GatewayError | undefined {
  if (isGatewayError(error)) return error
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return undefined
  const path = 'path' in error && typeof error.path === 'string' ? error.path : undefined
  const what = error.message.replace(/^[A-Z]+: /, '').replace(/, \w+ '.*$/s, '')
  return new GatewayError('invalid_request', path === undefined ? what : `${path}: ${what}`, {
    cause: error,
    hint: path === undefined ? 'Look at what it was asked to open.' : 'Name another file or folder, or see that this one may be used.',
  })
}

function problemOf({ code, title, shortMessage, hint, meta }: GatewayError): object {
  return { code, title, detail: shortMessage, hint, ...(meta.errors === undefined ? {} : { errors: meta.errors }) }
}
