/** Days as the words of a command name them. */
export type PeriodWords = Readonly<{ from: string; to: string; zone?: string | undefined }>

/** The query of a path that is about days, with what else is asked of it. */
export function periodQuery({ from, to, zone }: PeriodWords, more: Readonly<Record<string, string | undefined>> = {}): string {
  const said = Object.entries({ from, to, time_zone: zone, ...more }).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return new URLSearchParams(said).toString()
}
