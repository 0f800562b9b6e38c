import { z } from 'zod'
import { amountText } from '../http/amountText.ts'
import { destination, lineOfText, metadata, partyId } from '../http/wire.ts'
import { asked, byMetadata, listQuery } from '../lists/listQuery.ts'

/** What a calendar can pay again and again: an invoice is good once. */
const PAID_AGAIN = ['lightning_address', 'evm_address', 'iban', 'us_account', 'party'] as const
const lasting = destination.refine(({ kind }) => (PAID_AGAIN as readonly string[]).includes(kind), {
  message: `cannot be paid again and again; a standing order pays ${PAID_AGAIN.join(', ')}`,
})
const DAYS_OF_WEEK = 7

export const createStandingOrder = z
  .strictObject({
    party: partyId.optional().meta({ description: 'Whose balance it pays out, where an operator makes it. Absent: that of who asks.' }),
    asset: z.string().max(100).meta({ description: 'Of the balance, and of every amount here.' }),
    destination: lasting.meta({ description: 'A Lightning Address, an EVM address, an IBAN, an account in the US or a party.' }),
    every: z.enum(['hour', 'day', 'week', 'month']),
    day: z.int().min(1).max(31).optional().meta({
      description: 'Of the week, 1 is Monday; or of the month, whose last day stands for one that it does not have. Absent: the first.',
    }),
    hour: z.int().min(0).max(23).optional().meta({ description: 'Of the day, in UTC. Absent: 0.' }),
    amount: amountText('25').optional().meta({ description: 'What each run pays. Absent: all that is above `keep`.' }),
    keep: amountText('10').optional().meta({ description: 'What stays on the balance. Absent: nothing.' }),
    when_above: amountText('100')
      .optional()
      .meta({ description: 'It pays only when the balance has more than this. An order of every hour needs it.' }),
    fee_max: amountText('0.5')
      .optional()
      .meta({ description: "What the balance bears at most, each time, of a fee above the operator's budget; nothing when absent." }),
    reference: lineOfText(140).default(''),
    metadata: metadata.default({}).meta({ description: 'Every payout that it makes has it too.' }),
  })
  .refine(({ every, when_above: above }) => every !== 'hour' || above !== undefined, {
    message: 'is needed for an order of every hour',
    path: ['when_above'],
  })
  .refine(({ every, day }) => day === undefined || every === 'month' || (every === 'week' && day <= DAYS_OF_WEEK), {
    message: 'is 1 to 7 of a week, 1 to 31 of a month, and nothing else',
    path: ['day'],
  })
  .refine(({ every, hour }) => hour === undefined || every !== 'hour', {
    message: 'is for orders of a day, a week or a month',
    path: ['hour'],
  })

export const standingOrdersQuery = listQuery({ status: asked.status(['active', 'paused', 'ended']), ...byMetadata })
