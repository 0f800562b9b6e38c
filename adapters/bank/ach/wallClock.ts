const [year, two] = ['numeric', '2-digit'] as const
/** Banks of the US tell the time of a file by New York's clock. */
const CLOCK = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/New_York',
  year,
  month: two,
  day: two,
  hour: two,
  minute: two,
  hourCycle: 'h23',
})

/** What a clock on the wall in New York shows at an instant (ms). */
export function newYork(at: number): Readonly<{ date: string; time: string }> {
  const part = Object.fromEntries(CLOCK.formatToParts(at).map(({ type, value }) => [type, value]))
  return { date: `${part.year}-${part.month}-${part.day}`, time: `${part.hour}:${part.minute}` }
}
