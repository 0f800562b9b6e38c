import { type Level, type Logger, pino } from 'pino'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { withoutSecrets } from './withoutSecrets.ts'

const STANDARD_ERROR = 2
/** Lines are handed to the system together, at latest after so long: a write for each would be time of the thread that answers. */
const FLUSH_MS = 200
const BUFFER_BYTES = 4_096
const LEVELS: readonly (Level | 'silent')[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/**
 * The operator's log: one JSON object a line on standard error, of this level and above, without secrets. `atOnce`: each line is written before the
 * call returns, for a thread that answers nobody.
 */
export function openLog(level: string, { atOnce }: { atOnce: boolean }): Logger {
  if (!LEVELS.some((known) => known === level)) {
    throw new GatewayError('unsafe_configuration', `SWITCHYARD_LOG is "${level.slice(0, 40)}", which is no level`, {
      hint: `Set it to one of ${LEVELS.join(', ')}.`,
    })
  }
  const buffered = { dest: STANDARD_ERROR, sync: false, minLength: BUFFER_BYTES }
  const target = pino.destination(atOnce ? { dest: STANDARD_ERROR, sync: true } : buffered)
  if (!atOnce) process.on('exit', () => target.flushSync())
  let flushing: NodeJS.Timeout | undefined
  const write = (line: string): void => {
    target.write(withoutSecrets(line))
    // Not by a clock of its own: who says nothing is not woken.
    if (atOnce || flushing !== undefined) return
    flushing = setTimeout(() => {
      flushing = undefined
      target.flush()
    }, FLUSH_MS).unref()
  }
  return pino({ level, base: null }, { write })
}
