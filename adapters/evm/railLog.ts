/** Where the rail tells a person what happens. `error` is an alarm. Values only of a kind that may be read by an operator: no keys. */
export type RailLog = (
  level: 'debug' | 'info' | 'warn' | 'error',
  message: string,
  values?: Readonly<Record<string, string | number | boolean>>,
) => void

/** Says nothing. */
export const silent: RailLog = () => undefined
