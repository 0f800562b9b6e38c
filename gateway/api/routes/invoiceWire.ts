import { z } from 'zod'
import { amountText } from '../http/amountText.ts'
import { intentId } from '../http/refundWire.ts'
import { metadata, shownText } from '../http/wire.ts'
import { amounts, byMetadata, listQuery } from '../lists/listQuery.ts'

const LINES_MAX = 100

const address = z.strictObject({
  street: shownText(100).optional(),
  city: shownText(60).optional(),
  postal_code: shownText(20).optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'is not a country (two letters, as DE)')
    .meta({ example: 'DE' }),
})

const trader = z.strictObject({
  name: shownText(100),
  address,
  vat_id: z
    .string()
    .regex(/^[A-Z]{2}[0-9A-Z]{2,13}$/, 'is not a VAT number with its country before it')
    .optional()
    .meta({ example: 'DE123456789' }),
})

const line = z.strictObject({
  description: shownText(200),
  quantity: z
    .string()
    .regex(/^(?!0(?:\.0+)?$)(0|[1-9][0-9]{0,8})(\.[0-9]{1,4})?$/, 'is not a number above 0 of at most four places')
    .meta({ pattern: '^([1-9][0-9]{0,8}(\\.[0-9]{1,4})?|0\\.[0-9]{0,3}[1-9])$', example: '2' }),
  unit_price: z.strictObject({ asset: z.literal('USD'), amount: amountText('3.5') }).meta({ description: 'Of one, without tax.' }),
  tax: z.strictObject({
    category: z
      .enum(['S', 'Z', 'E', 'AE', 'O'])
      .meta({ description: 'UNCL 5305: standard, zero-rated, exempt, reverse charge, outside the scope of VAT.' }),
    rate: z
      .string()
      .regex(/^(0|[1-9][0-9]?)(\.[0-9]{1,2})?$/, 'is not a rate in per cent of at most two places')
      .default('0')
      .meta({ description: 'In per cent; above 0 for category S alone.', example: '20' }),
  }),
})

export const createInvoice = z.strictObject({
  payment_intent: intentId,
  seller: trader,
  buyer: trader,
  lines: z.array(line).min(1).max(LINES_MAX).meta({ description: 'With their taxes they come to the amount of the intent.' }),
  exemption_reason: shownText(200).optional().meta({ description: 'Why lines of category E bear no tax.' }),
  due: z.iso.date().optional().meta({ description: 'The day until which the intent is open when absent.' }),
  metadata: metadata.default({}),
})

export const invoicesQuery = listQuery({ payment_intent: intentId.optional(), ...amounts, ...byMetadata })
