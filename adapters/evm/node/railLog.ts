/** What the rail's parts say. `error` is an alarm; `debug` is for whoever works on the rail. Never a key. */
export type RailLog = (
  level: 'debug' | 'info' | 'warn' | 'error',
  message: string,
  values?: Readonly<Record<string, string | number | boolean>>,
) => void

/** Writes what an operator should read, a line each: "evm: ALARM: the hub holds less than it owes (owed=3, held=2)". */
export function lineLog(write: (line: string) => void): RailLog {
  return (level, message, values = {}) => {
    if (level === 'debug') return
    const details = Object.entries(values).map(([name, value]) => `${name}=${value}`)
    write(`evm: ${level === 'error' ? 'ALARM: ' : ''}${message}${details.length > 0 ? ` (${details.join(', ')})` : ''}`)
  }
}
