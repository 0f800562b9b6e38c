import { readFileSync } from 'node:fs'
import { readSchedules } from './readSchedules.ts'
import type { ScheduleRow } from './schedule.ts'

/** The lists that the program brings: published prices, for rails that nobody has configured and as a bank's own where it is named. */
export function shippedSchedules(): ScheduleRow[] {
  return readSchedules(readFileSync(new URL('./shipped.json', import.meta.url), 'utf8'), 'shipped.json')
}
