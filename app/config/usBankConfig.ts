import { z } from 'zod'
import { isRoutingNumber } from '../../adapters/bank/nacha/routingNumber.ts'
import { sftpConfig } from './sftpConfig.ts'

/** What an entry's fields carry of a name: the printable characters of ASCII. */
const ascii = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[ -~]+$/, 'has a character that ACH does not carry')
const GATHER_SECONDS = 240

/** An account at a bank of the US, and how that bank takes files. */
export const usBankConfig = z.strictObject({
  folder: z.string(),
  account: z.strictObject({
    routing: z.string().refine(isRoutingNumber, 'is no routing number: nine digits, of which the last must fit the others'),
    account: z.string().regex(/^[A-Za-z0-9-]{1,17}$/, 'is not 1 to 17 digits, letters or dashes'),
    type: z.enum(['checking', 'savings']).default('checking'),
    /** Ours, as payees read it: sixteen characters of it in each batch. */
    name: ascii(40),
    /** The number by which the bank knows us, such as 1 and our tax id. */
    companyId: ascii(10),
    bankName: ascii(40),
  }),
  /** The lists of fees of both ways; without `sameDay` files ask for the next day alone. */
  feeSchedule: z.string().max(60).default('ach_credit'),
  sameDay: z.strictObject({ feeSchedule: z.string().max(60).default('ach_same_day') }).optional(),
  /** What payees read of what a payment is for; of wages to persons the network has a word of its own. */
  description: ascii(10).default('PAYOUT'),
  purpose: z.enum(['other', 'wages']).default('other'),
  /** Whether each batch ends with the debit of our own account. */
  balanced: z.boolean().default(false),
  pollMs: z.int().min(10).default(5_000),
  sftp: sftpConfig.optional(),
  /** How long an order waits for another one; a bank takes 36 files a day. */
  gatherSeconds: z.int().min(0).max(3_600).default(GATHER_SECONDS),
  settlementSeconds: z.int().min(1).optional(),
})
