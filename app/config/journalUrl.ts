import { connectionOf } from '../../adapters/journal/postgres/connection.ts'
import { isGatewayError } from '../../gateway/errors/gatewayError.ts'
import type { Refusal } from './refusal.ts'
import { settingsOf } from './settings.ts'

const SETTING = 'journal.postgres.url'

/** What the journal's URL is refused for, told with all the rest instead of when it is opened. */
export function journalRefusals(given: unknown): Refusal[] {
  const [, url] = settingsOf(given).find(([setting]) => setting === SETTING) ?? []
  if (typeof url !== 'string') return []
  try {
    connectionOf(url)
    return []
  } catch (error) {
    if (!isGatewayError(error, 'unsafe_configuration')) throw error
    return [{ setting: SETTING, message: error.shortMessage, hint: error.hint }]
  }
}
