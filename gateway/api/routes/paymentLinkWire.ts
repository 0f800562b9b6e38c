import { z } from 'zod'
import { amountText } from '../http/amountText.ts'
import { metadata, partyId, returnUrl, shownText, splitKey } from '../http/wire.ts'
import { amounts, asked, byMetadata, listQuery } from '../lists/listQuery.ts'

const usd = z.strictObject({ asset: z.literal('USD'), amount: amountText('4.2') })
/** As long as an intent may be open. */
const PAY_WITHIN_S_MAX = 30 * 86_400
const USES_MAX = 1_000_000

export const createPaymentLink = z
  .strictObject({
    amount: usd.optional().meta({ description: 'What each payer pays. Absent: the payer chooses between amount_min and amount_max.' }),
    amount_min: usd.optional(),
    amount_max: usd.optional(),
    payee: partyId.optional(),
    split: splitKey.optional(),
    description: shownText(200).optional(),
    seller: shownText(80).optional().meta({ description: 'Who sells, as the page says it. Absent: the name of the party that is paid.' }),
    return_url: returnUrl.optional(),
    metadata: metadata.default({}).meta({ description: 'Every intent that the link makes has it too.' }),
    uses_max: z.int().min(1).max(USES_MAX).optional().meta({ description: 'How many may pay by it. Absent: as many as like.' }),
    expires_at: z.iso.datetime({ offset: true }).optional().meta({ description: 'From when on nobody can begin to pay by it.' }),
    pay_within_s: z
      .int()
      .min(60)
      .max(PAY_WITHIN_S_MAX)
      .default(900)
      .meta({ description: 'How long each payer has. Of few uses one is held so long for him.' }),
  })
  .refine((b) => (b.split === undefined) !== (b.payee === undefined), { message: 'needs exactly one of split and payee', path: ['payee'] })
  .refine(
    (b) => (b.amount === undefined) === (b.amount_min !== undefined) && (b.amount_min === undefined) === (b.amount_max === undefined),
    { message: 'needs either amount, or amount_min and amount_max', path: ['amount'] },
  )

export const paymentLinksQuery = listQuery({ status: asked.status(['active', 'inactive']), ...amounts, ...byMetadata })
