import { z } from 'zod'
import { QUOTE_STATES } from '../../payouts/quotes/quote.ts'
import { amountText } from '../http/amountText.ts'
import { destination, metadata, partyId } from '../http/wire.ts'
import { amounts, asked, byMetadata, listQuery } from '../lists/listQuery.ts'

const LIFE_S = { least: 10, most: 900, unless: 120 }

export const createQuote = z
  .strictObject({
    party: partyId,
    send: z
      .strictObject({ asset: z.string().max(100), amount: amountText('100') })
      .optional()
      .meta({ description: 'What the balance pays in all; the payee gets what is left of it.' }),
    receive: z
      .strictObject({ asset: z.string().max(100), amount: amountText('50') })
      .optional()
      .meta({ description: 'What the payee gets, in the asset of the rail; the balance pays what that costs.' }),
    from_asset: z
      .string()
      .max(100)
      .optional()
      .meta({ description: 'With receive: the asset of the balance that pays; the asset of balances when absent.' }),
    destinations: z.array(destination).min(1).max(8),
    fee_bearer: z.enum(['platform', 'payer', 'payee']).default('platform').meta({
      description:
        'platform: the operator. payee, with send: it comes out of what is sent. payer, with receive: the balance pays it besides.',
    }),
    expires_in_s: z.int().min(LIFE_S.least).max(LIFE_S.most).default(LIFE_S.unless),
    metadata: metadata.default({}),
  })
  .refine((b) => (b.send === undefined) !== (b.receive === undefined), { message: 'needs exactly one of send and receive', path: ['send'] })
  .refine((b) => b.send === undefined || b.from_asset === undefined, { message: 'is what send says', path: ['from_asset'] })

export const quotesQuery = listQuery({ status: asked.status(QUOTE_STATES), ...amounts, ...byMetadata })
