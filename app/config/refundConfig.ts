import { z } from 'zod'
import { dollars } from './feeConfig.ts'

/** What the operator's own money bears of refunds that payees have too little for: of one payee in a day (UTC). Nothing unless it says so. */
export const refundConfig = z.strictObject({ reservePartyDayUsd: dollars.optional() })
