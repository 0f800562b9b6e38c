import { z } from 'zod'

/** What becomes of a dispute whose time passes without evidence: it is lost, or waits for an operator. */
export const disputeConfig = z.strictObject({ unanswered: z.enum(['lost', 'operator']).default('lost') })
